/** Reads the problems and solutions to measure with from a JSONL file. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

export interface Sample {
  readonly prompt: string;
  readonly completion: string;
}

/** Reads rows that have `question` and `solution`, or `prompt` and `chosen`. */
export async function readSamples(file: string): Promise<Sample[]> {
  const bytes = await readFile(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const row = JSON.parse(line) as Record<string, unknown>;
      const prompt = row.question ?? row.prompt;
      const completion = row.solution ?? row.chosen;
      if (typeof prompt !== "string" || typeof completion !== "string")
        throw new Error(`${file}: rows need question and solution, or prompt and chosen`);
      return { prompt: `${prompt}\n`, completion };
    });
}

/** Takes every n-th item, so that a few represent the whole file, in the same order. */
export function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]).filter(
    (item) => item !== undefined,
  );
}
