/**
 * Wraps transformers.js as a peer, with JSON lines on stdin and stdout (see protocol.ts).
 * Usage: transformersjs.mjs FOLDER EXPORT THREADS; FOLDER is where @huggingface/transformers is installed.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, exported, threads] = process.argv.slice(2);
const entry = createRequire(join(folder, "resolve.js")).resolve("@huggingface/transformers");
const library = await import(pathToFileURL(entry).href);
library.env.allowRemoteModels = false;
library.env.localModelPath = dirname(exported);

const name = basename(exported);
const tokenizer = await library.AutoTokenizer.from_pretrained(name);
// The library has no sequence classification for decoders, but any of its encoder classes can execute such a graph.
const model = await library.BertForSequenceClassification.from_pretrained(name, {
  dtype: "fp32",
  device: "cpu",
  session_options: { intraOpNumThreads: Number(threads) },
});

const answers = {
  encode: ({ texts, length }) => ({
    ids: texts.map((text) => tokenizer.encode(text).slice(0, length)),
  }),
  score: async ({ rows }) => {
    const used = process.cpuUsage();
    const start = performance.now();
    const { logits } = await model(padded(rows));
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    return { seconds, busySeconds: (user + system) / 1e6, scores: { rewards: [...logits.data] } };
  },
};

function padded(rows) {
  const longest = Math.max(...rows.map((row) => row.length));
  const [ids, mask] = [new BigInt64Array(rows.length * longest), new BigInt64Array(rows.length * longest)];
  rows.forEach((row, b) => {
    row.forEach((id, t) => {
      ids[b * longest + t] = BigInt(id);
      mask[b * longest + t] = 1n;
    });
  });
  const dims = [rows.length, longest];
  return {
    input_ids: new library.Tensor("int64", ids, dims),
    attention_mask: new library.Tensor("int64", mask, dims),
  };
}

const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8"));
write({ versions: `transformers.js ${version}` });
for await (const line of createInterface({ input: process.stdin })) {
  const { kind, ...request } = JSON.parse(line);
  write(await answers[kind](request));
}
