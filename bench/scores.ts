/** Measures token scores: bytes per token between processes, and memory of the score store. See README.md. */
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { deserialize, serialize, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type ListedToken, listedTokens } from "../extension/display/token-list";
import type { AnsweredRow, ScoredCompletion, TokenScores } from "../extension/protocol/scores";
import { ScoreStore } from "../extension/scores/score-store";
import { Table } from "./report";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Number of rows that the editor requests at once. */
const rowsAtOnce = 16;
const pieces = [" the", " number", " of", " apples", " is", " 12", "\n", " +", " =", " therefore"];

/** Makes a completion as another process sends it, with full-precision numbers and a token outside the text. */
function completion(
  tokens: number,
  seed: number,
): { readonly text: string; readonly score: ScoredCompletion } {
  const texts = Array.from({ length: tokens - 1 }, (_, i) => pieces[(i * 7 + seed) % pieces.length] ?? "");
  const starts = Int32Array.from({ length: tokens }, () => 0);
  let at = 0;
  texts.forEach((text, i) => {
    starts[i] = at;
    at += text.length;
  });
  starts[tokens - 1] = at;
  const numbers = (scale: number): Float32Array =>
    Float32Array.from({ length: tokens }, (_, i) => scale * Math.sin(seed + i));
  const tokenScores: TokenScores = {
    ids: Int32Array.from({ length: tokens }, (_, i) => (i * 7919 + seed) % 32_000),
    starts,
    ends: Int32Array.from({ length: tokens }, (_, i) => starts[i + 1] ?? at),
    partialRewards: numbers(8),
    q: { preferred: numbers(1) },
    ownTexts: { 2: "<|endoftext|>" },
  };
  tokenScores.ids[tokens - 1] = 2;
  const last = tokenScores.partialRewards?.at(-1) ?? 0;
  const q = { preferred: { min: -0.5, mean: 0.1, last: 0.2 } };
  return {
    text: texts.join(""),
    score: {
      ...{ row: 0, role: "chosen", reward: last, rewardToken: tokens - 1 },
      ...{ q, tokens, truncated: 0, warnings: [], tokenScores },
    },
  };
}

function answer(first: number, rows: number, tokens: number): { texts: string[][]; rows: AnsweredRow[] } {
  const made = Array.from({ length: rows }, (_, i) =>
    [0, 1].map((side) => completion(tokens, 2 * (first + i) + side)),
  );
  return {
    texts: made.map((row) => row.map(({ text }) => text)),
    rows: made.map((row, i) => ({
      row: i,
      place: `pairs.jsonl:${first + i + 1}`,
      texts: row.map(() => null),
      scores: row.map(({ score }) => score),
    })),
  };
}

/** Converts an answer to JSON objects, with seven digits per number and the text of every token. */
function asObjects({ texts, rows }: ReturnType<typeof answer>): string {
  const short = (value: number | null): number | null =>
    value === null ? null : Number(value.toPrecision(7));
  const token = (each: ListedToken): ListedToken => ({
    ...each,
    q: { preferred: short(each.q.preferred ?? null) },
    partialReward: short(each.partialReward),
  });
  return JSON.stringify(
    rows.map((row, i) => ({
      ...row,
      texts: texts[i],
      scores: row.scores.map((score, j) => ({
        ...score,
        tokenScores: score.tokenScores && listedTokens(score.tokenScores, texts[i]?.[j] ?? "").map(token),
      })),
    })),
  );
}

/** Returns the bytes that are still in use after garbage collection. */
async function used(): Promise<number> {
  collect();
  // Memory of typed arrays is released on another thread.
  await setTimeout(300);
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Measures how many MB the result of `fill` retains. */
async function kept(fill: () => unknown): Promise<{ readonly megabytes: number; readonly held: unknown }> {
  const before = await used();
  const held = fill();
  return { megabytes: ((await used()) - before) / 2 ** 20, held };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: "string", default: "4000" }, tokens: { type: "string", default: "300" } },
  });
  const [rows, tokens] = [Number(values.rows), Number(values.tokens)];

  const one = answer(0, rowsAtOnce, tokens);
  const perAnswer = rowsAtOnce * 2 * tokens;
  const bytes = new Table("Between processes", ["form", "bytes per token"]);
  bytes.add(["objects in JSON", (Buffer.byteLength(asObjects(one)) / perAnswer).toFixed(1)]);
  bytes.add(["columns, structured clone", (serialize({ rows: one.rows }).length / perAnswer).toFixed(1)]);

  const store = new ScoreStore();
  const columns = await kept(() => {
    store.learn("model", "files", 0);
    for (let first = 0; first < rows; first += rowsAtOnce) {
      const message: unknown = deserialize(
        serialize(answer(first, Math.min(rowsAtOnce, rows - first), tokens)),
      );
      for (const row of (message as { rows: AnsweredRow[] }).rows)
        store.set("model", "files", `row ${first + row.row} of a file`, { kind: "scored", row });
    }
    return store;
  });
  const there = Array.from({ length: rows }, (_, i) => store.get("model", `row ${i} of a file`)).filter(
    Boolean,
  );
  const objects = await kept(() =>
    Array.from({ length: Math.ceil(rows / rowsAtOnce) }, (_, i): unknown =>
      JSON.parse(asObjects(answer(i * rowsAtOnce, Math.min(rowsAtOnce, rows - i * rowsAtOnce), tokens))),
    ),
  );
  const memory = new Table(`In the extension host: ${rows} rows of 2 × ${tokens} tokens`, [
    "form",
    "MB",
    "rows kept",
  ]);
  memory.add(["objects", objects.megabytes.toFixed(0), String(rows)]);
  memory.add(["score store", columns.megabytes.toFixed(1), String(there.length)]);
  console.log(`\nThe store counts ${(store.bytes / 2 ** 20).toFixed(1)} MB.`);
}

void main();
