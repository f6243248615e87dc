/** Makes goal states from preferred completions. */
import { kmeans } from "ml-kmeans";
import type { BadRow, Completion, DatasetRow } from "../data/row";
import { InputError } from "../errors";
import { randomSequence } from "../random";
import { planBatches } from "./batches";
import { type EncodedCompletion, type EncodeOptions, encodeCompletion } from "./encode";
import type { GoalState, GoalStrategy } from "./goal-state";
import type { RewardModel } from "./reward-model";

export interface GoalOptions extends EncodeOptions {
  readonly name: string;
  readonly strategy: GoalStrategy;
  /** Clusters of k-means. */
  readonly prototypes: number;
  readonly seed: number;
  /** Most preferred completions to use. */
  readonly limit: number;
  readonly batchTokens: number;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then, when completions are done. */
  readonly onProgress?: () => void;
}

export interface MadeGoal {
  readonly state: GoalState;
  /** Preferred completions it was drawn from. */
  readonly completions: number;
}

/** Completions taken into memory at a time. */
const windowSize = 256;
const noGoals = { count: 0, data: new Float32Array() };

/**
 * Paper eq. 7: the mean over preferred completions of the last token's hidden state; `random` takes a random
 * completion token instead, `kmeans` the K centres of the last tokens' directions. Encoded exactly as for scoring.
 */
export async function makeGoal(
  model: RewardModel,
  rows: AsyncIterable<DatasetRow | BadRow>,
  options: GoalOptions,
): Promise<MadeGoal> {
  const random = randomSequence(options.seed);
  const collector = options.strategy === "kmeans" ? new Clusters(options) : new Mean(model.hiddenSize);
  let taken = 0;
  let window: EncodedCompletion[] = [];
  for await (const completion of preferred(rows)) {
    const encoded = encodeCompletion(model.opened.encoder, completion, options);
    if (encoded.firstToken === encoded.ids.length) continue;
    window.push(encoded);
    taken++;
    if (window.length === windowSize) await flush();
    if (taken === options.limit) break;
  }
  await flush();
  if (taken === 0) {
    throw new InputError(
      "dataset",
      "has no preferred completions: rows need `chosen`, or a label that is true",
    );
  }
  return { state: collector.state(options.name), completions: taken };

  async function flush(): Promise<void> {
    const lengths = window.map(({ ids }) => ids.length);
    const limits = { maxTokens: options.batchTokens, boundary: model.session.lengthBoundary };
    for (const batch of planBatches(lengths, limits)) {
      options.signal?.throwIfAborted();
      const members = batch.map((i) => window[i]).filter((member) => member !== undefined);
      const { hidden, length } = await model.session.run(
        members.map(({ ids }) => ids),
        noGoals,
        true,
      );
      const width = model.hiddenSize;
      members.forEach((member, b) => {
        const at = (b * length + tokenOf(member)) * width;
        if (hidden) collector.add(hidden.subarray(at, at + width));
      });
    }
    options.onProgress?.();
    window = [];
  }

  function tokenOf({ ids, firstToken }: EncodedCompletion): number {
    const last = ids.length - 1;
    return options.strategy === "random" ? firstToken + Math.floor(random() * (last - firstToken + 1)) : last;
  }
}

/** Completions that the data prefers. */
async function* preferred(rows: AsyncIterable<DatasetRow | BadRow>): AsyncGenerator<Completion> {
  for await (const row of rows) {
    if ("problem" in row) continue;
    yield* row.completions.filter(({ role, label }) => role === "chosen" || label === true);
  }
}

class Mean {
  #count = 0;
  readonly #sum: Float64Array;

  constructor(width: number) {
    this.#sum = new Float64Array(width);
  }

  add(hidden: Float32Array): void {
    this.#count++;
    for (let i = 0; i < hidden.length; i++) this.#sum[i] = (this.#sum[i] ?? 0) + (hidden[i] ?? 0);
  }

  state(name: string): GoalState {
    return { name, prototypes: 1, data: Float32Array.from(this.#sum, (total) => total / this.#count) };
  }
}

/** Q is a cosine, so states are clustered by direction. */
class Clusters {
  readonly #directions: number[][] = [];

  constructor(private readonly options: GoalOptions) {}

  add(hidden: Float32Array): void {
    const norm = Math.hypot(...hidden) || 1;
    this.#directions.push(Array.from(hidden, (x) => x / norm));
  }

  state(name: string): GoalState {
    const { prototypes, seed } = this.options;
    if (this.#directions.length < prototypes) {
      throw new InputError(
        "dataset",
        `has ${this.#directions.length} preferred completions, too few for ${prototypes} prototypes`,
      );
    }
    const { centroids } = kmeans(this.#directions, prototypes, { seed, initialization: "kmeans++" });
    return { name, prototypes, data: Float32Array.from(centroids.flat()) };
  }
}
