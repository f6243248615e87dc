/** Output of the command line: results to stdout, everything else to stderr. Also handles Ctrl-C. */
import chalk, { type ChalkInstance, chalkStderr } from "chalk";
import { SingleBar } from "cli-progress";
import { hasCode, InputError, messageOf } from "../../../engine/errors";
import { visible, visibleLine } from "./visible";

/** Exit code that shells report for a command ended by SIGPIPE. */
const brokenPipe = 141;

/**
 * Text is made safe for the terminal here, so that no command can forget it. Callers of the `Painted` methods, whose
 * text contains color codes, call `visible` themselves.
 */
export class Terminal {
  readonly #interrupt = new AbortController();
  #bar: SingleBar | undefined;
  #lost: Error | undefined;
  /** Colors for stdout; none if it is not a terminal. */
  readonly colors: ChalkInstance = chalk;

  constructor() {
    process.on("SIGINT", () => {
      // A second Ctrl-C ends the process immediately.
      if (this.#interrupt.signal.aborted) process.exit(130);
      this.#interrupt.abort();
    });
    process.stdout.on("error", (error) => this.#lose(error));
    // There is nowhere left to report it.
    process.stderr.on("error", () => undefined);
  }

  /** Aborted by Ctrl-C, and when results can no longer be written. */
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  get isInteractive(): boolean {
    return process.stdout.isTTY === true;
  }

  /** Writes to stdout, no faster than it is read. If writing fails, the signal is aborted. */
  print(text: string): Promise<void> {
    return this.printPainted(visible(text));
  }

  /** Like `print`, for text that contains color codes and is otherwise safe. */
  printPainted(text: string): Promise<void> {
    return new Promise((resolve) => {
      process.stdout.write(`${text}\n`, (error) => {
        if (error) this.#lose(error);
        resolve();
      });
    });
  }

  note(text: string): void {
    this.notePainted(visible(text));
  }

  /** Like `note`, for text that contains color codes and is otherwise safe. */
  notePainted(text: string): void {
    // The bar is on the last line, and is redrawn below the new text.
    if (this.#bar) process.stderr.write("\r\x1b[2K");
    process.stderr.write(`${text}\n`);
    this.#bar?.render();
  }

  warn(text: string): void {
    this.notePainted(`${chalkStderr.yellow("warning")} ${visibleLine(text)}`);
  }

  /** Prints one line for bad input, and the stack trace for a bug. */
  fail(error: unknown): void {
    const isBug = error instanceof Error && !(error instanceof InputError);
    const text = isBug ? visible(error.stack ?? error.message) : visibleLine(messageOf(error));
    this.notePainted(`${chalkStderr.red("error")} ${text}`);
  }

  /**
   * Resolves with the exit code if some results could not be written, else with undefined. A full disk is reported; a
   * closed pipe, as with `| head`, is not.
   */
  async lostOutput(): Promise<number | undefined> {
    // Once this write completes, every earlier one has completed or failed.
    await new Promise((resolve) => process.stdout.write("", resolve));
    const error = this.#lost;
    if (error === undefined) return undefined;
    if (hasCode(error, "EPIPE")) return brokenPipe;
    this.fail(new InputError("standard output", `could not be written (${messageOf(error)})`));
    return 1;
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    this.#interrupt.abort();
  }

  /** A progress bar on stderr; it does nothing if stderr is not a terminal. */
  progress(what: string): ProgressBar {
    if (process.stderr.isTTY !== true) return { update: () => undefined, stop: () => undefined };
    const bar = new SingleBar({
      format: `${what} {bar} {percentage}%  {count}  {eta_formatted} left`,
      barCompleteChar: "━",
      barIncompleteChar: "─",
      hideCursor: true,
      clearOnComplete: true,
    });
    bar.start(1000, 0, { count: "" });
    this.#bar = bar;
    return {
      update: (fraction, count) => bar.update(Math.floor(1000 * fraction), { count }),
      stop: () => {
        bar.stop();
        this.#bar = undefined;
      },
    };
  }
}

export interface ProgressBar {
  /** @param fraction in [0,1] @param count what has been done so far, in words */
  update(fraction: number, count: string): void;
  stop(): void;
}
