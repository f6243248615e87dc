/** Scores are found by what they depend on, until the store is full. */
import { describe, expect, test } from "vitest";
import { bytesOf, type Outcome, textsOf } from "../../../extension/scores/outcome";
import { Packing } from "../../../extension/scores/packing";
import { requestKey } from "../../../extension/scores/request-key";
import { ScoreStore } from "../../../extension/scores/score-store";
import { keyed } from "../../support/fake-engine";
import { scored, tokensAt } from "../../support/scores";

function outcome(reward: number): Outcome {
  const scores = [scored({ reward, tokenScores: tokensAt([0, 1, 0.5], [1, 2, -0.5]) })];
  return { kind: "scored", row: { row: 0, place: "a.jsonl:1", texts: [null], scores } };
}

function rewardOf(found: Outcome | undefined): number | null | undefined {
  return found?.kind === "scored" ? found.row.scores[0]?.reward : undefined;
}

describe("the key of a request", () => {
  const request = { model: "m", device: "cpu", maxLength: 512, chat: false } as const;

  test.each([
    { model: "n" },
    { base: "b" },
    { device: "auto" },
    { maxLength: 256 },
    { chat: true },
    { goals: ["good"] },
  ] as const)("changes with %o", (change) => {
    expect(requestKey({ ...request, ...change })).not.toBe(requestKey(request));
  });

  test("does not depend on how fast rows are scored", () => {
    const sooner = { ...request, batchTokens: 128, reuse: true, tokens: true };
    expect(requestKey(sooner)).toBe(requestKey(request));
  });
});

describe("the store", () => {
  test("finds nothing before it knows the model's files", () => {
    const store = new ScoreStore();
    store.set("m", "old", "row", outcome(1));
    expect(store.get("m", "row")).toBeUndefined();
    expect(store.learn("m", "old", 0)).toBe(false);
    expect(rewardOf(store.get("m", "row"))).toBe(1);
    expect(store.get("n", "row")).toBeUndefined();
  });

  test("never mixes scores of two models, and restores those of files that return", () => {
    const store = new ScoreStore();
    store.learn("m", "old", 0);
    store.set("m", "old", "row", outcome(1));
    expect(store.learn("m", "new", 1)).toBe(true);
    expect(store.get("m", "row")).toBeUndefined();
    store.set("m", "new", "row", outcome(-1));
    expect(rewardOf(store.get("m", "row"))).toBe(-1);
    expect(store.learn("m", "old", 2)).toBe(true);
    expect(rewardOf(store.get("m", "row"))).toBe(1);
  });

  test("ignores the late answer to an earlier request", () => {
    const store = new ScoreStore();
    store.learn("m", "old", 0);
    store.learn("m", "new", 2);
    expect(store.learn("m", "old", 1)).toBe(false);
    expect(store.fingerprint("m")).toBe("new");
  });

  test("drops the least recently used scores when it is full", () => {
    const size = bytesOf(outcome(1));
    const store = new ScoreStore(3 * size);
    store.learn("m", "files", 0);
    for (const row of ["a", "b", "c"]) store.set("m", "files", row, outcome(1));
    expect(store.bytes).toBe(3 * size);
    store.get("m", "a");
    store.set("m", "files", "d", outcome(1));
    expect(["a", "b", "c", "d"].map((row) => store.get("m", row) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(store.bytes).toBe(3 * size);
  });
});

describe("an outcome", () => {
  test("keeps only its own numbers of the message that it came in", () => {
    const message = new ArrayBuffer(1 << 20);
    const tokens = tokensAt([0, 1, 0.5], [1, 2, -0.5]);
    const ids = new Int32Array(message, 400, 2);
    ids.set([7, 8]);
    const partialRewards = new Float32Array(message, 800, 2);
    partialRewards.set([1.5, Number.NaN]);
    const row = {
      row: 0,
      place: "",
      texts: [null],
      scores: [scored({ tokenScores: { ...tokens, ids, partialRewards } })],
    };
    const own = new Packing().row(row);
    expect(own).toEqual(row);
    const columns = own.scores.flatMap(({ tokenScores: t }) =>
      t ? [t.ids, t.starts, t.partialRewards, t.q.good] : [],
    );
    expect(new Set(columns.map((column) => column?.buffer.byteLength))).toEqual(new Set([2 * 20]));
  });

  test("has the texts of the request, and those that a template wrote", () => {
    const { row } = keyed("asked");
    const [completion] = row.completions;
    if (!completion) throw new Error("a keyed row has a completion");
    const asked = { ...row, completions: [completion, completion] };
    const answer = { row: 0, place: "", texts: [null, "written"], scores: [] };
    expect(textsOf(answer, asked)).toEqual(["asked", "written"]);
    const chat = { ...completion, completion: [{ role: "assistant", content: "asked" }] };
    expect(() => textsOf(answer, { ...row, completions: [chat] })).toThrow(/another row/);
  });
});
