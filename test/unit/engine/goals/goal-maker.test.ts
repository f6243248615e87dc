/** Tests goal states made from hidden states that are known functions of the tokens. */
import { describe, expect, test } from "vitest";
import type { BadRow, Completion, DatasetRow } from "../../../../extension/engine/data/rows/row";
import { InputError } from "../../../../extension/engine/errors";
import { type GoalOptions, makeGoal } from "../../../../extension/engine/goals/goal-maker";
import { eosId, type FakeModel, fakeModel, inTurn } from "../../../support/fake-model";

const options: GoalOptions = {
  name: "good",
  strategy: "last",
  prototypes: 2,
  seed: 1,
  limit: 1000,
  batchTokens: 64,
  maxLength: 100,
  chat: false,
  place: "data.jsonl",
  onProgress: () => undefined,
  onBadRow: async () => undefined,
};

/** The hidden state at a token: the number of tokens so far, and the digit before the last of them. */
const counting = (): FakeModel =>
  fakeModel({ hidden: (ids) => [ids.length, (ids.filter((id) => id !== eosId).at(-1) ?? 48) - 48] });

function make(
  rows: readonly (DatasetRow | BadRow)[],
  changed: Partial<GoalOptions> = {},
  { model }: FakeModel = counting(),
) {
  return makeGoal(model, inTurn(...rows), { ...options, ...changed });
}

function row(index: number, ...completions: readonly Partial<Completion>[]): DatasetRow {
  return {
    row: index,
    place: `data.jsonl:${index + 1}`,
    completions: completions.map((one) => ({ role: "chosen", prompt: "p", completion: "", ...one })),
  };
}
/** Creates rows with one chosen completion each. */
const chosen = (...texts: readonly string[]): DatasetRow[] =>
  texts.map((completion, i) => row(i, { completion }));

describe("the goal state of last tokens", () => {
  test("is the mean of their hidden states (paper eq. 7), the end-of-sequence token counted", async () => {
    const { state, completions } = await make(chosen("1", "x9", "xx2"));
    expect(completions).toBe(3);
    expect(state).toEqual({
      name: "good",
      prototypes: 1,
      data: Float32Array.of((3 + 4 + 5) / 3, (1 + 9 + 2) / 3),
    });
  });

  test("uses chosen completions and those labeled true", async () => {
    const rows = [
      row(0, { completion: "1" }, { role: "rejected", completion: "xxxxxx9" }),
      row(1, { role: "completion", completion: "3", label: true }),
      row(
        2,
        { role: "completion", completion: "xx9", label: false },
        { role: "completion", completion: "xx9" },
      ),
    ];
    expect(await make(rows)).toMatchObject({ completions: 2, state: { data: Float32Array.of(3, 2) } });
  });

  test("skips completions that were truncated completely", async () => {
    const prompt = "p".repeat(10);
    const rows = [
      ...chosen("1"),
      row(1, { prompt, completion: "9" }),
      row(2, { prompt: "pppp", completion: "7" }),
    ];
    expect(await make(rows, { maxLength: 5 })).toMatchObject({
      completions: 2,
      state: { data: Float32Array.of(4, 4) },
    });
  });

  test("does not depend on how completions are batched", async () => {
    const texts = Array.from({ length: 600 }, (_, i) => `${"x".repeat(i % 7)}${i % 10}`);
    const whole = await make(chosen(...texts));
    expect(await make(chosen(...texts), { batchTokens: 1 })).toEqual(whole);
    const mean = texts.reduce((total, text) => total + text.length + 2, 0) / texts.length;
    expect(whole.state.data[0]).toBeCloseTo(mean, 4);
    expect(whole.completions).toBe(600);
  });

  test("uses the first completions up to the limit, and reads no further", async () => {
    async function* rows(): AsyncGenerator<DatasetRow> {
      yield* chosen("1", "3");
      throw new Error("read too far");
    }
    const made = await makeGoal(counting().model, rows(), { ...options, limit: 2 });
    expect(made).toMatchObject({ completions: 2, state: { data: Float32Array.of(3, 2) } });
  });

  test("skips and reports rows that are bad or cannot be encoded", async () => {
    const told: BadRow[] = [];
    const bad: BadRow = { row: 0, place: "data.jsonl:1", problem: "is not JSON" };
    const turns = row(1, { completion: [{ role: "assistant", content: "9" }] });
    const made = await make([bad, turns, ...chosen("1")], { onBadRow: async (one) => void told.push(one) });
    expect(made).toMatchObject({ completions: 1, state: { data: Float32Array.of(3, 1) } });
    expect(told).toMatchObject([bad, { row: 1, problem: expect.stringContaining("chat_template") }]);
  });

  test("holds 256 completions in memory at a time, and reports progress after each group", async () => {
    let told = 0;
    const { model, runs } = counting();
    const texts = Array.from({ length: 513 }, () => "1");
    await make(chosen(...texts), { batchTokens: 1e6, onProgress: () => void told++ }, { model, runs });
    expect(runs.map(({ length }) => length)).toEqual([256, 256, 1]);
    expect(told).toBe(3);
  });

  test("never mixes sequences from both sides of the length boundary in a batch", async () => {
    const fake = fakeModel({ hidden: () => [1, 1], lengthBoundary: 4 });
    await make(chosen("1", "xxxxxx", "22"), {}, fake);
    expect(fake.runs.map((run) => run.map(({ length }) => length))).toEqual([[8], [4, 3]]);
  });
});

describe("the goal state of random tokens", () => {
  /** One-hot hidden state by token index, for the first eight tokens. */
  const placed = (): FakeModel =>
    fakeModel({ hidden: (ids) => [ids.length === 2 ? 1 : 0, ids.length === 5 ? 1 : 0] });
  const texts = Array.from({ length: 400 }, () => "abc");

  test("draws uniformly from a completion's tokens, and never from the prompt's", async () => {
    const { state } = await make(chosen(...texts), { strategy: "random" }, placed());
    const [first = 0, last = 0] = state.data;
    expect(Math.abs(first - 0.25)).toBeLessThan(0.08);
    expect(Math.abs(last - 0.25)).toBeLessThan(0.08);
    const prompt = fakeModel({ hidden: (ids) => [ids.length < 2 ? 1 : 0, 0] });
    expect((await make(chosen(...texts), { strategy: "random" }, prompt)).state.data[0]).toBe(0);
  });

  test("is the same for the same seed", async () => {
    const of = async (seed: number) =>
      (await make(chosen(...texts), { strategy: "random", seed }, placed())).state;
    expect(await of(3)).toEqual(await of(3));
    expect(await of(3)).not.toEqual(await of(4));
  });
});

describe("the goal state of clusters", () => {
  /** Hidden states in two directions, with different norms. */
  const split = (): FakeModel =>
    fakeModel({ hidden: (ids) => (ids.includes(65) ? [ids.length, 0] : [0, 3 * ids.length]) });

  test("consists of the centers of the directions, regardless of norms", async () => {
    const rows = chosen("A", "AA", "AAAA", "B", "BBB");
    const { state, completions } = await make(rows, { strategy: "kmeans" }, split());
    expect([state.name, state.prototypes, completions]).toEqual(["good", 2, 5]);
    const centers = [[...state.data.subarray(0, 2)], [...state.data.subarray(2)]].sort(
      (a, b) => (a[0] ?? 0) - (b[0] ?? 0),
    );
    expect(centers).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  test("is the same for the same seed", async () => {
    const scattered = fakeModel({ hidden: (ids) => [Math.cos(ids[1] ?? 0), Math.sin(ids[1] ?? 0)] });
    const rows = chosen(...Array.from({ length: 40 }, (_, i) => String.fromCharCode(40 + i)));
    const of = async (seed: number) =>
      (await make(rows, { strategy: "kmeans", prototypes: 7, seed }, scattered)).state.data;
    expect(await of(3)).toEqual(await of(3));
    expect(await of(3)).not.toEqual(await of(4));
  });

  test("stays finite for a hidden state of zeros", async () => {
    const zero = fakeModel({ hidden: () => [0, 0] });
    const { state } = await make(chosen("A", "B"), { strategy: "kmeans", prototypes: 1 }, zero);
    expect(state.data).toEqual(Float32Array.of(0, 0));
  });

  test("needs at least as many completions as clusters", async () => {
    const few = make(chosen("A", "B"), { strategy: "kmeans", prototypes: 3 }, split());
    await expect(few).rejects.toThrow("data.jsonl: has 2 preferred completions, too few for 3 prototypes");
    expect((await make(chosen("A", "B"), { strategy: "kmeans" }, split())).completions).toBe(2);
  });
});

describe("no goal state is made", () => {
  test("of a dataset without preferred completions", async () => {
    const none = make([row(0, { role: "rejected" }, { role: "completion", label: false })]);
    await expect(none).rejects.toThrow(InputError);
    await expect(make([])).rejects.toThrow(
      "data.jsonl: has no preferred completions; rows need `chosen`, or a label",
    );
  });

  test("of hidden states that are not finite", async () => {
    const broken = fakeModel({ hidden: (ids) => [1, ids.length > 4 ? Number.NaN : 1] });
    await expect(make(chosen("1", "123"), {}, broken)).rejects.toThrow(
      "data.jsonl: produces hidden states that are not finite; check the model's weights",
    );
  });

  test("after an abort, which takes effect before the next batch", async () => {
    const stop = new AbortController();
    const fake = fakeModel({
      hidden: () => {
        stop.abort(new Error("enough"));
        return [1, 1];
      },
    });
    const aborted = make(chosen("1", "2", "3"), { batchTokens: 1, signal: stop.signal }, fake);
    await expect(aborted).rejects.toThrow("enough");
    expect(fake.runs).toHaveLength(1);
  });
});
