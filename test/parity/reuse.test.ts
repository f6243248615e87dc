/** Continuing from a cached prefix equals computing the whole sequence, for every family, head and adapter. */
import { describe, expect, it } from "vitest";
import { randomSequence } from "../../extension/engine/random";
import type { GoalMatrix, ScoringSession } from "../../extension/engine/runtime/session";
import { scoreOnPrefixes } from "../../extension/engine/scoring/prefixes/prefix-reuse";
import { PrefixStore } from "../../extension/engine/scoring/prefixes/prefix-store";
import {
  type SequenceScores,
  sequenceScoresOf,
} from "../../extension/engine/scoring/prefixes/sequence-scores";
import { fixtureFolder, fixtureNames, openSession, readExpected } from "./fixture";

/** Its head width is not a multiple of eight, so it uses primitive operators and has no cache. */
const plain = ["llama-head-dim-12"];
const longest = 64;

describe("a session that returns keys and values", () => {
  it.each(fixtureNames)("%s", async (name) => {
    const session = await openSession(fixtureFolder(name), { provider: "cpu", kernels: "fused" });
    expect(session.canReuse).toBe(!plain.includes(name));
    await session.release();
  });

  it("is on the CPU, with its fused kernels", async () => {
    const session = await openSession(fixtureFolder("llama"), { provider: "cpu", kernels: "primitive" });
    expect(session.canReuse).toBe(false);
    await session.release();
  });
});

it.each(fixtureNames.filter((name) => !plain.includes(name)))("edits of %s", async (name) => {
  const session = await openSession(fixtureFolder(name), { provider: "cpu", kernels: "fused" });
  const { goals, sequences } = await readExpected(name);
  const highest = Math.max(...sequences.flatMap(({ ids }) => [...ids]));
  const store = new PrefixStore(2 ** 20, session.lengthBoundary);
  const random = randomSequence(name.length);
  const below = (count: number): number => Math.floor(random() * count);
  const tokens = (length: number): number[] => Array.from({ length }, () => below(highest + 1));
  let ids = Int32Array.from(tokens(40));
  let [worst, computed, all] = [0, 0, 0];
  for (let edit = 0; edit < 24; edit++) {
    const at = below(ids.length);
    const edited = [...ids];
    edited.splice(at, below(6), ...tokens(below(6)));
    ids = Int32Array.from(edited.slice(0, longest).concat(tokens(Math.max(0, 20 - edited.length))));
    const sibling = Int32Array.from([...ids.slice(0, 18), ...tokens(9)]);
    const before = session.computedTokens;
    const scores = await scoreOnPrefixes(session, store, [ids, sibling], { goals, batchTokens: 256 });
    computed += session.computedTokens - before;
    all += ids.length + sibling.length;
    worst = Math.max(worst, await error(session, [ids, sibling], goals, scores));
  }
  await session.release();
  expect(worst).toBeLessThan(1e-4);
  expect(computed).toBeLessThan(0.8 * all);
});

/** Largest difference from the scores of each sequence alone, computed without a cached prefix. */
async function error(
  session: ScoringSession,
  rows: readonly Int32Array[],
  goals: GoalMatrix,
  scores: readonly SequenceScores[],
): Promise<number> {
  let worst = 0;
  for (const [i, row] of rows.entries()) {
    const whole = sequenceScoresOf(await session.run([row], goals), 0, row.length, goals.count);
    for (const key of ["q", "partialReward"] as const) {
      const [found, expected] = [scores[i]?.[key] ?? [], whole[key] ?? []];
      expect(found).toHaveLength(expected.length);
      for (const [t, value] of expected.entries())
        worst = Math.max(worst, Math.abs(value - (found[t] ?? Number.NaN)));
    }
  }
  return worst;
}

// Fused attention works in blocks, and edits of short sequences do not fill a single one.
it.each(["mistral", "llama3-rope", "gemma2", "gpt-neox"])("an edit of long %s", async (name) => {
  const session = await openSession(fixtureFolder(name), { provider: "cpu", kernels: "fused" });
  const { goals } = await readExpected(name);
  const random = randomSequence(5);
  const ids = Int32Array.from({ length: 700 }, () => Math.floor(random() * 64));
  const edited = ids.map((id, t) => (t === 450 ? (id + 1) % 64 : id));
  const store = new PrefixStore(2 ** 24, session.lengthBoundary);
  const options = { goals, batchTokens: 1024 };
  await scoreOnPrefixes(session, store, [ids], options);
  const before = session.computedTokens;
  const scores = await scoreOnPrefixes(session, store, [edited], options);
  expect(session.computedTokens - before).toBe(250);
  expect(await error(session, [edited], goals, scores)).toBeLessThan(1e-4);
  await session.release();
});
