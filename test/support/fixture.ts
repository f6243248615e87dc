import { writeFile } from "node:fs/promises";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
/** A small Llama reward model with random weights. */
export const checkpoint = join(root, "test/fixtures/checkpoint");
/** Seven pairs about arithmetic, advice and an emoji, on which the checkpoint's tokenizer was trained. */
export const samplePairs = join(root, "test/fixtures/pairs.jsonl");

/** Writes a JSONL file of preference pairs with different lengths. */
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
