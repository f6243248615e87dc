/** Where the command line writes: results to stdout, all else to stderr; and how it is interrupted. */
import { once } from "node:events";
import chalk, { type ChalkInstance, chalkStderr } from "chalk";
import { SingleBar } from "cli-progress";

export class Terminal {
  readonly #interrupt = new AbortController();
  #bar: SingleBar | undefined;
  /** Colors of what goes to stdout; none where it is no terminal. */
  readonly colors: ChalkInstance = chalk;

  constructor() {
    process.on("SIGINT", () => {
      // A second time ends the process at once.
      if (this.#interrupt.signal.aborted) process.exit(130);
      this.#interrupt.abort();
    });
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      // Whoever read the results has seen enough: `| head`.
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  get isInteractive(): boolean {
    return process.stdout.isTTY === true;
  }

  /** Writes to stdout, no faster than it is read. */
  async print(text: string): Promise<void> {
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
  }

  note(text: string): void {
    // The bar stands on the last line, and is drawn again below what is written.
    if (this.#bar) process.stderr.write("\r\x1b[2K");
    process.stderr.write(`${text}\n`);
    this.#bar?.render();
  }

  warn(text: string): void {
    this.note(`${chalkStderr.yellow("warning")} ${text}`);
  }

  /** One line for people; a fault of ours comes with its stack. */
  fail(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.note(`${chalkStderr.red("error")} ${text}`);
  }

  /** A bar on stderr; nothing where it is no terminal. */
  progress(what: string): Progress {
    if (process.stderr.isTTY !== true) return { update: () => undefined, stop: () => undefined };
    const bar = new SingleBar({
      format: `${what} {bar} {percentage} %  {count}  {eta_formatted} left`,
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

export interface Progress {
  /** fraction: in [0,1]; count: what has been done so far, in words. */
  update(fraction: number, count: string): void;
  stop(): void;
}
