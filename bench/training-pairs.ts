/** Chooses preference pairs and the states that the contrastive loss compares, the same for every peer. */
import { Checkpoint } from "../extension/engine/checkpoint/reading/checkpoint";
import { openDataset } from "../extension/engine/data/dataset";
import { randomSequence } from "../extension/engine/random";
import { type EncodedCompletion, encodeRow } from "../extension/engine/scoring/encode";
import { openModel } from "../extension/engine/scoring/reward-model";
import { spread } from "./texts";
import type { SamplePair, TrainingPair } from "./training-protocol";

/** The size of one training step. */
export interface StepShape {
  readonly pairs: number;
  /** Maximum number of tokens per sequence; every sequence has at least half as many. */
  readonly length: number;
}

export const stepShapes: readonly StepShape[] = [
  { pairs: 4, length: 256 },
  { pairs: 16, length: 128 },
];

export function stepName({ pairs, length }: StepShape): string {
  return `${pairs} pairs of up to ${length} tokens`;
}

/** Maximum number of rows that are read. */
const candidates = 2000;

interface EncodedPair {
  readonly chosen: EncodedCompletion;
  readonly rejected: EncodedCompletion;
}

/** Reads a file of plain-text preference pairs and encodes them as the engine does. */
export async function readPairs(model: string, data: string): Promise<EncodedPair[]> {
  const { encoder } = await openModel(await Checkpoint.open(model));
  const pairs: EncodedPair[] = [];
  for await (const row of (await openDataset(data, { limit: candidates })).rows()) {
    if ("problem" in row) continue;
    const encoded = encodeRow(encoder, row, { maxLength: 4096, chat: false });
    if ("problem" in encoded) continue;
    const [chosen, rejected] = ["chosen", "rejected"].map(
      (role) => encoded.completions[row.completions.findIndex((completion) => completion.role === role)],
    );
    // If a token spans the end of the prompt, the completions may start at different tokens.
    if (chosen && rejected && chosen.firstToken === rejected.firstToken) pairs.push({ chosen, rejected });
  }
  return pairs;
}

/** @throws Error if the data has too few pairs of this length */
export function pairsFor(
  { pairs, length }: StepShape,
  encoded: readonly EncodedPair[],
  samples: number,
): TrainingPair[] {
  const fits = ({ ids, firstToken }: EncodedCompletion): boolean =>
    ids.length <= length && ids.length >= length / 2 && ids.length - firstToken >= 2 && firstToken > 0;
  const fitting = encoded.filter(({ chosen, rejected }) => fits(chosen) && fits(rejected));
  if (fitting.length < pairs)
    throw new Error(`too few pairs of ${length / 2} to ${length} tokens; specify a larger file with --data`);
  const random = randomSequence(1);
  const below = (end: number, from: number): number => from + Math.floor(random() * (end - from));
  return spread(fitting, pairs).map(({ chosen, rejected }) => {
    const { ids, firstToken } = chosen;
    return {
      chosen: [...ids],
      rejected: [...rejected.ids],
      prompt: firstToken,
      margin: 0,
      positive: Array.from({ length: samples }, (): SamplePair => {
        const source = below(ids.length - 1, firstToken);
        return [source, below(ids.length, source + 1)];
      }),
      negative: Array.from(
        { length: samples },
        (): SamplePair => [below(ids.length, firstToken), below(rejected.ids.length, firstToken)],
      ),
    };
  });
}

/** Counts the tokens of all sequences, without padding. */
export function tokensOf(pairs: readonly TrainingPair[]): number {
  return pairs.reduce((total, { chosen, rejected }) => total + chosen.length + rejected.length, 0);
}
