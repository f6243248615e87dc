/** Models kept loaded between requests; the least recently used one goes when another needs its place. */
import type { RewardModel } from "./reward-model";

interface Entry {
  readonly model: Promise<RewardModel>;
  users: number;
}

export class ModelCache {
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>();

  /** @param capacity models kept when nobody uses them: two, for comparing two checkpoints */
  constructor(private readonly capacity = 2) {}

  /** Works with the model of that key, loading it where it is not there; it stays loaded at least until then. */
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

  /** Releases the models that nobody uses, for one that needs their memory. */
  releaseIdle(): Promise<void> {
    return this.#evict(0);
  }

  async dispose(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(entries.map(async ({ model }) => (await model).release()));
  }

  /** A model that failed to load is not kept. */
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
