/** Percentiles of a model's rewards, beside its weights: they say where one reward stands among many. */

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

/** undefined: the model has none. Throws InputError for a file that holds something else. */
export async function readRewardQuantiles(folder: string): Promise<RewardQuantiles | undefined> {
  const text = await readFile(join(folder, file), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { quantiles } = JSON.parse(text) as { readonly quantiles?: unknown };
    if (isQuantiles(quantiles)) return quantiles;
  } catch (error) {
    throw new InputError(
      join(folder, file),
      `is not valid JSON (${messageOf(error)}); delete it or write it anew`,
    );
  }
  throw new InputError(
    join(folder, file),
    `holds no \`quantiles\`, ${count} numbers that do not fall; delete it`,
  );
}

function isQuantiles(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length === count &&
    value.every((number, i) => Number.isFinite(number) && (i === 0 || number >= value[i - 1]))
  );
}
