/** Datasets as they are scored: rows in their order, batched, aborted, and what looks wrong with them. */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { BadRow, Completion, DatasetRow } from "../../../../extension/engine/data/rows/row";
import { Goals } from "../../../../extension/engine/scoring/score";
import { type ScoreOptions, scoreRows } from "../../../../extension/engine/scoring/stream";
import type { ScoredRow } from "../../../../extension/protocol/scores";
import {
  codesOf,
  eosId,
  type FakeModel,
  fakeModel,
  hiddenSize,
  inTurn,
  mixed,
  samplesOf,
} from "../../../support/fake-model";

const goals = new Goals([{ name: "good", prototypes: 1, data: new Float32Array(hiddenSize) }], hiddenSize);
const options: ScoreOptions = { goals, wantsTokens: false, batchTokens: 32, maxLength: 100, chat: false };

async function windows(
  { model }: FakeModel,
  rows: readonly (DatasetRow | BadRow)[],
  changed: Partial<ScoreOptions> = {},
): Promise<(readonly (ScoredRow | BadRow)[])[]> {
  const found: (readonly (ScoredRow | BadRow)[])[] = [];
  for await (const window of scoreRows(model, inTurn(...rows), { ...options, ...changed }))
    found.push(window);
  return found;
}

async function score(
  rows: readonly (DatasetRow | BadRow)[],
  changed?: Partial<ScoreOptions>,
  fake = fakeModel(),
) {
  return (await windows(fake, rows, changed)).flat();
}

function rewards(rows: readonly (ScoredRow | BadRow)[]): (number | null)[][] {
  return rows.map((row) => ("problem" in row ? [] : row.scores.map(({ reward }) => reward)));
}

const bad = (row: number): BadRow => ({ row, place: `x:${row + 1}`, problem: "is not JSON" });
const rewardOf = (text: string): number => mixed([...codesOf(text), eosId]);

describe("rows", () => {
  test("come out in their order, with their places, texts and roles, bad ones among them", async () => {
    const completion = (role: Completion["role"], text: string): Completion => ({
      role,
      prompt: "p",
      completion: text,
    });
    const pair = {
      row: 0,
      place: "x:1",
      completions: [completion("chosen", "yes"), completion("rejected", "no")],
    };
    const conversation = samplesOf(2, "p", "");
    const [first] = conversation.completions;
    const unreadable = { ...conversation, completions: first ? [{ ...first, completion: [] }] : [] };
    const found = await score([pair, bad(1), unreadable, samplesOf(3, "q", "a", "bb", "ccc")]);
    expect(found).toMatchObject([
      {
        row: 0,
        place: "x:1",
        texts: ["yes", "no"],
        scores: [
          { row: 0, role: "chosen" },
          { row: 0, role: "rejected" },
        ],
      },
      bad(1),
      { row: 2, place: "x:3", problem: expect.stringContaining("the checkpoint has none") },
      {
        row: 3,
        place: "x:4",
        texts: ["a", "bb", "ccc"],
        scores: Array(3).fill({ row: 3, role: "completion" }),
      },
    ]);
    expect(rewards(found)).toEqual([
      [rewardOf("pyes"), rewardOf("pno")],
      [],
      [],
      [rewardOf("qa"), rewardOf("qbb"), rewardOf("qccc")],
    ]);
  });

  test("have the scores of their tokens only if these are wanted", async () => {
    const rows = [samplesOf(0, "p", "ab")];
    const [without] = await score(rows);
    expect(without).not.toHaveProperty("scores.0.tokenScores");
    const [scored] = await score(rows, { wantsTokens: true });
    expect(scored).toHaveProperty("scores.0.tokenScores.ids.length", 3);
  });

  test("have the same scores in batches of any size, on prefixes or not, and no batch is over its tokens", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    const row = fc.array(text, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        fc.constantFrom(10, 30, Number.POSITIVE_INFINITY),
        async (texts, batchTokens, canReuse, lengthBoundary) => {
          const prompt = "p".repeat(17);
          const rows = texts.map((samples, i) => samplesOf(i, prompt, ...samples));
          const fake = fakeModel({ canReuse, lengthBoundary, capacity: 600 });
          const found = await score(rows, { batchTokens, reuse: true }, fake);
          expect(rewards(found)).toEqual(
            texts.map((samples) => samples.map((each) => rewardOf(prompt + each))),
          );
          for (const run of fake.runs) {
            const longest = Math.max(...run.map(({ length }) => length));
            if (run.length > 1) expect(run.length * longest).toBeLessThanOrEqual(batchTokens);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("reuse", () => {
  const rows = [samplesOf(0, "p".repeat(40), "aa"), samplesOf(1, "p".repeat(40), "ab")];
  const tokens = ({ runs }: FakeModel): number => runs.flat(2).length;

  test("computes what sequences share once", async () => {
    const fake = fakeModel({ canReuse: true });
    await score(rows, { reuse: true }, fake);
    expect(tokens(fake)).toBe(43 + 2);
    await score(rows, { reuse: true }, fake);
    expect(tokens(fake)).toBe(43 + 2);
  });

  test.each([
    [true, { reuse: false }],
    [true, {}],
    [false, { reuse: true }],
  ])("needs a device that can (%s) and to be asked for (%o)", async (canReuse, changed) => {
    const fake = fakeModel({ canReuse });
    await score(rows, changed, fake);
    expect(tokens(fake)).toBe(43 + 43);
    expect(fake.model.prefixes.find(Int32Array.from(codesOf("p".repeat(40))), goals.matrix)).toBeUndefined();
  });
});

describe("windows", () => {
  /** Rows of eight tokens each. */
  const rows = Array.from({ length: 1000 }, (_, i) => samplesOf(i, "pppp", "abc"));

  /** Lets every look at the clock take so many milliseconds. */
  function slow(milliseconds: number): void {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      now += milliseconds;
      return now;
    });
  }
  afterEach(() => vi.restoreAllMocks());

  test("are of 4 batches, then twice as many each time, up to 64", async () => {
    slow(4999);
    const found = await windows(fakeModel(), rows, { batchTokens: 16 });
    expect(found.map(({ length }) => length)).toEqual([8, 16, 32, 64, 128, 128, 128, 128, 128, 128, 112]);
    expect(found.flat().map(({ row }) => row)).toEqual(rows.map(({ row }) => row));
  });

  test("stop growing when one takes five seconds: rows should keep coming", async () => {
    slow(5000);
    const found = await windows(fakeModel(), rows.slice(0, 40), { batchTokens: 16 });
    expect(found.map(({ length }) => length)).toEqual([8, 8, 8, 8, 8]);
  });

  test("do not gather bad rows without end", async () => {
    const found = await windows(
      fakeModel(),
      Array.from({ length: 100 }, (_, i) => bad(i)),
      { batchTokens: 5 },
    );
    expect(found.map(({ length }) => length)).toEqual([20, 40, 40]);
  });

  test("are none without rows", async () => {
    expect(await windows(fakeModel(), [])).toEqual([]);
  });

  test("end at the next batch after an abort", async () => {
    const stop = new AbortController();
    const fake = fakeModel({
      reward: () => {
        stop.abort(new Error("enough"));
        return 1;
      },
    });
    await expect(windows(fake, rows, { batchTokens: 16, signal: stop.signal })).rejects.toThrow("enough");
    expect(fake.runs).toHaveLength(1);
  });

  test("take no rows once they are aborted", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    const fake = fakeModel();
    await expect(windows(fake, rows, { signal: stop.signal })).rejects.toThrow("enough");
    expect(fake.runs).toEqual([]);
  });
});

describe("the same reward for different texts is told", () => {
  /** Scores of completions whose rewards are given, which their texts name by their index. */
  async function told(
    given: readonly number[],
    texts: readonly string[],
    role: Completion["role"] = "completion",
  ) {
    const byText = new Map(texts.map((text, i) => [text, given[i] ?? 0]));
    const reward = (ids: readonly number[]) =>
      byText.get(String.fromCharCode(...ids.slice(1).filter((id) => id !== eosId))) ?? 0;
    const row = samplesOf(0, "p", ...texts);
    const roles = row.completions.map((completion, i) => (i === 0 ? { ...completion, role } : completion));
    const [found] = await score([{ ...row, completions: roles }], {}, fakeModel({ reward }));
    return found && "scores" in found ? found.scores.map(({ warnings }) => warnings) : [];
  }
  const same = (name: string) => [{ kind: "identical-scores", with: name }];

  test("by the number of the other completion, or by its role", async () => {
    expect(await told([1, 2, 1], ["a", "b", "c"])).toEqual([same("3."), [], same("1.")]);
    expect(await told([1, 1], ["a", "b"], "chosen")).toEqual([same("2."), same("chosen")]);
  });

  test("but not if the texts are the same", async () => {
    expect(await told([1, 1], ["a", "a"])).toEqual([[], []]);
  });

  test("also if the order of a sum changed its last bit, and not if more than that differs", async () => {
    expect(await told([1, 1 + 2 ** -23], ["a", "b"])).toEqual([same("2."), same("1.")]);
    expect(await told([1, 1.0001], ["a", "b"])).toEqual([[], []]);
    expect(await told([1e-3, 1.1e-3], ["a", "b"])).toEqual([[], []]);
    expect(await told([-0.5, -0.5000005], ["a", "b"])).toEqual([same("2."), same("1.")]);
    expect(await told([-5000, -5000.002], ["a", "b"])).toEqual([same("2."), same("1.")]);
    expect(await told([5000, 5000.1], ["a", "b"])).toEqual([[], []]);
    expect(await told([1, -1], ["a", "b"])).toEqual([[], []]);
  });

  test("but not of rewards that are no numbers", async () => {
    expect((await told([Number.NaN, Number.NaN], ["a", "b"])).flat().map(({ kind }) => kind)).toEqual([
      "nan",
      "nan",
    ]);
  });

  test("but not of one that is no number and one that is 0", async () => {
    for (const given of [
      [Number.NaN, 0],
      [0, Number.NaN],
    ])
      expect((await told(given, ["a", "b"])).flat().map(({ kind }) => kind)).toEqual(["nan"]);
  });

  test("after the warnings that a completion has already", async () => {
    expect(await told([1, 1], ["", "b"])).toEqual([
      [{ kind: "empty-completion" }, ...same("2.")],
      same("1."),
    ]);
  });
});
