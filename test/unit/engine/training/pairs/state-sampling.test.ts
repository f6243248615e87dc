import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomSequence } from "../../../../../extension/engine/random";
import { widthOf } from "../../../../../extension/engine/training/graph/batch";
import {
  type PackedPair,
  packPair,
  rejectedPlace,
  type Sequence,
} from "../../../../../extension/engine/training/pairs/packed-pair";
import { type StatePairs, sampleStates } from "../../../../../extension/engine/training/pairs/state-sampling";
import {
  defaultLoss,
  goalStateSources,
  type LossSettings,
  negativeRanges,
  type Window,
} from "../../../../../extension/protocol/train-settings";
import { anyPair, pairOf } from "../../../../support/pairs";

interface Place {
  readonly row: number;
  readonly side: "chosen" | "rejected";
  /** Index of the token in that sequence. */
  readonly t: number;
}

interface Drawn {
  readonly source: Place;
  readonly goal: Place;
}

const rowsOf = fc.array(
  anyPair.map((pair) => packPair(pair, true)),
  { minLength: 1, maxLength: 4 },
);
const anyWindow: fc.Arbitrary<Window> = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([a, b]): Window => [Math.min(a, b), Math.max(a, b)]);
const anySettings: fc.Arbitrary<LossSettings> = fc.record({
  ranking: fc.constant("last"),
  lambda: fc.constant(0.5),
  lmWeight: fc.constant(0),
  rewardCentering: fc.constant(0),
  samples: fc.integer({ min: 1, max: 6 }),
  goal: fc.constantFrom(...goalStateSources),
  negatives: fc.constantFrom(...negativeRanges),
  allPairs: fc.constant(false),
  sourceWindow: anyWindow,
  goalWindow: anyWindow,
});
const anySeed = fc.integer();

/** Finds the token at an index of the flattened batch, in the sequence of the given side. */
function placeOf(rows: readonly PackedPair[], at: number, side: Place["side"]): Place {
  const width = widthOf(rows);
  const row = Math.floor(at / width);
  const packed = rows[row];
  if (!packed) throw new Error(`${at} is in no row`);
  const within = at - row * width;
  if (side === "chosen") return { row, side, t: within };
  const t = packed.pair.rejected.ids.findIndex((_, i) => rejectedPlace(packed, i) === within);
  if (t < 0) throw new Error(`${at} is no token of the rejected sequence`);
  return { row, side, t };
}

function drawnOf(rows: readonly PackedPair[], pairs: StatePairs, goal: Place["side"]): Drawn[] {
  expect(pairs.sources.length).toBe(pairs.goals.length);
  return pairs.sources.map((source, i) => ({
    source: placeOf(rows, source, "chosen"),
    goal: placeOf(rows, pairs.goals[i] ?? -1, goal),
  }));
}

function sample(
  rows: readonly PackedPair[],
  settings: LossSettings,
  seed: number,
): { positive: Drawn[]; negative: Drawn[] } {
  const { positive, negative } = sampleStates(rows, widthOf(rows), settings, randomSequence(seed));
  return { positive: drawnOf(rows, positive, "chosen"), negative: drawnOf(rows, negative, "rejected") };
}

function sequenceAt(rows: readonly PackedPair[], { row, side }: Place): Sequence {
  const found = rows[row]?.pair[side];
  if (!found) throw new Error("no such row");
  return found;
}

/** Tokens [first, end) of a window, counted from the start of the completion. */
function isInWindow(rows: readonly PackedPair[], place: Place, [from, to]: Window): boolean {
  const { ids, firstToken } = sequenceAt(rows, place);
  const length = ids.length - firstToken;
  const own = place.t - firstToken;
  // Token t covers [t, t + 1) and is in the window if they overlap, so a window inside a token contains that token.
  return own + 1 > from * length - 1e-9 && own <= Math.max(to * length, Math.floor(from * length)) + 1e-9;
}

function isInCompletion(rows: readonly PackedPair[], place: Place): boolean {
  const { ids, firstToken } = sequenceAt(rows, place);
  return place.t >= firstToken && place.t < ids.length;
}

describe("for any pairs, windows and goal states", () => {
  test("sources and positive goals are in chosen completions, negative goals in rejected ones", () => {
    fc.assert(
      fc.property(rowsOf, anySettings, anySeed, (rows, settings, seed) => {
        const { positive, negative } = sample(rows, settings, seed);
        expect(positive.length).toBe(rows.length * settings.samples);
        expect(negative.length).toBe(rows.length * settings.samples);
        for (const { source, goal } of [...positive, ...negative]) {
          expect(isInCompletion(rows, source)).toBe(true);
          expect(isInCompletion(rows, goal)).toBe(true);
        }
      }),
    );
  });

  test("a positive goal in the same completion comes after its source, unless the completion has one token", () => {
    fc.assert(
      fc.property(rowsOf, anySettings, anySeed, (rows, settings, seed) => {
        const whole = { ...settings, sourceWindow: [0, 1] as const, goalWindow: [0, 1] as const };
        for (const used of [whole, settings]) {
          for (const { source, goal } of sample(rows, used, seed).positive) {
            if (source.row !== goal.row) continue;
            const { ids, firstToken } = sequenceAt(rows, source);
            if (ids.length - firstToken === 1) expect(goal.t).toBe(source.t);
            else if (used === whole) expect(goal.t).toBeGreaterThan(source.t);
            else expect(goal.t).toBeGreaterThanOrEqual(source.t);
          }
        }
      }),
    );
  });

  test("states are inside their windows, unless source and goal would be out of order", () => {
    fc.assert(
      fc.property(rowsOf, anySettings, anySeed, (rows, settings, seed) => {
        const { positive, negative } = sample(rows, { ...settings, negatives: "anywhere" }, seed);
        const { sourceWindow, goalWindow } = settings;
        for (const { source, goal } of negative) {
          expect(isInWindow(rows, source, sourceWindow)).toBe(true);
          expect(isInWindow(rows, goal, goalWindow)).toBe(true);
        }
        for (const { source, goal } of positive) {
          if (!hasOrderedPair(rows, source, settings)) continue;
          expect(isInWindow(rows, source, sourceWindow)).toBe(true);
          expect(isInWindow(rows, goal, goalWindow)).toBe(true);
        }
      }),
    );
  });

  test("negatives after the divergence are never in the trunk", () => {
    fc.assert(
      fc.property(rowsOf, anySettings, anySeed, (rows, settings, seed) => {
        const { negative } = sample(rows, { ...settings, negatives: "after-divergence" }, seed);
        for (const { goal } of negative) expect(goal.t).toBeGreaterThanOrEqual(rows[goal.row]?.trunk ?? 0);
      }),
    );
  });

  test("random goals come from another row, all goals of a row from the same one", () => {
    fc.assert(
      fc.property(rowsOf, anySettings, anySeed, (rows, settings, seed) => {
        const { positive, negative } = sample(rows, { ...settings, goal: "random" }, seed);
        for (const drawn of [positive, negative]) {
          for (const { source, goal } of drawn) {
            if (rows.length > 1) expect(goal.row).not.toBe(source.row);
            else expect(goal.row).toBe(source.row);
          }
        }
      }),
    );
  });

  test("with all pairs, every source of a row is paired with each of its goals", () => {
    fc.assert(
      fc.property(rowsOf, anySettings, anySeed, (rows, settings, seed) => {
        const few = sampleStates(rows, widthOf(rows), settings, randomSequence(seed));
        const all = sampleStates(rows, widthOf(rows), { ...settings, allPairs: true }, randomSequence(seed));
        const { samples } = settings;
        for (const kind of ["positive", "negative"] as const) {
          const expected: string[] = [];
          for (let start = 0; start < rows.length * samples; start += samples)
            for (const source of few[kind].sources.slice(start, start + samples))
              for (const goal of few[kind].goals.slice(start, start + samples))
                expected.push(`${source} ${goal}`);
          expect(all[kind].sources.map((source, i) => `${source} ${all[kind].goals[i]}`)).toEqual(expected);
          expect(expected.length).toBe(rows.length * samples ** 2);
        }
      }),
    );
  });
});

/** Whether the first token of the source window comes before the last one of the goal window. */
function hasOrderedPair(
  rows: readonly PackedPair[],
  place: Place,
  { sourceWindow, goalWindow }: LossSettings,
): boolean {
  const { ids, firstToken } = sequenceAt(rows, place);
  const length = ids.length - firstToken;
  return Math.ceil(goalWindow[1] * length) - 1 > Math.floor(sourceWindow[0] * length);
}

const twentyTokens = Array.from({ length: 20 }, (_, i) => i + 10);
const five = packPair(pairOf([1, 2, 3], [10, 11, 12, 13, 14], [10, 11, 7, 8, 9]), true);

/** χ² of counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

test("positives are uniform over ordered pairs, negatives over all pairs", () => {
  const { positive, negative } = sample([five], { ...defaultLoss, samples: 20_000 }, 3);
  const key = ({ source, goal }: Drawn): string => `${source.t} ${goal.t}`;
  const ordered = countsOf(positive.map(key));
  const all = countsOf(negative.map(key));
  expect(ordered.size).toBe(10);
  expect(all.size).toBe(25);
  // With 9 and 24 degrees of freedom, these limits are exceeded once in 100,000 draws.
  expect(chiSquare([...ordered.values()])).toBeLessThan(39);
  expect(chiSquare([...all.values()])).toBeLessThan(65);
});

test("windows with few ordered pairs are respected and drawn from evenly", () => {
  const row = packPair(pairOf([1], twentyTokens, [2]), true);
  const { positive } = sample([row], { ...defaultLoss, samples: 9000, goalWindow: [0, 0.15] }, 5);
  const counts = countsOf(positive.map(({ source, goal }) => `${source.t} ${goal.t}`));
  expect([...counts.keys()].sort()).toEqual(["1 2", "1 3", "2 3"]);
  expect(chiSquare([...counts.values()])).toBeLessThan(23);
});

test("windows without an ordered pair still put the goal after the source", () => {
  const row = packPair(pairOf([1], twentyTokens, [2]), true);
  const settings: LossSettings = {
    ...defaultLoss,
    samples: 200,
    sourceWindow: [0.5, 1],
    goalWindow: [0, 0.25],
  };
  for (const { source, goal } of sample([row], settings, 7).positive) {
    expect(source.t).toBeLessThanOrEqual(5);
    expect(goal.t).toBeGreaterThanOrEqual(11);
  }
});

test("a window is a share of the completion from its start: the last tenth is the last two of twenty", () => {
  const row = packPair(pairOf([1, 1, 1], twentyTokens, [2, ...twentyTokens]), true);
  const { negative } = sample(
    [row],
    { ...defaultLoss, samples: 300, sourceWindow: [0.9, 1], goalWindow: [0, 0.1] },
    11,
  );
  expect(new Set(negative.map(({ source }) => source.t))).toEqual(new Set([21, 22]));
  expect(new Set(negative.map(({ goal }) => goal.t))).toEqual(new Set([3, 4, 5]));
});

test("completions of one token and of two have one state pair each", () => {
  const one = packPair(pairOf([1, 2], [5], [6]), true);
  const two = packPair(pairOf([1, 2], [5, 6], [7]), true);
  const settings = { ...defaultLoss, samples: 50 };
  for (const { source, goal } of sample([one], settings, 1).positive)
    expect([source.t, goal.t]).toEqual([2, 2]);
  for (const { source, goal } of sample([two], settings, 1).positive)
    expect([source.t, goal.t]).toEqual([2, 3]);
});

test("random goals come from all other rows equally often", () => {
  const goals = Array.from({ length: 3000 }, (_, seed) => {
    const [first] = sample(
      [five, five, five, five],
      { ...defaultLoss, samples: 1, goal: "random" },
      seed,
    ).negative;
    return `${first?.goal.row}`;
  });
  const counts = countsOf(goals);
  expect([...counts.keys()].sort()).toEqual(["1", "2", "3"]);
  expect(chiSquare([...counts.values()])).toBeLessThan(23);
});

test("draws are the same for a seed and differ between seeds", () => {
  const settings = { ...defaultLoss, samples: 16 };
  expect(sample([five], settings, 1)).toEqual(sample([five], settings, 1));
  expect(sample([five], settings, 1)).not.toEqual(sample([five], settings, 2));
});
