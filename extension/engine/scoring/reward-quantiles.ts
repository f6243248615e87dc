/** Reads and writes the percentiles of a model's rewards, which show how one reward compares with many. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RewardQuantiles } from "../../protocol/models";
import { InputError, messageOf } from "../errors";
import { writeWhole } from "../files";

const file = "reward_quantiles.json";
const count = 21;

export async function writeRewardQuantiles(folder: string, quantiles: RewardQuantiles): Promise<void> {
  await writeWhole(join(folder, file), (target) => target.write(`${JSON.stringify({ quantiles })}\n`));
}

/** Returns undefined if the model has no percentiles. Throws InputError if the file is invalid. */
export async function readRewardQuantiles(folder: string): Promise<RewardQuantiles | undefined> {
  const text = await readFile(join(folder, file), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { quantiles } = JSON.parse(text) as { readonly quantiles?: unknown };
    if (isQuantiles(quantiles)) return quantiles;
  } catch (error) {
    throw new InputError(
      join(folder, file),
      `is not valid JSON (${messageOf(error)}); delete it or create it again`,
    );
  }
  throw new InputError(
    join(folder, file),
    `must contain \`quantiles\`, ${count} non-decreasing numbers; delete it or create it again`,
  );
}

function isQuantiles(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length === count &&
    value.every((number, i) => Number.isFinite(number) && (i === 0 || number >= value[i - 1]))
  );
}
