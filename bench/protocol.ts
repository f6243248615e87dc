/** What the bench asks of a peer: one JSON object a line to its stdin, one answer a line from its stdout. */

/** How a peer scores a batch. */
export type Mode =
  /** A reward and a cosine with the goal state at every token: what the engine gives. */
  | "tokens"
  /** The same, with padding left to causality instead of an attention mask, as the engine does. */
  | "tokens-unmasked"
  /** One reward a row, as a user of the library would call it. */
  | "classify";

export interface Requests {
  /** Token ids of each text, cut at `length`, without an end-of-sequence token. */
  readonly encode: {
    readonly request: { readonly texts: readonly string[]; readonly length: number };
    readonly answer: { readonly ids: readonly (readonly number[])[] };
  };
  /** From ids to scores; `seconds` counts padding, tensors and the forward pass, not this protocol. */
  readonly score: {
    readonly request: ScoreRequest;
    readonly answer: Timing & { readonly scores: Scores };
  };
  /** A float32 product [rows,inner] × [inner,columns] so many times, the second factor constant. */
  readonly matmul: {
    readonly request: {
      readonly rows: number;
      readonly inner: number;
      readonly columns: number;
      readonly times: number;
    };
    readonly answer: Timing;
  };
}

export interface ScoreRequest {
  readonly rows: readonly (readonly number[])[];
  /** [H] */
  readonly goal: readonly number[];
  readonly mode: Mode;
}

export interface Timing {
  readonly seconds: number;
  /** Processor seconds of the whole process meanwhile: well below threads × seconds tells of a busy machine. */
  readonly busySeconds: number;
}

/** By row; `q` and `partialRewards` by token as well, padding left out, where the mode has them. */
export interface Scores {
  readonly rewards: readonly number[];
  readonly q?: readonly (readonly number[])[];
  readonly partialRewards?: readonly (readonly number[])[];
}

/** A peer's first line, when it has loaded the model. */
export interface Ready {
  readonly versions: string;
}
