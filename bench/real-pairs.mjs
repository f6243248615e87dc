/**
 * Writes preference pairs of real solutions: a correct and an incorrect one of the same problem and the same family of
 * models (the part of `source` before the first slash), so that style says little about correctness. A pair can't be
 * of a single model, because each model has only one solution per problem.
 *
 *     node bench/real-pairs.mjs ../shared/data/gsm8k_solutions.train.jsonl.gz OUT.jsonl [PAIRS] [LONGEST]
 *
 * PAIRS is the maximum number of pairs (default 2000), LONGEST the maximum number of characters in question and
 * solution (default 1000). The order is seeded.
 */
import { createReadStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

const [source, out, most = "2000", longest = "1000"] = process.argv.slice(2);
if (out === undefined)
  throw new Error("usage: real-pairs.mjs SOLUTIONS.jsonl.gz OUT.jsonl [PAIRS] [LONGEST]");

let state = 1;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function shuffle(items) {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

const groups = new Map();
for await (const line of createInterface({ input: createReadStream(source).pipe(createGunzip()) })) {
  const { pid, question, source: model, solution, correct } = JSON.parse(line);
  if (question.length + solution.length > Number(longest)) continue;
  const family = model.split("/")[0];
  const key = `${pid} ${family}`;
  const group = groups.get(key) ?? { prompt: `${question}\n`, source: family, right: [], wrong: [] };
  groups.set(key, group);
  (correct ? group.right : group.wrong).push(solution);
}

const pairs = [];
for (const { prompt, source: family, right, wrong } of groups.values()) {
  shuffle(right);
  shuffle(wrong);
  for (let i = 0; i < Math.min(right.length, wrong.length, 3); i++)
    pairs.push({ prompt, chosen: right[i], rejected: wrong[i], source: family });
}
const rows = shuffle(pairs).slice(0, Number(most));
writeFileSync(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
console.log(
  `${rows.length} of ${pairs.length} pairs, ${new Set(rows.map(({ prompt }) => prompt)).size} problems`,
);
