/** Shows the progress of a training run: in place on a terminal, as a few lines otherwise, as JSON on request. */
import { EngineError } from "../../../engine/errors";
import type { StepMetrics } from "../../../protocol/metrics";
import type { TrainEvents, TrainMetricsMessage, TrainStartedMessage } from "../../../protocol/training";
import { evaluationText, Follower, stepText } from "../../../reports/metrics-text";
import { terminalErrorText } from "../error-wording";
import { LiveLine } from "../terminal/live-line";
import type { Terminal } from "../terminal/terminal";
import { settingWarnings } from "./training-header";

/** Progress lines per run if stderr is not a terminal. */
const parts = 10;

const pausingText =
  "pausing after this step; Ctrl-C again quits now and loses the steps since the last checkpoint";

export class ProgressLines implements TrainEvents {
  #follower = new Follower(0);
  #steps = 0;
  /** Parts of the run that are done. */
  #part = 0;
  readonly #line: LiveLine | undefined;
  #isStarted = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly header: (message: TrainStartedMessage) => string,
    /** Whether rows are also printed to stdout as JSON. */
    private readonly json: boolean,
  ) {
    this.#line = process.stderr.isTTY === true ? new LiveLine(process.stderr) : undefined;
  }

  /** Whether the engine has started the run. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Waits until a run ends or fails, and tells the user what Ctrl-C does. */
  async during<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.terminal;
    const pausing = (): void => this.#note(this.#isStarted ? pausingText : "pausing before the first step");
    signal.addEventListener("abort", pausing);
    try {
      return await work;
    } catch (error) {
      this.#line?.end();
      // A failure to pause must not look like a pause.
      if (signal.aborted && error instanceof EngineError) this.terminal.fail(terminalErrorText(error));
      throw error;
    } finally {
      signal.removeEventListener("abort", pausing);
      this.#line?.end();
    }
  }

  started(message: TrainStartedMessage): void {
    const { record, notes } = message;
    this.#isStarted = true;
    for (const note of [...notes, ...settingWarnings(record)]) this.terminal.warn(note);
    this.terminal.note(this.header(message));
    this.#steps = record.steps;
    this.#follower = new Follower(record.steps);
    this.#part = this.#partOf(record.step);
  }

  metrics({ row }: TrainMetricsMessage): void {
    if (this.json) void this.terminal.print(JSON.stringify(row));
    if (row.kind === "evaluation") this.#note(evaluationText(row));
    else this.#step(row);
  }

  /** Writes a permanent line. */
  #note(text: string): void {
    if (this.#line) this.#line.around(() => this.terminal.note(text));
    else this.terminal.note(text);
  }

  #step(row: StepMetrics): void {
    const text = stepText(row, this.#follower.after(row));
    if (this.#line) {
      this.#line.show(text);
      return;
    }
    const part = this.#partOf(row.step);
    if (part > this.#part) this.terminal.note(text);
    this.#part = part;
  }

  #partOf(step: number): number {
    return Math.floor((parts * step) / this.#steps);
  }
}
