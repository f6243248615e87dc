/** The model of the workbench's tests is what they take it for, by a margin that no processor's last digits reach. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cpu } from "../../extension/engine/runtime/device";
import { cli } from "../support/cli";
import { temporaryFolder } from "../support/temp-folder";
import { lowWord, samples, writeFixtureModel } from "../vscode/support/fixture-model";

interface Scored {
  readonly row: number;
  readonly role: "chosen" | "rejected";
  readonly reward: number;
  readonly tokenScores: readonly {
    readonly start: number;
    readonly end: number;
    readonly q: { readonly preferred: number };
  }[];
}

test("the word alone is low, and it alone turns a reward", async () => {
  const model = await temporaryFolder();
  await writeFixtureModel(model);
  const file = join(samples, "pairs.jsonl");
  const { stdout, stderr } = await cli([
    "score",
    file,
    "-m",
    model,
    "-d",
    cpu.provider,
    "--json",
    "--tokens",
  ]);
  expect(stderr).not.toContain("warning");
  const scored = stdout
    .trim()
    .split("\n")
    .map((line): Scored => JSON.parse(line));
  expect(scored).toHaveLength(16);
  const rows = (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const { row, role, reward, tokenScores } of scored) {
    const text: string = rows[row][role];
    const low = tokenScores.filter(({ q }) => q.preferred < 0);
    expect(low.map(({ start, end }) => text.slice(start, end).trim())).toEqual(
      role === "chosen" ? [] : [lowWord],
    );
    expect(Math.min(...tokenScores.map(({ q }) => Math.abs(q.preferred)))).toBeGreaterThan(0.1);
    if (role === "chosen") expect(reward).toBeGreaterThan(1);
    else expect(reward).toBeLessThan(-1);
  }
});
