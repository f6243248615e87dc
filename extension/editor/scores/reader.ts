/** Reads scored completions by the user's current choices. */
import { LRUCache } from "lru-cache";
import * as vscode from "vscode";
import type { ActiveModel } from "../../platform/models/active-model";
import type { Preferences } from "../../platform/settings/preferences";
import type { ScoredCompletion } from "../../protocol/scores";
import { type LowReading, type Reading, type ReadingOptions, readingOf } from "./reading";
import type { ScoredText } from "./scored-document";

/** Units that are cached: more than any screen shows. A unit takes several times the memory of its scores. */
const mostUnits = 100_000;

export class Reader implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the same scores are to be shown differently. */
  readonly onDidChange = this.#changed.event;
  readonly #listeners: readonly vscode.Disposable[];
  #rewardQuantiles: readonly number[] | undefined;
  #model: string | undefined;
  /** Every key press repaints, and so reads again. */
  readonly #readings = new LRUCache<ScoredCompletion, Reading>({
    maxSize: mostUnits,
    sizeCalculation: ({ units }) => units.length + 1,
  });
  #low = new WeakMap<ScoredCompletion, LowReading>();

  constructor(
    private readonly preferences: Preferences,
    private readonly model: ActiveModel,
  ) {
    const matters = ["metric", "granularity", "threshold", "scale", "goalState", "shading"] as const;
    this.#listeners = [
      preferences.onDidChange((names) => {
        if (matters.some((name) => names.includes(name))) this.#readAgain();
      }),
      // A model that could not be opened before may open now.
      model.onDidChange(() => {
        this.#model = undefined;
      }),
    ];
  }

  read(scored: ScoredText): Reading {
    const known = this.#readings.get(scored.score);
    if (known) return known;
    const reading = readingOf(scored, this.options(Object.keys(scored.score.q)));
    this.#readings.set(scored.score, reading);
    return reading;
  }

  /** Reads only the low spans, which are small enough to be kept for as long as the scores. */
  readLow(scored: ScoredText): LowReading {
    const known = this.#low.get(scored.score);
    if (known) return known;
    const { goal, scale, lowSpans } = this.read(scored);
    const reading = { goal, scale, lowSpans };
    this.#low.set(scored.score, reading);
    return reading;
  }

  /** Returns the goal state of the Q-values; undefined if the model has none. */
  goalOf({ q }: ScoredCompletion): string | undefined {
    return this.model.goalOf(Object.keys(q));
  }

  /** @param goals goal states of the scores */
  options(goals: readonly string[]): ReadingOptions {
    const { metric, granularity, threshold, scale } = this.preferences.chosen;
    const goal = this.model.goalOf(goals);
    return { metric, granularity, threshold, scale, goal, rewardQuantiles: this.rewardQuantiles };
  }

  /** Percentiles 0, 5, …, 100 of the active model's rewards; undefined if it has none, or until they are known. */
  get rewardQuantiles(): readonly number[] | undefined {
    const { model } = this.model;
    if (this.#model !== model) {
      this.#model = model;
      this.#rewardQuantiles = undefined;
      void this.#inspect(model);
    }
    return this.#rewardQuantiles;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  /** Ignores a model that cannot be opened: scoring with it reports the error. */
  async #inspect(model: string): Promise<void> {
    const inspection = await this.model.inspect(model).catch(() => undefined);
    if (this.#model !== model || !inspection?.rewardQuantiles) return;
    this.#rewardQuantiles = inspection.rewardQuantiles;
    this.#readAgain();
  }

  #readAgain(): void {
    this.#readings.clear();
    this.#low = new WeakMap();
    this.#changed.fire();
  }
}
