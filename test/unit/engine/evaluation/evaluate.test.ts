/** Datasets from their rows to what is measured of them, with a model whose reward is the number its answer ends with. */
import { describe, expect, test } from "vitest";
import type { BadRow, Completion, DatasetRow } from "../../../../extension/engine/data/rows/row";
import { InputError } from "../../../../extension/engine/errors";
import { type EvaluateOptions, evaluate } from "../../../../extension/engine/evaluation/evaluate";
import { Goals } from "../../../../extension/engine/scoring/score";
import { eosId, type FakeOptions, fakeModel, hiddenSize, inTurn } from "../../../support/fake-model";

const goal = { name: "good", prototypes: 1, data: new Float32Array(hiddenSize) };

/** The last digit so far; NaN after an `x`. `!` is far from the goal state, all else near it. */
const scores: FakeOptions = {
  reward: (ids) => {
    const last = ids.filter((id) => id !== eosId).at(-1) ?? 0;
    return String.fromCharCode(last) === "x" ? Number.NaN : last - 48;
  },
  q: (ids) => (ids.at(-1) === 33 ? -0.5 : 0.5),
};

function options(changed: Partial<EvaluateOptions> = {}): EvaluateOptions {
  return {
    goals: new Goals([goal], hiddenSize),
    batchTokens: 64,
    maxLength: 100,
    chat: false,
    localization: { threshold: 0, skip: 0 },
    bootstrap: { seed: 1, resamples: 20 },
    place: "data.jsonl",
    onProgress: () => undefined,
    onBadRow: async () => undefined,
    ...changed,
  };
}

function run(rows: readonly (DatasetRow | BadRow)[], changed: Partial<EvaluateOptions> = {}) {
  return evaluate(fakeModel(scores).model, inTurn(...rows), options(changed));
}

const row = (index: number, ...completions: readonly Completion[]): DatasetRow => ({
  row: index,
  place: `data.jsonl:${index + 1}`,
  completions,
});
const pair = (index: number, chosen: string, rejected: string): DatasetRow =>
  row(
    index,
    { role: "chosen", prompt: `${index}`, completion: chosen },
    { role: "rejected", prompt: `${index}`, completion: rejected },
  );
const answer = (completion: string, rest: Partial<Completion> = {}): Completion => ({
  role: "completion",
  prompt: "p",
  completion,
  ...rest,
});
const bad: BadRow = { row: 1, place: "data.jsonl:2", problem: "is not JSON" };

describe("an evaluation", () => {
  test("of pairs counts rows, prompts, accuracy and margins, and nothing that the rows do not allow", async () => {
    const found = await run([pair(0, "a9", "b2"), pair(1, "a1", "b4"), pair(2, "a6", "b5")]);
    expect(found).toMatchObject({ rows: 3, badRows: 0, completions: 6, prompts: 3, withoutReward: 0 });
    expect(found.pairs).toMatchObject({ pairs: 3, accuracy: { value: 2 / 3 } });
    expect(found.pairs?.margin.value).toBeCloseTo(5 / 3, 12);
    expect(found).not.toHaveProperty("labels");
    expect(found).not.toHaveProperty("localization");
    expect([found.rewardQuantiles[0], found.rewardQuantiles[20]]).toEqual([1, 9]);
  });

  test("says with which settings it was made", async () => {
    const settings = { localization: { threshold: 0.25, skip: 3 }, bootstrap: { seed: 8, resamples: 30 } };
    expect((await run([pair(0, "9", "2")], settings)).settings).toEqual(settings);
  });

  test("of labels has their AUROC, by share of the completion too", async () => {
    const right = answer("00000000000000000009", { label: true });
    const found = await run([row(0, right, answer("99999999999999999990", { label: false }))]);
    expect(found).not.toHaveProperty("pairs");
    expect(found.labels).toMatchObject({ right: 1, wrong: 1, auroc: { value: 1 } });
    expect(found.labels).not.toHaveProperty("withinGroups");
    expect(found.labels?.partial.map(({ auroc }) => auroc)).toEqual([...Array(10).fill(0), 1]);
  });

  test("of labels leaves completions whose partial rewards are unknown out of the AUROC by share alone", async () => {
    const found = await run([
      row(0, answer("5x5555555555555555555", { label: true }), answer("6", { label: true })),
      row(1, answer("2", { label: false }), answer("7", { label: false })),
      // Its first token alone is not a number.
      row(2, answer("x9", { label: true })),
    ]);
    expect(found.labels).toMatchObject({ right: 3, wrong: 2, auroc: { value: 4 / 6 } });
    expect(found.labels?.partial[10]?.auroc).toBeCloseTo(2 / 4, 12);
  });

  test("of steps says where the first low token is, for each goal state", async () => {
    const steps = [
      { start: 0, end: 2, correct: true },
      { start: 2, end: 4, correct: false },
    ];
    const found = await run([row(0, answer("ab!d", { steps })), row(1, answer("a!cd", { steps }))]);
    expect(found).not.toHaveProperty("pairs");
    expect(found.localization).toMatchObject({ good: { wrong: 2, inside: 0.5, earlier: 0.5 } });
  });

  test("passes over rows that are bad or cannot be encoded, counting and telling them", async () => {
    const told: BadRow[] = [];
    const conversation = answer("", { completion: [{ role: "assistant", content: "Hi" }], label: true });
    const found = await run([pair(0, "9", "2"), bad, row(2, conversation), pair(3, "8", "1")], {
      onBadRow: async (problem) => void told.push(problem),
    });
    expect(found).toMatchObject({ rows: 2, badRows: 2, pairs: { pairs: 2, accuracy: { value: 1 } } });
    expect(told.map(({ row }) => row)).toEqual([1, 2]);
    expect(told[0]).toEqual(bad);
  });

  test("tells as it goes how many completions are done", async () => {
    const told: number[] = [];
    await run(
      Array.from({ length: 40 }, (_, i) => pair(i, "12345679", "12345672")),
      { batchTokens: 10, onProgress: (completions) => void told.push(completions) },
    );
    expect(told.at(-1)).toBe(80);
    expect(told.length).toBeGreaterThan(1);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
  });
});

describe("a dataset that measures nothing is refused, with what it lacks:", () => {
  async function refusal(rows: readonly (DatasetRow | BadRow)[], goals = [goal]): Promise<string> {
    const refused: unknown = await run(rows, { goals: new Goals(goals, hiddenSize) }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(InputError);
    return refused instanceof Error ? refused.message : "";
  }

  test("rows that can be scored", async () => {
    expect(await refusal([bad])).toBe("data.jsonl: has no row that can be scored");
    expect(await refusal([])).toBe("data.jsonl: has no row that can be scored");
  });

  test("pairs, labels or steps", async () => {
    const message = await refusal([row(0, answer("5"))]);
    expect(message).toBe(
      "data.jsonl: has nothing to measure a model by: rows need `chosen` and `rejected`, a label of correct or incorrect, " +
        "or steps with the first incorrect one",
    );
  });

  test("a goal state, without which steps are of no use", async () => {
    const steps = [{ start: 0, end: 2, correct: false }];
    const message = await refusal([row(0, answer("a5", { steps }))], []);
    expect(message).toContain("steps also need a goal state");
  });

  test("rewards that are numbers", async () => {
    expect(await refusal([pair(0, "x", "x")], [])).toContain("no reward that is finite");
    expect(await refusal([row(0, answer("x")), row(1, answer("5"))], [])).toContain("rows need `chosen`");
    expect(await refusal([pair(0, "x", "x")])).toContain("rows need `chosen`");
  });
});
