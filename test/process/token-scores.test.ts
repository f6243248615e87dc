/** Token scores from the engine process, and the model files that they belong to. */
import { cp, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serialize } from "node:v8";
import { afterEach, expect, test } from "vitest";
import type { DatasetRow } from "../../extension/engine/data/rows/row";
import { EngineClient } from "../../extension/engine/process/client";
import type { AnsweredRow } from "../../extension/protocol/scores";
import type { ScoreResult } from "../../extension/protocol/scoring";
import { checkpoint, root } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

const engineFile = join(root, "dist/engine.js");
const clients: EngineClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

function start(): EngineClient {
  const client = new EngineClient({ engineFile });
  clients.push(client);
  return client;
}

const text = "18 + 6 = 24. So Mia has 24 apples.";
const row: DatasetRow = {
  row: 7,
  place: "a.jsonl:8",
  completions: [
    { role: "completion", prompt: "How many? ", completion: text },
    { role: "completion", prompt: "How many? ", completion: [{ role: "assistant", content: ` ${text} ` }] },
  ],
};

function request(model: string, rows: readonly DatasetRow[] = [row]) {
  return { model, device: "cpu", rows, tokens: true } as const;
}

function scoredRow({ rows: [scored] }: ScoreResult): AnsweredRow {
  if (!scored || "problem" in scored) throw new Error("the row was scored");
  return scored;
}

function rewardOf(result: ScoreResult): number {
  return scoredRow(result).scores[0]?.reward ?? Number.NaN;
}

test("token scores are compact float32 columns, with texts only if they differ from the request", async () => {
  const { row: number, texts, scores } = scoredRow(await start().score(request(checkpoint)));
  expect(number).toBe(7);
  expect(texts).toEqual([null, ` ${text} `]);
  const tokens = scores[0]?.tokenScores;
  if (!tokens) throw new Error("the scores have tokens");
  expect(tokens.ids).toBeInstanceOf(Int32Array);
  expect(tokens.q.preferred).toBeInstanceOf(Float32Array);
  expect(tokens.partialRewards?.at(-1)).toBe(scores[0]?.reward);
  const { length } = tokens.ids;
  expect([tokens.starts, tokens.ends, tokens.q.preferred].map((column) => column?.length)).toEqual([
    length,
    length,
    length,
  ]);
  expect(tokens.ends.at(-1)).toBe(text.length);

  const long = {
    ...row,
    completions: [{ role: "completion", prompt: "", completion: text.repeat(9) }],
  } as const;
  const rows = Array.from({ length: 16 }, (_, i): DatasetRow => ({ ...long, row: i }));
  const many = await start().score(request(checkpoint, rows));
  const count = many.rows.reduce(
    (total, each) => total + ("scores" in each ? (each.scores[0]?.tokens ?? 0) : 0),
    0,
  );
  expect(serialize(many).length / count).toBeLessThan(24);
});

test("scores are those of the current files, however the files were replaced", async () => {
  const model = join(await temporaryFolder(), "model");
  await cp(checkpoint, model, { recursive: true });
  const client = start();
  const before = await client.score(request(model));
  const again = await client.score(request(model, []));
  expect(again.settings.fingerprint).toBe(before.settings.fingerprint);

  // Overwrites the file in place, with the same size and time.
  const weights = join(model, "model.safetensors");
  const { atime, mtime } = await stat(weights);
  const bytes = await readFile(weights);
  bytes.set(bytes.subarray(bytes.length - 4096, bytes.length - 2048), bytes.length - 2048);
  await writeFile(weights, bytes);
  await utimes(weights, atime, mtime);
  const replaced = await client.score(request(model));
  expect(replaced.settings.fingerprint).not.toBe(before.settings.fingerprint);
  expect(rewardOf(replaced)).not.toBe(rewardOf(before));
  expect(rewardOf(replaced)).toBe(rewardOf(await start().score(request(model))));

  const aside = join(model, "aside");
  await cp(join(checkpoint, "model.safetensors"), aside);
  await rename(aside, weights);
  const back = await client.score(request(model));
  expect(rewardOf(back)).toBe(rewardOf(before));
});

test("the fingerprint changes if a goal state is added or replaced", async () => {
  const model = join(await temporaryFolder(), "model");
  await cp(checkpoint, model, { recursive: true });
  const client = start();
  const before = await client.score(request(model, []));
  const goals = join(model, "goal_states");
  await cp(join(goals, "preferred.safetensors"), join(goals, "another.safetensors"));
  const added = await client.score(request(model, []));
  expect(added.settings.goals).toEqual(["another", "preferred"]);
  expect(added.settings.fingerprint).not.toBe(before.settings.fingerprint);
  const bytes = await readFile(join(goals, "another.safetensors"));
  bytes.set([1, 2, 3], bytes.length - 4);
  await writeFile(join(goals, "another.safetensors"), bytes);
  const replaced = await client.score(request(model, []));
  expect(replaced.settings.fingerprint).not.toBe(added.settings.fingerprint);
});
