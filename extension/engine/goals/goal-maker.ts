/** Makes goal states from preferred completions. */
import { kmeans } from "ml-kmeans";
import type { GoalStrategy } from "../../protocol/goals";
import type { GoalState } from "../checkpoint/goals/goal-state";
import type { BadRow, Completion, DatasetRow } from "../data/rows/row";
import { InputError } from "../errors";
import { randomSequence } from "../random";
import { planBatches } from "../scoring/batches";
import { type EncodedCompletion, type EncodeOptions, encodeRow } from "../scoring/encode";
import type { RewardModel } from "../scoring/reward-model";

export interface GoalOptions extends EncodeOptions {
  readonly name: string;
  readonly strategy: GoalStrategy;
  /** Number of k-means clusters. */
  readonly prototypes: number;
  readonly seed: number;
  /** Maximum number of preferred completions to use. */
  readonly limit: number;
  readonly batchTokens: number;
  readonly signal?: AbortSignal | undefined;
  /** Name of the dataset in messages. */
  readonly place: string;
  /** Called each time a group of up to 256 completions is done. */
  readonly onProgress: () => void;
  /** Called for each row that is skipped. */
  readonly onBadRow: (row: BadRow) => Promise<void>;
}

export interface MadeGoal {
  readonly state: GoalState;
  /** Number of preferred completions that it was computed from. */
  readonly completions: number;
}

/** A completion and the index of the token whose hidden state is used. */
interface GoalToken {
  readonly ids: Int32Array;
  readonly token: number;
}

/** Number of completions held in memory at a time. */
const windowSize = 256;
const noGoals = { count: 0, data: new Float32Array() };

/**
 * Computes a goal state (paper eq. 7): the mean over preferred completions of the hidden state at the token of the
 * reward. `random` uses a random completion token up to that token instead; `kmeans` returns the K centers of the
 * directions of those states. Completions are encoded exactly as for scoring. Throws InputError if the dataset has no
 * preferred completions or too few for `kmeans`, or if a hidden state is not finite.
 */
export async function makeGoal(
  model: RewardModel,
  rows: AsyncIterable<DatasetRow | BadRow>,
  options: GoalOptions,
): Promise<MadeGoal> {
  const random = randomSequence(options.seed);
  const collector = options.strategy === "kmeans" ? new Clusters(options) : new Mean(model.hiddenSize);
  let taken = 0;
  let window: GoalToken[] = [];
  for await (const encoded of preferred(model, rows, options)) {
    window.push({ ids: encoded.ids, token: tokenOf(encoded) });
    taken++;
    if (window.length === windowSize) await flush();
    if (taken === options.limit) break;
  }
  await flush();
  if (taken === 0) {
    throw new InputError(
      options.place,
      "has no preferred completions; rows need `chosen`, or a label that is true",
    );
  }
  const state = collector.state(options.name);
  if (!state.data.every(Number.isFinite))
    throw new InputError(
      options.place,
      "produces hidden states that are not finite; check the model's weights",
    );
  return { state, completions: taken };

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
        const at = (b * length + member.token) * width;
        if (hidden) collector.add(hidden.subarray(at, at + width));
      });
    }
    options.onProgress();
    window = [];
  }

  function tokenOf({ firstToken, rewardToken }: EncodedCompletion): number {
    return options.strategy === "random"
      ? firstToken + Math.floor(random() * (rewardToken - firstToken + 1))
      : rewardToken;
  }
}

/** Yields the preferred completions of all rows that can be read and encoded. */
async function* preferred(
  model: RewardModel,
  rows: AsyncIterable<DatasetRow | BadRow>,
  options: GoalOptions,
): AsyncGenerator<EncodedCompletion> {
  for await (const row of rows) {
    const encoded = "problem" in row ? row : encodeRow(model.opened.encoder, row, options, isPreferred);
    if ("problem" in encoded) await options.onBadRow(encoded);
    // Skips completions that were truncated completely or consist of padding.
    else yield* encoded.completions.filter(({ rewardToken, firstToken }) => firstToken <= rewardToken);
  }
}

function isPreferred({ role, label }: Completion): boolean {
  return role === "chosen" || label === true;
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

/** Clusters hidden states by direction, because Q is a cosine. */
class Clusters {
  readonly #directions: number[][] = [];

  constructor(private readonly options: GoalOptions) {}

  add(hidden: Float32Array): void {
    const norm = Math.hypot(...hidden) || 1;
    this.#directions.push(Array.from(hidden, (x) => x / norm));
  }

  state(name: string): GoalState {
    const { prototypes, seed, place } = this.options;
    if (this.#directions.length < prototypes) {
      throw new InputError(
        place,
        `has ${this.#directions.length} preferred completions, too few for ${prototypes} prototypes`,
      );
    }
    const { centroids } = kmeans(this.#directions, prototypes, { seed, initialization: "kmeans++" });
    return { name, prototypes, data: Float32Array.from(centroids.flat()) };
  }
}
