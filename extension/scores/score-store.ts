/** Scores by what they depend on, so that undoing an edit or restoring a model's files restores them. */
import { LRUCache } from "lru-cache";
import { bytesOf, type Outcome } from "./outcome";
import { Packing } from "./packing";

/** Memory for scores, in bytes. */
const defaultBytes = 64 * 2 ** 20;

/** A model's files as a request found them. */
interface Finding {
  readonly fingerprint: string;
  /** Position of that request among all. */
  readonly ordinal: number;
}

/** Only scores from the current files of a model are found, so a document never mixes scores of two models. */
export class ScoreStore {
  readonly #outcomes: LRUCache<string, Outcome>;
  readonly #packing = new Packing();
  /** The latest finding by request key. */
  readonly #findings = new Map<string, Finding>();
  /** Short prefixes of row keys, by request key and fingerprint. */
  readonly #spaces = new Map<string, number>();

  constructor(maxBytes = defaultBytes) {
    // The least recently used outcomes are dropped first.
    this.#outcomes = new LRUCache({ maxSize: maxBytes, sizeCalculation: bytesOf });
  }

  /** Approximate memory of the outcomes, in bytes. */
  get bytes(): number {
    return this.#outcomes.calculatedSize;
  }

  /** Fingerprint of the model's files as they were last found; undefined before the first answer. */
  fingerprint(request: string): string | undefined {
    return this.#findings.get(request)?.fingerprint;
  }

  /**
   * Records the fingerprint of an answer. Returns whether it changed, so that all earlier scores are from other files.
   * An answer to an earlier request than the one that set the current fingerprint is ignored.
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

  /** Stores a copy in memory of its own. An outcome larger than the whole store is not stored. */
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
