/** Errors that the engine throws. */
import type { ErrorCode, ErrorDataByCode, ErrorDetail } from "../protocol/errors";

/** An error that front ends show as one line, worded by its code, and never with a stack trace. */
export class EngineError extends Error {
  override name = "EngineError";

  constructor(
    message: string,
    /** Code and data of the error; absent if the message itself says what to do next in every front end. */
    readonly detail?: ErrorDetail | undefined,
  ) {
    super(message);
  }
}

/**
 * An error in the user's input: what is wrong, where, and, unless the front end says it by the code, what to do next.
 */
export class InputError extends EngineError {
  override name = "InputError";

  /** @param place file, with line or tensor name if known, such as `pairs.jsonl:12` */
  constructor(
    readonly place: string,
    readonly problem: string,
    detail?: ErrorDetail | undefined,
  ) {
    super(`${place}: ${problem}`, detail);
  }
}

/** Whether a thrown value is an EngineError with this code. */
export function isError<C extends ErrorCode>(
  error: unknown,
  code: C,
): error is EngineError & { readonly detail: { readonly code: C; readonly data: ErrorDataByCode[C] } } {
  return error instanceof EngineError && error.detail?.code === code;
}

/** Returns the message of a thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether a thrown value is an operating-system error with this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
