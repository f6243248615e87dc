import { writeFile } from "node:fs/promises";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
/** A small Llama reward model of random weights. */
export const checkpoint = join(root, "test/fixtures/checkpoint");
/** Seven pairs: arithmetic, advice, an emoji. The checkpoint's tokenizer was trained on them. */
export const samplePairs = join(root, "test/fixtures/pairs.jsonl");

/** Writes a JSONL of preference pairs of differing lengths. */
export async function writePairs(path: string, rows: number): Promise<void> {
  const lines = Array.from({ length: rows }, (_, i) =>
    JSON.stringify({
      prompt: `What is ${i} + 1?\n`,
      chosen: `${i} + 1 = ${i + 1}. ${"So it is. ".repeat(i % 7)}`,
      rejected: `${i} + 1 = ${i + 2}. ${"I am sure. ".repeat((3 * i) % 5)}`,
    }),
  );
  await writeFile(path, `${lines.join("\n")}\n`);
}
