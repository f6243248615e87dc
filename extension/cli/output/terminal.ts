/** Where the command line writes: results to stdout, all else to stderr; and how it is interrupted. */
import chalk, { type ChalkInstance, chalkStderr } from "chalk";
import { SingleBar } from "cli-progress";
import { hasCode, InputError, messageOf } from "../../engine/errors";
import { visible, visibleLine } from "./visible";

/** As a shell reports a command that SIGPIPE ended. */
const brokenPipe = 141;

/**
 * Text is made safe for the terminal here, so that no command can forget it; what is painted in our own colors is not,
 * and its makers call `visible` themselves.
 */
export class Terminal {
  readonly #interrupt = new AbortController();
  #bar: SingleBar | undefined;
  #lost: Error | undefined;
  /** Colors of what goes to stdout; none if it is not a terminal. */
  readonly colors: ChalkInstance = chalk;

  constructor() {
    process.on("SIGINT", () => {
      // A second time ends the process at once.
      if (this.#interrupt.signal.aborted) process.exit(130);
      this.#interrupt.abort();
    });
    process.stdout.on("error", (error) => this.#lose(error));
    // There is no place left to say it.
    process.stderr.on("error", () => undefined);
  }

  /** Aborted by Ctrl-C, and when results can no longer be written. */
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  get isInteractive(): boolean {
    return process.stdout.isTTY === true;
  }

  /** Writes to stdout, no faster than it is read. If it cannot be written, the signal is aborted. */
  print(text: string): Promise<void> {
    return this.printPainted(visible(text));
  }

  /** As `print`, for text that holds color codes and is safe otherwise. */
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

  /** As `note`, for text that holds color codes and is safe otherwise. */
  notePainted(text: string): void {
    // The bar stands on the last line, and is drawn again below what is written.
    if (this.#bar) process.stderr.write("\r\x1b[2K");
    process.stderr.write(`${text}\n`);
    this.#bar?.render();
  }

  warn(text: string): void {
    this.notePainted(`${chalkStderr.yellow("warning")} ${visibleLine(text)}`);
  }

  /** One line for people; an error of ours comes with its stack. */
  fail(error: unknown): void {
    const isOurs = error instanceof Error && !(error instanceof InputError);
    const text = isOurs ? visible(error.stack ?? error.message) : visibleLine(messageOf(error));
    this.notePainted(`${chalkStderr.red("error")} ${text}`);
  }

  /**
   * The exit code if results could not be written, as to a full disk, which is told; undefined if all were. Whoever
   * reads a pipe may stop, as `| head` does, and needs no telling.
   */
  async lostOutput(): Promise<number | undefined> {
    // What was written is safe, or known to be lost, when what is written behind it is.
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

  /** A bar on stderr; nothing where it is no terminal. */
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
  /** fraction: in [0,1]; count: what has been done so far, in words. */
  update(fraction: number, count: string): void;
  stop(): void;
}
