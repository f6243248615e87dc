/** Defines the messages of a peer: one JSON request per line on stdin, one JSON answer per line on stdout. */

/** Selects how a peer scores a batch. */
export type Mode =
  /** Computes a reward and a cosine with the goal state at every token, as the engine does. */
  | "tokens"
  /** Computes the same without an attention mask: padding is last, so causality hides it, as in the engine. */
  | "tokens-unmasked"
  /** Computes one reward per row, as a user of the library would. */
  | "classify";

export interface Requests {
  /** Returns the token ids of each text, truncated to `length`, without an end-of-sequence token. */
  readonly encode: {
    readonly request: { readonly texts: readonly string[]; readonly length: number };
    readonly answer: { readonly ids: readonly (readonly number[])[] };
  };
  /** Scores token ids; `seconds` includes padding, tensors and the forward pass, but not this protocol. */
  readonly score: {
    readonly request: ScoreRequest;
    readonly answer: Timing & { readonly scores: Scores };
  };
  /** Computes the float32 product [rows,inner] × [inner,columns] `times` times; the second factor is constant. */
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
  /** CPU seconds of the whole process; far less than threads × seconds means that the machine was busy. */
  readonly busySeconds: number;
}

/** Scores per row; `q` and `partialRewards` are also per token, without padding, if the mode computes them. */
export interface Scores {
  readonly rewards: readonly number[];
  readonly q?: readonly (readonly number[])[];
  readonly partialRewards?: readonly (readonly number[])[];
}

/** The first line that a peer writes, after it has loaded the model. */
export interface Ready {
  readonly versions: string;
}
