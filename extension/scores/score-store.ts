/** Scores by what they depend on: undoing an edit, or putting a model's files back, brings them back. */
import { LRUCache } from "lru-cache";
import { bytesOf, type Outcome } from "./outcome";
import { Packing } from "./packing";

/** Bytes of memory that scores may take. */
const defaultBytes = 64 * 2 ** 20;

/** A model's files as a request found them. */
interface Finding {
  readonly fingerprint: string;
  /** Place of that request among all. */
  readonly ordinal: number;
}

/** Only scores of the model's files as they are now are found: a document never shows those of two models. */
export class ScoreStore {
  readonly #outcomes: LRUCache<string, Outcome>;
  readonly #packing = new Packing();
  /** By request key. */
  readonly #findings = new Map<string, Finding>();
  /** Short names of request key and fingerprint, as keys of rows begin with them. */
  readonly #spaces = new Map<string, number>();

  constructor(maxBytes = defaultBytes) {
    // The least recently used outcomes are forgotten first.
    this.#outcomes = new LRUCache({ maxSize: maxBytes, sizeCalculation: bytesOf });
  }

  /** Bytes that the outcomes take, about. */
  get bytes(): number {
    return this.#outcomes.calculatedSize;
  }

  /** Fingerprint of the model's files as they were last found; undefined before the first answer. */
  fingerprint(request: string): string | undefined {
    return this.#findings.get(request)?.fingerprint;
  }

  /**
   * Learns the fingerprint that an answer had. Returns whether it is news: all scores shown so far are of other files.
   * An answer to an earlier request than the one that taught the present fingerprint teaches nothing.
   */
  learn(request: string, fingerprint: string, ordinal: number): boolean {
    const before = this.#findings.get(request);
    if (before && before.ordinal > ordinal) return false;
    this.#findings.set(request, { fingerprint, ordinal });
    return before !== undefined && before.fingerprint !== fingerprint;
  }

  get(request: string, row: string): Outcome | undefined {
    const fingerprint = this.fingerprint(request);
    return fingerprint === undefined ? undefined : this.#outcomes.get(this.#key(request, fingerprint, row));
  }

  /** Keeps a copy in memory of its own. An outcome larger than the whole store is not kept. */
  set(request: string, fingerprint: string, row: string, outcome: Outcome): void {
    const own: Outcome =
      outcome.kind === "scored" ? { kind: "scored", row: this.#packing.row(outcome.row) } : outcome;
    this.#outcomes.set(this.#key(request, fingerprint, row), own);
  }

  #key(request: string, fingerprint: string, row: string): string {
    const name = `${request}\n${fingerprint}`;
    const space = this.#spaces.get(name) ?? this.#spaces.size;
    this.#spaces.set(name, space);
    return `${space}:${row}`;
  }
}
