/** Requests rows from the engine, each once however many callers wait for it, and stores the answers. */
import type { DatasetRow } from "../engine/data/rows/row";
import type { RunSettings, ScoreResult } from "../protocol/scoring";
import type { ScoreStore } from "./score-store";

/** A row and the key of what its scores depend on, besides the request. */
export interface KeyedRow {
  readonly key: string;
  readonly row: DatasetRow;
  /** Length of the text that the row is read from. */
  readonly characters: number;
}

/** A model and how to run it. */
export interface ScoreContext {
  /** See `requestKey`. */
  readonly key: string;
  readonly ask: (rows: readonly DatasetRow[], signal: AbortSignal) => Promise<ScoreResult>;
}

export interface Answer {
  readonly context: string;
  readonly settings: RunSettings;
  /** The model's files have changed since the previous answer, so earlier scores no longer count. */
  readonly isOtherModel: boolean;
}

/** A request that the engine has not answered yet. */
interface Flight {
  /** Resolves with the fingerprint of the answer. */
  readonly answered: Promise<string>;
  readonly abort: AbortController;
  readonly drop: () => void;
  waiters: number;
}

/** How often rows are requested again because the model's files changed in the meantime. */
const mostRetries = 3;

export class ScoreRequests {
  /** By request key and row key. */
  readonly #flights = new Map<string, Flight>();
  #ordinal = 0;

  constructor(
    private readonly store: ScoreStore,
    private readonly onAnswer: (answer: Answer) => void,
  ) {}

  /**
   * Resolves when every row has its outcome in the store. A row that was already requested is not requested again. A
   * request is dropped when no caller waits for it anymore. Rejects with the engine's error or the signal's reason.
   */
  async score(context: ScoreContext, rows: readonly KeyedRow[], signal?: AbortSignal): Promise<void> {
    let open = rows;
    for (let tries = 0; tries <= mostRetries; tries++) {
      signal?.throwIfAborted();
      open = open.filter(({ key }) => !this.store.get(context.key, key));
      if (open.length === 0) return;
      const fingerprints = await this.#wait(this.#flightsOf(context, open), signal);
      if (fingerprints.every((fingerprint) => fingerprint === this.store.fingerprint(context.key))) return;
    }
  }

  /** Compares the model's files with those of the stored scores. Rejects as `score` does. */
  async check(context: ScoreContext, signal?: AbortSignal): Promise<void> {
    const known = this.#flights.get(context.key);
    await this.#wait([known ?? this.#start(context, [], [context.key])], signal);
  }

  #flightsOf(context: ScoreContext, rows: readonly KeyedRow[]): Flight[] {
    const nameOf = ({ key }: KeyedRow): string => `${context.key}\n${key}`;
    const known = rows.map((row) => this.#flights.get(nameOf(row)));
    const fresh = rows.filter((_, i) => !known[i]);
    const flights = new Set(known.filter((flight) => flight !== undefined));
    if (fresh.length > 0) flights.add(this.#start(context, fresh, fresh.map(nameOf)));
    return [...flights];
  }

  #start(context: ScoreContext, rows: readonly KeyedRow[], names: readonly string[]): Flight {
    const abort = new AbortController();
    const drop = (): void => {
      for (const name of names) if (this.#flights.get(name) === flight) this.#flights.delete(name);
    };
    const flight: Flight = {
      answered: this.#ask(context, rows, abort.signal).finally(drop),
      abort,
      drop,
      waiters: 0,
    };
    // Callers handle the rejection; this prevents an unhandled one if there is none left.
    flight.answered.catch(() => undefined);
    for (const name of names) this.#flights.set(name, flight);
    return flight;
  }

  async #ask(context: ScoreContext, rows: readonly KeyedRow[], signal: AbortSignal): Promise<string> {
    const ordinal = this.#ordinal++;
    const asked = rows.map(({ row }, i): DatasetRow => ({ ...row, row: i }));
    const { settings, rows: answers } = await context.ask(asked, signal);
    const { fingerprint } = settings;
    const isOtherModel = this.store.learn(context.key, fingerprint, ordinal);
    for (const answer of answers) {
      const row = rows[answer.row];
      if (!row) continue;
      this.store.set(
        context.key,
        fingerprint,
        row.key,
        "problem" in answer
          ? { kind: "failed", problem: answer.problem }
          : { kind: "scored", row: { ...answer, row: row.row.row } },
      );
    }
    this.onAnswer({ context: context.key, settings, isOtherModel });
    return fingerprint;
  }

  async #wait(flights: readonly Flight[], signal: AbortSignal | undefined): Promise<string[]> {
    for (const flight of flights) flight.waiters++;
    try {
      return await unlessAborted(Promise.all(flights.map(({ answered }) => answered)), signal);
    } finally {
      for (const flight of flights) {
        flight.waiters--;
        if (flight.waiters > 0) continue;
        flight.drop();
        flight.abort.abort();
      }
    }
  }
}

/** Rejects with the signal's reason as soon as it is aborted. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
