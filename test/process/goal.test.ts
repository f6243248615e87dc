/** `reward-inspector goal`, and how `score` and `inspect` use its result. */
import { cp, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSafetensors } from "../../extension/engine/model-folder/safetensors";
import { cli } from "../support/cli";
import { checkpoint, samplePairs } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

async function copiedModel(): Promise<string> {
  const model = join(await temporaryFolder(), "my model");
  await cp(checkpoint, model, { recursive: true });
  await rm(join(model, "goal_states"), { recursive: true });
  return model;
}

async function make(
  model: string,
  data: string,
  ...flags: string[]
): Promise<{ file: string; completions: number }> {
  const { code, stdout, stderr } = await cli(["goal", data, "-m", model, "-d", "cpu", "--json", ...flags]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

async function lastQ(model: string, data: string, goal: string): Promise<Record<string, number[]>> {
  const { stdout } = await cli(["score", data, "-m", model, "-d", "cpu", "--json", "--goal", goal]);
  const values: Record<string, number[]> = {};
  for (const line of stdout.trim().split("\n")) {
    const { role, q } = JSON.parse(line);
    values[role] = [...(values[role] ?? []), q[goal].last];
  }
  return values;
}

test("the goal state of one completion is its last hidden state, at which Q is 1", async () => {
  const model = await copiedModel();
  const data = join(model, "one.jsonl");
  await writeFile(data, JSON.stringify({ prompt: "2 + 3 = ", chosen: "5", rejected: "6" }));
  expect(await make(model, data, "--name", "one")).toMatchObject({ completions: 1 });
  const { chosen, rejected } = await lastQ(model, data, "one");
  expect(chosen?.[0]).toBeCloseTo(1, 5);
  expect(rejected?.[0]).toBeLessThan(0.9999);
});

test("with one prototype per completion, Q is the cosine similarity with the nearest one", async () => {
  const model = await copiedModel();
  await make(model, samplePairs, "--name", "each", "--strategy", "kmeans", "--prototypes", "7");
  const { chosen } = await lastQ(model, samplePairs, "each");
  expect(chosen).toHaveLength(7);
  for (const q of chosen ?? []) expect(q).toBeCloseTo(1, 4);
});

test("the mean over completions (paper, eq. 7) equals the mean of each completion's own goal state", async () => {
  const model = await copiedModel();
  const rows = (await readFile(samplePairs, "utf8")).trim().split("\n").slice(0, 3);
  const vector = async (name: string, data: string): Promise<Float32Array> => {
    await writeFile(join(model, "data.jsonl"), data);
    const { file } = await make(model, join(model, "data.jsonl"), "--name", name);
    const goal = (await readSafetensors(file)).tensors.get("goal");
    const bytes = await readFile(file);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset + (goal?.offset ?? 0)), 0, 48);
  };
  const all = await vector("all", rows.join("\n"));
  const each: Float32Array[] = [];
  for (const [i, row] of rows.entries()) each.push(await vector(`row-${i}`, row));
  all.forEach((value, i) => {
    const mean = each.reduce((total, one) => total + (one[i] ?? Number.NaN), 0) / each.length;
    expect(value).toBeCloseTo(mean, 4);
  });
});

test("the seed determines the random goal state, and its origin is recorded", async () => {
  const model = await copiedModel();
  const bytes = async (name: string, seed: string): Promise<Buffer> => {
    const { file } = await make(model, samplePairs, "--name", name, "--strategy", "random", "--seed", seed);
    const { metadata } = await readSafetensors(file);
    expect(metadata).toMatchObject({
      model: "my model",
      dataset: "pairs.jsonl",
      strategy: "random",
      completions: "7",
      seed,
    });
    return (await readFile(file)).subarray(-4 * 48);
  };
  const first = await bytes("a", "1");
  expect(await bytes("b", "1")).toEqual(first);
  expect(await bytes("c", "2")).not.toEqual(first);
  const { stdout } = await cli(["inspect", model, "--json"]);
  expect(JSON.parse(stdout).goalStates).toEqual(["a", "b", "c"]);
});

test("the error for a dataset without preferences says what is missing", async () => {
  const model = await copiedModel();
  const data = join(model, "none.jsonl");
  await writeFile(data, JSON.stringify({ prompt: "2 + 3 = ", completion: "6", label: false }));
  const { code, stderr } = await cli(["goal", data, "-m", model, "-d", "cpu"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error none\.jsonl: has no preferred completions; rows need `chosen`, or a label that is true$/m,
  );
});

test("bad rows are reported and skipped, also those that the chat template rejects", async () => {
  const model = await copiedModel();
  const data = join(model, "mixed.jsonl");
  const rows = [
    JSON.stringify({ prompt: "2 + 3 = ", chosen: "5", rejected: "6" }),
    "{",
    JSON.stringify({ messages: [{ role: "assistant", content: "x" }], label: true }),
  ];
  await writeFile(data, rows.join("\n"));
  await writeFile(join(model, "chat_template.jinja"), "{{ raise_exception('no user') }}");
  const { code, stdout, stderr } = await cli(["goal", data, "-m", model, "-d", "cpu", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ completions: 1 });
  expect(stderr).toMatch(/^warning mixed\.jsonl:2: .*\(row skipped\)$/m);
  expect(stderr).toMatch(/^warning mixed\.jsonl:3: .*no user.*\(row skipped\)$/m);
});

test("a model with hidden states that are not finite gives no goal state", async () => {
  const model = await copiedModel();
  const { tensors } = await readSafetensors(join(model, "model.safetensors"));
  const file = await open(join(model, "model.safetensors"), "r+");
  await file.write(Float32Array.of(Number.NaN), 0, 4, tensors.get("model.norm.weight")?.offset ?? -1);
  await file.close();
  const { code, stderr } = await cli(["goal", samplePairs, "-m", model, "-d", "cpu"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error pairs\.jsonl: produces hidden states that are not finite; check the model's weights$/m,
  );
  const { stdout } = await cli(["inspect", model, "--json"]);
  expect(JSON.parse(stdout).goalStates).toEqual([]);
});

test("a random goal state does not depend on the batch size", async () => {
  const model = await copiedModel();
  const vectors = await Promise.all(
    ["1", "4096"].map(async (tokens) => {
      const flags = ["--name", `random-${tokens}`, "--strategy", "random", "--batch-tokens", tokens];
      const { file } = await make(model, samplePairs, ...flags);
      const bytes = await readFile(file);
      return new Float32Array(Uint8Array.from(bytes.subarray(-4 * 48)).buffer);
    }),
  );
  vectors[0]?.forEach((value, i) => {
    expect(Math.abs(value - (vectors[1]?.[i] ?? Number.NaN))).toBeLessThan(1e-4);
  });
});

test("inspect shows family, layers, width, head, tokenizer, template, goal states and memory", async () => {
  const { stdout } = await cli(["inspect", checkpoint, "--json"]);
  const { folder, memory, parameters, ...rest } = JSON.parse(stdout);
  expect(folder).toBe(checkpoint);
  // PyTorch's count of parameters: embeddings, two layers with norms, the final norm and the head.
  expect(parameters).toBe(512 * 48 + 2 * (48 * 48 * 2 + 24 * 48 * 2 + 3 * 96 * 48 + 2 * 48) + 48 + 48);
  expect(memory.total).toBeGreaterThan(4 * parameters);
  expect(rest).toEqual({
    family: "llama",
    layers: 2,
    width: 48,
    head: "score.weight",
    rewardToken: "last token that is not the padding token (<|pad|>, pad_token_id 0; transformers' rule)",
    dtype: "F32",
    vocabulary: 512,
    maxPositions: 512,
    tokenizer: "byte-level BPE",
    template: true,
    eos: "<|end|> appended to plain text, left to the template in conversations (TRL's rule)",
    adapter: null,
    goalStates: ["preferred"],
    notes: [],
  });
});
