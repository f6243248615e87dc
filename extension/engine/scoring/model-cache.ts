/** Keeps models loaded between requests and evicts the least recently used ones. */
import type { RewardModel } from "./reward-model";

interface Entry {
  readonly model: Promise<RewardModel>;
  users: number;
}

export class ModelCache {
  /** Entries in order of last use. */
  readonly #entries = new Map<string, Entry>();

  /** @param capacity number of idle models to keep; the default of two is for comparing two checkpoints */
  constructor(private readonly capacity = 2) {}

  /** Calls `work` with the model for `key`, which is loaded if necessary and stays loaded until `work` is done. */
  async use<T>(
    key: string,
    load: () => Promise<RewardModel>,
    work: (model: RewardModel) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entries.get(key) ?? { model: load(), users: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    try {
      return await work(await this.#loaded(key, entry));
    } finally {
      entry.users--;
      await this.#evict();
    }
  }

  /** Releases all idle models to free memory. */
  releaseIdle(): Promise<void> {
    return this.#evict(0);
  }

  async dispose(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(entries.map(async ({ model }) => (await model).release()));
  }

  /** Waits for the model. An entry whose model fails to load is removed. */
  async #loaded(key: string, entry: Entry): Promise<RewardModel> {
    try {
      return await entry.model;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  async #evict(capacity = this.capacity): Promise<void> {
    for (const [key, { model, users }] of this.#entries) {
      if (this.#entries.size <= capacity) return;
      if (users > 0) continue;
      this.#entries.delete(key);
      await (await model).release();
    }
  }
}
