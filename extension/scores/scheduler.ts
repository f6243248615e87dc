/** Schedules automatic scoring: visible rows first, then rows around them; edits after a pause. */
import { batchesOf } from "./batches-of-rows";
import type { FailurePolicy } from "./failure-policy";
import type { KeyedRow } from "./score-requests";

/** Times are in milliseconds. */
export interface Clock {
  now(): number;
  /** Returns a function that cancels the call. */
  after(delay: number, work: () => void): () => void;
}

/** Rows of all editors that have no scores yet, most urgent first. */
export interface Wants {
  /** Rows on screen. */
  readonly visible: readonly KeyedRow[];
  /** Around what is on screen. */
  readonly around: readonly KeyedRow[];
}

export interface SchedulerPorts {
  readonly clock: Clock;
  readonly failures: FailurePolicy;
  /** The rows that are wanted now. */
  readonly wants: () => Wants;
  /** Resolves when the rows are scored. The signal is aborted if the scheduler no longer waits for them. */
  readonly score: (rows: readonly KeyedRow[], signal: AbortSignal) => Promise<void>;
}

/** Milliseconds without scrolling before newly visible rows are scored. */
const scrollPause = 60;

type Lane = keyof Wants;

interface Running {
  readonly keys: ReadonlySet<string>;
  readonly abort: AbortController;
}

/**
 * Each lane has at most one request in progress, so that visible rows never wait for others. A request is aborted only
 * if no editor wants any of its rows anymore.
 */
export class Scheduler {
  readonly #running: Record<Lane, Running | undefined> = { visible: undefined, around: undefined };
  /** Keys answered since the last event: a row too large for the store must not be requested forever. */
  readonly #answered = new Set<string>();
  #cancelTimer: () => void = () => undefined;
  /** Time at which the pause after the last edit ends. */
  #pauseEnd = 0;
  #hasFailed = false;

  constructor(private readonly ports: SchedulerPorts) {}

  /** Rows became visible. VS Code also reports a scroll if the last visible line is edited, so a pause is kept. */
  scrolled(): void {
    if (this.ports.failures.isGivenUp) return;
    this.#schedule(Math.max(scrollPause, this.#pauseEnd - this.ports.clock.now()));
  }

  /** Text was edited. @param pause milliseconds without another edit before it is scored */
  edited(pause: number): void {
    this.ports.failures.acted();
    this.#pauseEnd = this.ports.clock.now() + pause;
    this.#dropUnwanted();
    this.#schedule(pause);
  }

  /** The user acted: ran the model, marked a completion, chose another model. */
  acted(): void {
    this.ports.failures.acted();
    this.#pauseEnd = 0;
    this.#schedule(0);
  }

  /** Stored scores were dropped. */
  outdated(): void {
    if (!this.ports.failures.isGivenUp) this.#schedule(Math.max(0, this.#pauseEnd - this.ports.clock.now()));
  }

  dispose(): void {
    this.#cancelTimer();
    for (const running of Object.values(this.#running)) running?.abort.abort();
  }

  #schedule(delay: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.ports.clock.after(delay, () => {
      // No delay is shorter than the pause, but timers may fire a fraction of a millisecond early.
      this.#pauseEnd = 0;
      this.#answered.clear();
      this.#hasFailed = false;
      this.#dropUnwanted();
      this.#startAll();
    });
  }

  #dropUnwanted(): void {
    const running = Object.values(this.#running).filter((each) => each !== undefined);
    if (running.length === 0) return;
    const { visible, around } = this.ports.wants();
    const wanted = new Set([...visible, ...around].map(({ key }) => key));
    for (const { keys, abort } of running) if (![...keys].some((key) => wanted.has(key))) abort.abort();
  }

  #startAll(): void {
    void this.#start("visible");
    void this.#start("around");
  }

  async #start(lane: Lane): Promise<void> {
    if (this.#running[lane]) return;
    const abort = new AbortController();
    try {
      const rows = this.#next(lane);
      if (!rows) return;
      const keys = new Set(rows.map(({ key }) => key));
      this.#running[lane] = { keys, abort };
      await this.ports.score(rows, abort.signal);
      for (const key of keys) this.#answered.add(key);
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(error);
    }
    this.#running[lane] = undefined;
    this.#startAll();
  }

  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.ports.failures.failed(error);
  }

  #next(lane: Lane): readonly KeyedRow[] | undefined {
    const { clock, failures, wants } = this.ports;
    if (failures.isGivenUp || this.#hasFailed || clock.now() < this.#pauseEnd) return undefined;
    const { visible, around } = wants();
    const open = (rows: readonly KeyedRow[]): KeyedRow[] =>
      rows.filter(({ key }) => !this.#answered.has(key));
    if (lane === "visible") return batchesOf(open(visible))[0];
    return this.#running.visible || open(visible).length > 0 ? undefined : batchesOf(open(around))[0];
  }
}
