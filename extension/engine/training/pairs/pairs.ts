/** Reads a dataset into encoded preference pairs, split by prompt into a training set and a held-out set. */
import type { TrainSettings } from "../../../protocol/train-settings";
import type { BadRow, Completion, CompletionRole, DatasetRow } from "../../data/rows/row";
import { InputError } from "../../errors";
import { type Encoder, encodeCompletion } from "../../scoring/encode";
import { drawsFor, shareOf, shuffled } from "../random-draws";
import type { Pair, Sequence } from "./packed-pair";

export interface PairSet {
  readonly training: readonly Pair[];
  readonly evaluation: readonly Pair[];
  /** Number of rows, completions or pairs that could not be used, for each reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export type PairSettings = Pick<
  TrainSettings,
  "objective" | "maxLength" | "evalShare" | "evalPairs" | "pairsPerPrompt" | "seed"
> & { readonly chat: boolean };

/** Whether a row's prompt is held out. Depends only on the prompt and the seed, not on the row's place in the file. */
export function isHeldOut(
  { completions: [first] }: DatasetRow,
  { evalShare, seed }: Pick<TrainSettings, "evalShare" | "seed">,
): boolean {
  return first !== undefined && shareOf(seed, promptKey(first)) < evalShare;
}

/**
 * A row with `chosen` and `rejected` is a pair. Labeled completions of one prompt, in one row or in many, are paired
 * correct with incorrect, within their group if rows name one. The language-model objective takes every preferred
 * completion.
 *
 * @param place name of the dataset, for messages
 * @throws InputError with the reasons if no pair can be trained on
 */
export async function readPairs(
  rows: AsyncIterable<DatasetRow | BadRow>,
  encoder: Encoder,
  settings: PairSettings,
  place: string,
): Promise<PairSet> {
  const collector = new Collector(encoder, settings);
  for await (const row of rows) {
    if ("problem" in row) collector.leaveOut("row that cannot be read");
    else collector.add(row);
  }
  return collector.finish(place);
}

interface Labeled {
  readonly isHeldOut: boolean;
  readonly correct: Sequence[];
  readonly incorrect: Sequence[];
}

class Collector {
  readonly #training: Pair[] = [];
  readonly #evaluation: Pair[] = [];
  readonly #leftOut: Record<string, number> = {};
  /** Labeled completions by prompt and group. */
  readonly #labeled = new Map<string, Labeled>();

  constructor(
    private readonly encoder: Encoder,
    private readonly settings: PairSettings,
  ) {}

  add(row: DatasetRow): void {
    const { completions, group = "" } = row;
    const heldOut = isHeldOut(row, this.settings);
    if (this.settings.objective === "language-model") {
      const preferred = completions.filter(
        ({ role, label }) => role === "chosen" || (role === "completion" && label !== false),
      );
      if (preferred.length === 0) this.leaveOut("row without a preferred completion");
      for (const sequence of preferred.map((one) => this.#encode(one)))
        if (sequence) this.#put(heldOut, { chosen: sequence, rejected: sequence, margin: 0 });
      return;
    }
    const side = (role: CompletionRole): Completion | undefined =>
      completions.find((one) => one.role === role);
    const [chosen, rejected] = [side("chosen"), side("rejected")];
    if (chosen && rejected) {
      this.#pair(heldOut, this.#encode(chosen), this.#encode(rejected), row.margin ?? 0);
      return;
    }
    const labeled = completions.filter(({ label }) => label !== undefined);
    if (labeled.length === 0) this.leaveOut("row without a preference or a label");
    for (const completion of labeled) {
      const key = JSON.stringify([promptKey(completion), group]);
      const known = this.#labeled.get(key) ?? { isHeldOut: heldOut, correct: [], incorrect: [] };
      this.#labeled.set(key, known);
      const sequence = this.#encode(completion);
      if (sequence) (completion.label ? known.correct : known.incorrect).push(sequence);
    }
  }

  leaveOut(reason: string): void {
    this.#leftOut[reason] = (this.#leftOut[reason] ?? 0) + 1;
  }

  finish(place: string): PairSet {
    const random = drawsFor(this.settings.seed, "pairing", 0);
    for (const { isHeldOut: heldOut, correct, incorrect } of this.#labeled.values()) {
      if (correct.length === 0 || incorrect.length === 0)
        this.leaveOut("prompt whose completions are all correct or all incorrect");
      const count = Math.min(correct.length, incorrect.length, this.settings.pairsPerPrompt);
      const [chosen, rejected] = [shuffled(correct, random), shuffled(incorrect, random)];
      for (let i = 0; i < count; i++) this.#pair(heldOut, chosen[i], rejected[i], 0);
    }
    if (this.#training.length === 0) throw this.#emptiness(place);
    const order = shuffled(this.#evaluation, drawsFor(this.settings.seed, "evaluation", 0));
    return {
      training: this.#training,
      evaluation: order.slice(0, this.settings.evalPairs),
      leftOut: this.#leftOut,
    };
  }

  #emptiness(place: string): InputError {
    const reasons = Object.entries(this.#leftOut).map(([reason, count]) => `${count} × ${reason}`);
    const why = reasons.length > 0 ? ` (left out: ${reasons.join(", ")})` : "";
    if (this.#evaluation.length > 0)
      return new InputError(place, `all prompts are held out for evaluation${why}`, {
        code: "all-held-out",
        data: { evaluationPairs: this.#evaluation.length },
      });
    if (reasons.some((reason) => reason.includes(" longer than ")))
      return new InputError(place, `has nothing to train on${why}`, {
        code: "pairs-too-long",
        data: { maxLength: this.settings.maxLength },
      });
    return new InputError(
      place,
      `has nothing to train on${why}; add rows with chosen and rejected, or correct and incorrect completions of one prompt`,
    );
  }

  #pair(
    heldOut: boolean,
    chosen: Sequence | undefined,
    rejected: Sequence | undefined,
    margin: number,
  ): void {
    if (!chosen || !rejected) return;
    if (sameIds(readPart(chosen), readPart(rejected))) this.leaveOut("pair of equal completions");
    else this.#put(heldOut, { chosen, rejected, margin });
  }

  #put(heldOut: boolean, pair: Pair): void {
    (heldOut ? this.#evaluation : this.#training).push(pair);
  }

  /**
   * Returns undefined, and counts the reason, if the completion cannot be trained on, for example if it is too long.
   */
  #encode(completion: Completion): Sequence | undefined {
    const { maxLength, chat } = this.settings;
    try {
      const { ids, firstToken, rewardToken, truncated } = encodeCompletion(this.encoder, completion, {
        maxLength,
        chat,
      });
      if (truncated > 0) this.leaveOut(`completion longer than ${maxLength} tokens with its prompt`);
      else if (firstToken >= ids.length || ids.length < 2) this.leaveOut("empty completion");
      else if (rewardToken < firstToken) this.leaveOut("completion that is only padding");
      else return { ids, firstToken, rewardToken };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.leaveOut(error.message);
    }
    return undefined;
  }
}

function promptKey({ prompt }: Completion): string {
  return typeof prompt === "string" ? prompt : JSON.stringify(prompt);
}

/** Tokens that the reward depends on: those up to the reward token. */
function readPart({ ids, rewardToken }: Sequence): Int32Array {
  return ids.subarray(0, rewardToken + 1);
}

function sameIds(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
