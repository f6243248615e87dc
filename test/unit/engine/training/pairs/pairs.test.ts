/** Tests pairs from rows of every format, encoded with the tiny checkpoint's tokenizer. */
import { beforeAll, describe, expect, test } from "vitest";
import { Checkpoint } from "../../../../../extension/engine/checkpoint/reading/checkpoint";
import type { BadRow, Completion, DatasetRow } from "../../../../../extension/engine/data/rows/row";
import { InputError } from "../../../../../extension/engine/errors";
import type { Encoder } from "../../../../../extension/engine/scoring/encode";
import { openModel } from "../../../../../extension/engine/scoring/reward-model";
import type { Pair, Sequence } from "../../../../../extension/engine/training/pairs/packed-pair";
import {
  type PairSet,
  type PairSettings,
  readPairs,
} from "../../../../../extension/engine/training/pairs/pairs";
import { checkpoint } from "../../../../support/fixture";

const settings: PairSettings = {
  objective: "reward",
  maxLength: 512,
  evalShare: 0,
  evalPairs: 1000,
  pairsPerPrompt: 8,
  seed: 1,
  chat: false,
};

let encoder: Encoder;
beforeAll(async () => {
  ({ encoder } = await openModel(await Checkpoint.open(checkpoint)));
});

type Row = Omit<DatasetRow, "row" | "place">;

async function read(rows: readonly (Row | BadRow)[], changes: Partial<PairSettings> = {}): Promise<PairSet> {
  async function* source(): AsyncGenerator<DatasetRow | BadRow> {
    for (const [row, parts] of rows.entries()) yield { row, place: `pairs.jsonl:${row + 1}`, ...parts };
  }
  return readPairs(source(), encoder, { ...settings, ...changes }, "pairs.jsonl");
}

function preference(prompt: string, chosen: string, rejected: string, margin?: number): Row {
  return {
    completions: [
      { role: "chosen", prompt, completion: chosen, label: true },
      { role: "rejected", prompt, completion: rejected, label: false },
    ],
    ...(margin === undefined ? {} : { margin }),
  };
}

function labeled(prompt: string, ...labels: readonly [completion: string, label: boolean][]): Row {
  return {
    completions: labels.map(
      ([completion, label]): Completion => ({ role: "completion", prompt, completion, label }),
    ),
  };
}

/** The completion's text, without the end-of-sequence token. */
function textOf({ ids, firstToken }: Sequence): string {
  const known = new Map<string, string>();
  for (const text of words)
    known.set(`${Array.from(encoder.tokenizer.encode(text, { addSpecialTokens: false }).ids)}`, text);
  const own = Array.from(ids.slice(firstToken));
  return known.get(`${own}`) ?? known.get(`${own.slice(0, -1)}`) ?? `unknown ${own}`;
}

const words = ["yes", "no", "one", "two", "three", "four", "five"];
const texts = (pairs: readonly Pair[]): string[] =>
  pairs.map(({ chosen, rejected }) => `${textOf(chosen)} > ${textOf(rejected)}`);

describe("pairs from rows", () => {
  test("a row with chosen and rejected is a pair, with its margin", async () => {
    const { training, evaluation, leftOut } = await read([
      preference("Q\n", "yes", "no", 1.5),
      preference("Q\n", "one", "two"),
    ]);
    expect(texts(training)).toEqual(["yes > no", "one > two"]);
    expect(training.map(({ margin }) => margin)).toEqual([1.5, 0]);
    expect(evaluation).toEqual([]);
    expect(leftOut).toEqual({});
  });

  test("correct and incorrect completions of one prompt are paired across rows; those of another prompt are not", async () => {
    const { training } = await read([
      labeled("A\n", ["yes", true]),
      labeled("B\n", ["one", true]),
      labeled("A\n", ["no", false]),
      labeled("B\n", ["two", false]),
    ]);
    expect(texts(training).sort()).toEqual(["one > two", "yes > no"]);
  });

  test("the samples of one row are paired once each, correct with incorrect", async () => {
    const row = labeled(
      "A\n",
      ["one", true],
      ["two", true],
      ["three", true],
      ["four", false],
      ["five", false],
    );
    const { training } = await read([row]);
    expect(training.length).toBe(2);
    const [chosen, rejected] = [
      training.map((pair) => textOf(pair.chosen)),
      training.map((pair) => textOf(pair.rejected)),
    ];
    for (const text of chosen) expect(["one", "two", "three"]).toContain(text);
    expect(new Set(chosen).size).toBe(2);
    expect(rejected.sort()).toEqual(["five", "four"]);
    expect((await read([row], { pairsPerPrompt: 1 })).training.length).toBe(1);
  });

  test("rows that name groups are paired within them", async () => {
    const rows = [
      { ...labeled("A\n", ["one", true], ["two", false]), group: "maths" },
      { ...labeled("A\n", ["three", true], ["four", false]), group: "advice" },
      { ...labeled("A\n", ["five", true]), group: "alone" },
    ];
    for (let seed = 0; seed < 5; seed++) {
      const { training, leftOut } = await read(rows, { seed });
      expect(texts(training).sort()).toEqual(["one > two", "three > four"]);
      expect(leftOut).toEqual({ "prompt whose completions are all correct or all incorrect": 1 });
    }
  });

  test("a conversation can be a prompt, and prompts are told apart by their turns", async () => {
    const turns = (content: string) => [{ role: "user", content }];
    const answer = (completion: string) => [{ role: "assistant", content: completion }];
    const row = (content: string, completion: string, label: boolean): Row => ({
      completions: [{ role: "completion", prompt: turns(content), completion: answer(completion), label }],
    });
    const { training } = await read([row("A", "yes", true), row("B", "one", true), row("A", "no", false)]);
    expect(training.length).toBe(1);
    expect(training[0]?.chosen.firstToken).toBeGreaterThan(0);
  });

  test("the language model takes every completion that is not dispreferred, once", async () => {
    const { training, leftOut } = await read(
      [
        preference("A\n", "yes", "no"),
        labeled("B\n", ["one", true], ["two", false]),
        { completions: [{ role: "completion", prompt: "C\n", completion: "three" }] },
        labeled("D\n", ["four", false]),
      ],
      { objective: "language-model" },
    );
    expect(training.map(({ chosen }) => textOf(chosen))).toEqual(["yes", "one", "three"]);
    for (const { chosen, rejected } of training) expect(rejected).toBe(chosen);
    expect(leftOut).toEqual({ "row without a preferred completion": 1 });
  });
});

describe("what is left out, and why", () => {
  const good = preference("Q\n", "yes", "no");

  test.each<[string, Row | BadRow, Record<string, number>]>([
    ["equal completions", preference("Q\n", "one", "one"), { "pair of equal completions": 1 }],
    ["a row that cannot be read", { row: 1, place: "x", problem: "odd" }, { "row that cannot be read": 1 }],
    [
      "no preference",
      { completions: [{ role: "completion", prompt: "Q\n", completion: "one" }] },
      { "row without a preference or a label": 1 },
    ],
    [
      "only correct completions",
      labeled("Q\n", ["one", true], ["two", true]),
      { "prompt whose completions are all correct or all incorrect": 1 },
    ],
    [
      "too long",
      preference("Q\n", "one ".repeat(40), "no"),
      { "completion longer than 32 tokens with its prompt": 1 },
    ],
  ])("%s", async (_, row, expected) => {
    const { training, leftOut } = await read([good, row], { maxLength: 32 });
    expect(texts(training)).toEqual(["yes > no"]);
    expect(leftOut).toEqual(expected);
  });

  test("an empty completion to which no token is appended", async () => {
    const bare = { ...encoder, eos: { ...encoder.eos, append: "never" as const } };
    const rows = [good, preference("Q\n", "", "no")].map((row, i) => ({ row: i, place: "", ...row }));
    async function* source(): AsyncGenerator<DatasetRow> {
      yield* rows;
    }
    const { training, leftOut } = await readPairs(source(), bare, settings, "pairs.jsonl");
    expect(training.length).toBe(1);
    expect(leftOut).toEqual({ "empty completion": 1 });
  });

  test("a conversation for a model without a chat template", async () => {
    const bare = { ...encoder, template: undefined };
    async function* source(): AsyncGenerator<DatasetRow> {
      yield { row: 0, place: "", ...good };
      const prompt = [{ role: "user", content: "Q" }];
      const turn = (content: string) => [{ role: "assistant", content }];
      yield {
        row: 1,
        place: "",
        completions: [
          { role: "chosen", prompt, completion: turn("yes") },
          { role: "rejected", prompt, completion: turn("no") },
        ],
      };
    }
    const { training, leftOut } = await readPairs(source(), bare, settings, "pairs.jsonl");
    expect(training.length).toBe(1);
    expect(Object.values(leftOut)).toEqual([2]);
    expect(Object.keys(leftOut)[0]).toMatch(/chat template/);
  });
});

describe("the split by prompt", () => {
  const rows = Array.from({ length: 400 }, (_, i) =>
    preference(`Question ${i % 200}\n`, `yes ${i}`, `no ${i}`),
  );
  const keys = (pairs: readonly Pair[]): string[] => pairs.map(({ chosen }) => `${chosen.ids}`).sort();
  const prompts = (pairs: readonly Pair[]): Set<string> =>
    new Set(pairs.map(({ chosen: { ids, firstToken } }) => `${ids.slice(0, firstToken)}`));

  test("no prompt is on both sides, and the held-out share is close to the setting", async () => {
    const { training, evaluation } = await read(rows, { evalShare: 0.25 });
    expect(training.length + evaluation.length).toBe(400);
    const [trained, heldOut] = [prompts(training), prompts(evaluation)];
    expect([...trained].filter((prompt) => heldOut.has(prompt))).toEqual([]);
    // For 200 prompts, three standard deviations are 0.09.
    expect(Math.abs(heldOut.size / 200 - 0.25)).toBeLessThan(0.09);
  });

  test("it stays the same when the file is reordered and when rows are added", async () => {
    const [before, after] = [
      await read(rows, { evalShare: 0.25 }),
      await read([...rows].reverse(), { evalShare: 0.25 }),
    ];
    expect(keys(after.evaluation)).toEqual(keys(before.evaluation));
    const more = await read([preference("New\n", "yes", "no"), ...rows], { evalShare: 0.25 });
    const added = keys(more.evaluation).filter((key) => !keys(before.evaluation).includes(key));
    expect(added.length).toBeLessThanOrEqual(1);
    expect(keys(more.evaluation)).toEqual(expect.arrayContaining(keys(before.evaluation)));
  });

  test("another seed holds out other prompts; a larger share holds out those of the smaller one, and more", async () => {
    const [small, large, other] = [
      await read(rows, { evalShare: 0.1 }),
      await read(rows, { evalShare: 0.4 }),
      await read(rows, { evalShare: 0.1, seed: 2 }),
    ];
    expect(keys(large.evaluation)).toEqual(expect.arrayContaining(keys(small.evaluation)));
    expect(large.evaluation.length).toBeGreaterThan(small.evaluation.length);
    expect(keys(other.evaluation)).not.toEqual(keys(small.evaluation));
  });

  test("labeled completions of a held-out prompt are held out wherever they are in the file", async () => {
    const samples = Array.from({ length: 120 }, (_, i) =>
      labeled(`Question ${i % 40}\n`, [`word ${i}`, i < 60]),
    );
    const { training, evaluation } = await read(samples, { evalShare: 0.3 });
    const heldOut = prompts(evaluation);
    expect(heldOut.size).toBeGreaterThan(3);
    expect([...prompts(training)].filter((prompt) => heldOut.has(prompt))).toEqual([]);
  });

  test("at most the requested number of pairs is held out, the same ones each time", async () => {
    const few = { evalShare: 0.25, evalPairs: 7 };
    const [once, again] = [await read(rows, few), await read(rows, few)];
    expect(once.evaluation.length).toBe(7);
    expect(again.evaluation).toEqual(once.evaluation);
    expect(once.training).toEqual((await read(rows, { evalShare: 0.25 })).training);
  });
});

describe("the error for a dataset without usable pairs says why", () => {
  const fails = async (
    rows: readonly (Row | BadRow)[],
    changes: Partial<PairSettings>,
    message: RegExp,
  ): Promise<void> => {
    const failing = read(rows, changes);
    await expect(failing).rejects.toThrow(InputError);
    await expect(failing).rejects.toThrow(message);
  };

  test("no rows", () => fails([], {}, /^pairs\.jsonl: has nothing to train on; add rows with chosen/));

  test("no preferences", () =>
    fails(
      [{ completions: [{ role: "completion", prompt: "", completion: "one" }] }],
      {},
      /nothing to train on \(left out: 1 × row without a preference or a label\)/,
    ));

  test("all too long", () =>
    fails(
      [preference("Q\n", "yes", "no"), preference("Q\n", "one", "two")],
      { maxLength: 2 },
      /left out: 4 × completion longer than 2 tokens with its prompt/,
    ));

  test("all held out", () =>
    fails([preference("Q\n", "yes", "no")], { evalShare: 1 }, /all prompts are held out for evaluation$/));
});
