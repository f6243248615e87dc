/** Errors as data, if the next step depends on the front end. The terminal and the editor word each code. */

/** Data by code. An error whose next step is the same everywhere states it in its message and has no code. */
export interface ErrorDataByCode {
  /** There is no such model on this machine. */
  readonly "model-missing": { readonly model: string; readonly isHubName: boolean };
  /** A model has neither a reward head nor a goal state. */
  readonly "nothing-to-score": { readonly folder: string };
  readonly "goal-missing": { readonly name: string; readonly known: readonly string[] };
  /** An adapter's base is not on this machine; `base` is undefined if the adapter names none. */
  readonly "base-missing": { readonly base: string | undefined };
  /** A length in a request is not a whole number above 0. */
  readonly "length-invalid": { readonly quantity: "longest sequence" | "batch" };
  readonly "device-unknown": { readonly known: readonly string[] };
  /** No field of a row is recognized as an answer by its name. */
  readonly "fields-unknown": { readonly fields: readonly string[] };
  /** No row has the pairs, labels or steps that an evaluation needs. */
  readonly "nothing-to-measure": { readonly hasGoal: boolean };
  readonly "memory-short": { readonly needed: number; readonly available: number };
  readonly "all-held-out": { readonly evaluationPairs: number };
  readonly "pairs-too-long": { readonly maxLength: number };
  readonly "training-diverged": { readonly step: number };
  /** The disk refused a file. */
  readonly "file-unwritten": { readonly path: string };
  readonly "engine-crashed": { readonly reason: string };
  /** A request would read `place` in an untrusted workspace; undefined if the request is not known to be safe. */
  readonly untrusted: { readonly place: string | undefined };
}

export type ErrorCode = keyof ErrorDataByCode;

/** What the wording of an error needs besides its message. */
export interface ErrorDetail<C extends ErrorCode = ErrorCode> {
  readonly code: C;
  readonly data: ErrorDataByCode[C];
}

/** A front end's words for every code. */
export type ByCode<R> = { readonly [C in ErrorCode]: (data: ErrorDataByCode[C]) => R };

export function byCode<R, C extends ErrorCode>({ code, data }: ErrorDetail<C>, words: ByCode<R>): R {
  return words[code](data);
}

/** What an error response of the engine's process contains besides its message. `fault` is a bug. */
export type ErrorData =
  | {
      readonly kind: "input";
      readonly place: string;
      readonly problem: string;
      readonly detail?: ErrorDetail | undefined;
    }
  | { readonly kind: "engine"; readonly detail: ErrorDetail }
  | { readonly kind: "fault" };
