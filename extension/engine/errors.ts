/** Errors of the engine, and of those who ask it. */
import type { ErrorCode, ErrorDataByCode, ErrorDetail } from "../protocol/errors";

/** An error that a front end words by its code. It is shown as one line, never with a stack. */
export class EngineError extends Error {
  override name = "EngineError";

  constructor(
    message: string,
    /** Absent if the way out is the same everywhere: the message then says it. */
    readonly detail?: ErrorDetail | undefined,
  ) {
    super(message);
  }
}

/** An error in what the user gave us: what is wrong, where, and what to do next unless a code leads to that. */
export class InputError extends EngineError {
  override name = "InputError";

  /** @param place file, with line or tensor name if known, as `pairs.jsonl:12` */
  constructor(
    readonly place: string,
    readonly problem: string,
    detail?: ErrorDetail | undefined,
  ) {
    super(`${place}: ${problem}`, detail);
  }
}

/** Whether something thrown is an error of ours with this code. */
export function isError<C extends ErrorCode>(
  error: unknown,
  code: C,
): error is EngineError & { readonly detail: { readonly code: C; readonly data: ErrorDataByCode[C] } } {
  return error instanceof EngineError && error.detail?.code === code;
}

/** Message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether something thrown is the operating system's error of this code, as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
