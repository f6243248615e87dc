/** A fault in what the user gave us: shown as one line (what is wrong, where, what to do next), never with a stack. */
export class InputError extends Error {
  override name = "InputError";

  /** @param place file, with line or tensor name where known, e.g. `pairs.jsonl:12` */
  constructor(
    readonly place: string,
    readonly problem: string,
  ) {
    super(`${place}: ${problem}`);
  }
}

/** Message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether something thrown is the operating system's error of this code, as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
