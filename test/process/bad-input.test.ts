/** Bad input exits with 1 and one line that names the file and position; bad usage exits with 2. */
import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { writeSafetensors } from "../../extension/engine/checkpoint/publishing/safetensors-writer";
import { cli } from "../support/cli";
import { checkpoint, samplePairs } from "../support/fixture";
import { temporaryFolder } from "../support/temp-folder";

/** Changes one thing in a valid model. */
type Damage = (model: string) => Promise<void>;

const rewrite =
  (name: string, change: (text: string) => string): Damage =>
  async (model) =>
    writeFile(join(model, name), change(await readFile(join(model, name), "utf8")));

const badModels: readonly (readonly [string, Damage, RegExp])[] = [
  ["no config.json", (model) => rm(join(model, "config.json")), /config\.json: cannot be read/],
  [
    "a broken config.json",
    rewrite("config.json", (text) => text.slice(0, 40)),
    /config\.json: is not valid JSON/,
  ],
  [
    "an unknown family",
    rewrite("config.json", (text) => text.replace('"llama"', '"mamba"')),
    /config\.json: model_type "mamba" is not supported\. Supported: llama, mistral, qwen2, /,
  ],
  ["no weights", (model) => rm(join(model, "model.safetensors")), /has no model\.safetensors/],
  [
    "a pickle alone",
    async (model) => {
      await rm(join(model, "model.safetensors"));
      await writeFile(join(model, "pytorch_model.bin"), "");
    },
    /pytorch_model\.bin, a pickle that could run code when opened, so it is refused; .*python -c "/,
  ],
  [
    "tokens that see what comes after them",
    rewrite("config.json", (text) => text.replace("{", '{"is_causal": false,')),
    /config\.json: is_causal false lets every token attend to the tokens after it, which is not supported/,
  ],
  [
    "code of its own for the head",
    rewrite("config.json", (text) =>
      text.replace("{", '{"auto_map": {"AutoModelForSequenceClassification": "modeling.MeanPool"},'),
    ),
    /config\.json: auto_map names the model's own code modeling\.MeanPool, .* score\.weight is not known/,
  ],
  [
    "two heads",
    (model) =>
      writeSafetensors(join(model, "value_head.safetensors"), {
        "v_head.summary.weight": { shape: [1, 48], data: new Float32Array(48) },
      }),
    /has several reward heads, score\.weight and v_head\.summary\.weight/,
  ],
  [
    "truncated weights",
    (model) => truncate(join(model, "model.safetensors"), 100_000),
    /model\.safetensors: tensor \S+ ends at byte \d+, but the file has only 100000: it is truncated/,
  ],
  [
    "weights of another shape",
    rewrite("config.json", (text) => text.replace('"intermediate_size": 96', '"intermediate_size": 64')),
    /model\.safetensors: tensor model\.layers\.0\.mlp\.gate_proj\.weight has shape \[96,48\], but config\.json requires \[64,48\]/,
  ],
  ["no tokenizer", (model) => rm(join(model, "tokenizer.json")), /has no tokenizer\.json/],
  [
    "a broken tokenizer",
    rewrite("tokenizer.json", (text) => text.slice(0, -10)),
    /tokenizer\.json: is not valid JSON/,
  ],
  [
    "a tokenizer of another model",
    rewrite("config.json", (text) => text.replace('"vocab_size": 512', '"vocab_size": 256')),
    /tokenizer\.json: has 512 tokens, but the model's embedding has only 256 rows; use the model's own tokenizer/,
  ],
  [
    "a chat template that does not parse",
    (model) => writeFile(join(model, "chat_template.jinja"), "{% for %}"),
    /chat template/,
  ],
  [
    "a goal state of another width",
    (model) =>
      writeSafetensors(join(model, "goal_states/preferred.safetensors"), {
        goal: { shape: [8], data: new Float32Array(8).fill(1) },
      }),
    /preferred: is a goal state of width 8, but the model's hidden states have 48/,
  ],
];

test.each(badModels)("a model with %s", async (_, damage, message) => {
  const folder = await temporaryFolder();
  const model = join(folder, "model");
  await cp(checkpoint, model, { recursive: true });
  await damage(model);
  const out = join(folder, "scores.jsonl");
  await expectOneLine(["score", samplePairs, "--model", model, "--device", "cpu", "--out", out], message);
  await expect(readFile(out)).rejects.toThrow("ENOENT");
});

const badData: readonly (readonly [string, string, string | Uint8Array, RegExp])[] = [
  ["JSON that is cut", "rows.json", '[{"prompt": "a", "completion": "b"}, {"prompt', /rows\.json/],
  ["Parquet that is none", "rows.parquet", "PAR1 not really", /rows\.parquet/],
  [
    "gzip that is cut",
    "rows.jsonl.gz",
    gzipSync(`{"prompt": "a", "completion": "${"b".repeat(200)}"}\n`.repeat(50)).subarray(0, -20),
    /rows\.jsonl\.gz/,
  ],
  ["nothing in it", "rows.jsonl", "", /rows\.jsonl/],
];

test.each(badData)("a dataset with %s", async (_, name, bytes, message) => {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  await expectOneLine(["score", path, "--model", checkpoint, "--device", "cpu"], message);
});

test("a dataset without a row that can be scored", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "rows.jsonl");
  await writeFile(path, '{"color": "red"}\n');
  const flags = ["--model", checkpoint, "--device", "cpu", "--out", join(folder, "out.jsonl")];
  await expectOneLine(["score", path, ...flags], /rows\.jsonl: has no row that can be scored/);
  expect(await readdir(folder)).toEqual(["rows.jsonl"]);
});

test("a dataset and an output folder that do not exist", async () => {
  const model = ["--model", checkpoint, "--device", "cpu"];
  await expectOneLine(["score", "no-such.jsonl", ...model], /no-such\.jsonl/);
  await expectOneLine(
    ["score", samplePairs, ...model, "--out", "no-such-folder/out.jsonl"],
    /no-such-folder\/out\.jsonl: could not be written \(ENOENT/,
  );
  await expectOneLine(["inspect", "no-such-model"], /no-such-model: there is no such model folder/);
  await expectOneLine(
    ["score", samplePairs, ...model, "--goal", "best"],
    /best: there is no such goal state \(this model has preferred\)/,
  );
});

test("a model with neither a head nor a goal state cannot score", async () => {
  const model = join(await temporaryFolder(), "model");
  await cp(checkpoint, model, { recursive: true });
  await rm(join(model, "goal_states"), { recursive: true });
  const weights = await readFile(join(model, "model.safetensors"), "latin1");
  await writeFile(
    join(model, "model.safetensors"),
    weights.replace('"score.weight"', '"other.weight"'),
    "latin1",
  );
  await expectOneLine(
    ["score", samplePairs, "--model", model, "--device", "cpu"],
    /has neither a reward head nor a goal state, so there is nothing to score/,
  );
});

test.each([
  ["no command", []],
  ["an unknown command", ["shade"]],
  ["an unknown flag", ["score", samplePairs, "--model", checkpoint, "--fast"]],
  ["no model", ["score", samplePairs]],
  ["an unknown device", ["score", samplePairs, "--model", checkpoint, "--device", "tpu"]],
  ["no number", ["score", samplePairs, "--model", checkpoint, "--limit", "few"]],
  ["an unknown role of a field", ["score", samplePairs, "--model", checkpoint, "--field", "color=x"]],
])("usage: %s", async (_, args) => {
  const { code, stdout } = await cli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

/** Errors are one line on stderr, which may follow the facts of the request. */
async function expectOneLine(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stderr } = await cli(args);
  const errors = stderr.split("\n").filter((line) => line.startsWith("error"));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(message);
  expect(stderr.trimEnd().split("\n").at(-1)).toBe(errors[0]);
  expect(code).toBe(1);
}

test("a model larger than the memory is rejected immediately, with both sizes", async ({ skip }) => {
  skip(process.platform === "win32", "Windows writes large files whole");
  const folder = await temporaryFolder();
  await cp(checkpoint, folder, { recursive: true });
  // Layers of the sizes of Llama 3 8B, with a total that exceeds any test machine's memory, in a sparse file.
  const [hidden, inner, narrow] = [4096, 14336, 1024];
  const shapes = {
    "self_attn.q_proj": [hidden, hidden],
    "self_attn.k_proj": [narrow, hidden],
    "self_attn.v_proj": [narrow, hidden],
    "self_attn.o_proj": [hidden, hidden],
    "mlp.gate_proj": [inner, hidden],
    "mlp.up_proj": [inner, hidden],
    "mlp.down_proj": [hidden, inner],
    input_layernorm: [hidden],
    post_attention_layernorm: [hidden],
  };
  const sizeOf = (shape: readonly number[]): number => shape.reduce((count, dim) => count * dim, 2);
  const layerBytes = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
  const layers = Math.max(32, Math.ceil(totalmem() / layerBytes));
  const tensors: [string, number[]][] = [
    ["model.embed_tokens.weight", [128_256, hidden]],
    ["model.norm.weight", [hidden]],
    ["score.weight", [1, hidden]],
    ...Array.from({ length: layers }, (_, layer) =>
      Object.entries(shapes).map(([name, shape]): [string, number[]] => [
        `model.layers.${layer}.${name}.weight`,
        shape,
      ]),
    ).flat(),
  ];
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of tensors) {
    const start = end;
    end += sizeOf(shape);
    header[name] = { dtype: "BF16", shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFile(join(folder, "model.safetensors"), Buffer.concat([length, json]));
  await truncate(join(folder, "model.safetensors"), 8 + json.length + end);
  await writeFile(
    join(folder, "config.json"),
    JSON.stringify({
      model_type: "llama",
      hidden_size: hidden,
      intermediate_size: inner,
      num_hidden_layers: layers,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      vocab_size: 128_256,
      max_position_embeddings: 8192,
    }),
  );
  const { code, stderr } = await cli(["score", samplePairs, "--model", folder, "--device", "cpu"]);
  expect(stderr).toMatch(
    /^error .*: needs about [\d.]+ GiB of memory \(weights as float32 [\d.]+ GiB \+ .*\), but only [\d.]+ GiB is available; .*\n$/,
  );
  expect(code).toBe(1);
});
