/** What is kept of scored rows, and what comes of it. */
import { expect, test } from "vitest";
import type { Completion, DatasetRow } from "../../../../extension/engine/data/rows/row";
import { measure } from "../../../../extension/engine/evaluation/evaluate";
import { Observations } from "../../../../extension/engine/evaluation/observations";
import { scored, tokensAt } from "../../../support/scores";

const settings = { localization: { threshold: 0, skip: 0 }, bootstrap: { seed: 1, resamples: 50 } };

/** Adds a row with one reward a completion; texts are the completions' own. */
function add(
  seen: Observations,
  completions: readonly Completion[],
  rewards: readonly (number | null)[],
  group?: string,
): void {
  const row: DatasetRow = { row: 0, place: "x:1", completions, ...(group === undefined ? {} : { group }) };
  const scores = completions.map(({ role }, i) => scored({ role, reward: rewards[i] ?? null }));
  seen.add(row, {
    row: 0,
    place: "x:1",
    scores,
    texts: completions.map(({ completion }) => `${completion}`),
  });
}

const answer = (role: Completion["role"], prompt = "p"): Completion => ({ role, prompt, completion: "a" });
const labeled = (label: boolean, prompt: string): Completion => ({ ...answer("completion", prompt), label });

test("pairs give accuracy and margin; one without a reward is left out and counted", () => {
  const seen = new Observations([]);
  add(seen, [answer("chosen", "1"), answer("rejected", "1")], [2, 1]);
  add(seen, [answer("chosen", "2"), answer("rejected", "2")], [1, 4]);
  add(seen, [answer("chosen", "3"), answer("rejected", "3")], [1, null]);
  const found = measure(seen, 4, settings);
  expect(found).toMatchObject({ rows: 3, completions: 6, badRows: 4, withoutReward: 1, prompts: 2 });
  expect(found.pairs).toMatchObject({ pairs: 2, accuracy: { value: 0.5, interval: { low: 0, high: 1 } } });
  expect(found.pairs?.margin.value).toBe(-1);
  expect(found.labels).toBeUndefined();
  expect(found.rewardQuantiles).toHaveLength(21);
  expect(found.rewardQuantiles[10]).toBe(1);
});

test("labels give AUROC, also within the groups that have both; conversations of one prompt are one prompt", () => {
  const seen = new Observations([]);
  const turns = (): Completion => ({ ...labeled(true, ""), prompt: [{ role: "user", content: "q" }] });
  add(seen, [turns()], [3], "a");
  add(seen, [turns()], [9], "b");
  add(seen, [labeled(false, "r")], [1], "a");
  add(seen, [labeled(false, "s")], [8]);
  const { labels, prompts } = measure(seen, 0, settings);
  expect(prompts).toBe(3);
  expect(labels).toMatchObject({ right: 2, wrong: 2, auroc: { value: 0.75 } });
  expect(labels?.withinGroups).toMatchObject({ value: 1, groups: 1 });
});

test("rows without a group have no AUROC within groups; one class alone has no AUROC", () => {
  const seen = new Observations([]);
  add(seen, [labeled(true, "q"), labeled(true, "r")], [3, 4]);
  expect(measure(seen, 0, settings).labels).toMatchObject({
    right: 2,
    wrong: 0,
    auroc: { value: undefined, interval: undefined },
  });
  expect(measure(seen, 0, settings).labels?.withinGroups).toBeUndefined();
});

/** Two steps, "one" and "two", after a space that a chat template trims. */
function stepwise(correct: readonly (boolean | undefined)[], label?: boolean): Completion {
  const steps = correct.map((flag, i) => ({
    start: 1 + 4 * i,
    end: 4 + 4 * i,
    ...(flag === undefined ? {} : { correct: flag }),
  }));
  const rest = label === undefined ? {} : { label };
  return { role: "completion", prompt: "p", completion: " one\ntwo", steps, ...rest };
}

function localized(completion: Completion, text: string) {
  const seen = new Observations(["good"]);
  const shift = text.startsWith(" ") ? 1 : 0;
  const tokenScores = tokensAt([0, 3 + shift, 0.5], [4 + shift, 7 + shift, -0.5]);
  const scores = [scored({ reward: 1, tokenScores })];
  seen.add({ row: 0, place: "", completions: [completion] }, { row: 0, place: "", scores, texts: [text] });
  return measure(seen, 0, settings).localization?.good;
}

test("steps are placed in the text that was scored, trimmed or not", () => {
  const wrong = stepwise([true, false]);
  expect(localized(wrong, " one\ntwo")).toMatchObject({ wrong: 1, inside: 1 });
  expect(localized(wrong, "one\ntwo")).toMatchObject({ wrong: 1, inside: 1 });
  expect(localized(wrong, "rewritten")).toBeUndefined();
});

test("a solution is right where every step is, or where it is right and no step wrong; else nothing is known", () => {
  const text = " one\ntwo";
  expect(localized(stepwise([true, true]), text)).toMatchObject({ wrong: 0, right: 1, alarms: 1 });
  expect(localized(stepwise([true, undefined], true), text)).toMatchObject({ right: 1 });
  expect(localized(stepwise([false, undefined], true), text)).toMatchObject({ wrong: 1, later: 1 });
  expect(localized(stepwise([true, undefined]), text)).toBeUndefined();
});

test("a wrong step ends what is right, also the first one, whatever the label says", () => {
  const text = " one\ntwo";
  expect(localized(stepwise([false, true]), text)).toMatchObject({ wrong: 1, later: 1 });
  expect(localized(stepwise([true, false], true), text)).toMatchObject({ wrong: 1, inside: 1, right: 0 });
});

test("a solution is not judged if it has no steps, no tokens, or is a conversation", () => {
  const text = " one\ntwo";
  expect(localized(stepwise([], true), text)).toBeUndefined();
  expect(localized({ ...answer("completion"), completion: text, label: true }, text)).toBeUndefined();
  const turns = [{ role: "assistant", content: text }];
  expect(localized({ ...stepwise([true, false]), completion: turns }, text)).toBeUndefined();
  for (const tokenScores of [{ tokenScores: tokensAt() }, {}]) {
    const seen = new Observations(["good"]);
    const row = { row: 0, place: "", completions: [stepwise([true, false])] };
    seen.add(row, { row: 0, place: "", scores: [scored({ reward: 1, ...tokenScores })], texts: [text] });
    expect(seen.stepwise.get("good")).toEqual([]);
  }
});

test("steps and tokens are kept as offsets of the scored text, with the Q-values of each goal state", () => {
  const seen = new Observations(["good", "other"]);
  const tokenScores = tokensAt([0, 3, 0.5], [4, 7, null]);
  const row = { row: 0, place: "", completions: [stepwise([true, false])] };
  seen.add(row, { row: 0, place: "", scores: [scored({ reward: 1, tokenScores })], texts: ["one\ntwo"] });
  const kept = { steps: [0, 4], firstWrong: 1, starts: Int32Array.of(0, 4), ends: Int32Array.of(3, 7) };
  expect(seen.stepwise.get("good")).toEqual([{ ...kept, q: Float32Array.of(0.5, Number.NaN) }]);
  expect(seen.stepwise.get("other")).toEqual([{ ...kept, q: Float32Array.of(Number.NaN, Number.NaN) }]);
});

test("a first step whose white space was trimmed starts with the text", () => {
  const seen = new Observations(["good"]);
  const first = { ...stepwise([false]), steps: [{ start: 0, end: 4, correct: false }] };
  const scores = [scored({ reward: 1, tokenScores: tokensAt([0, 3, 0.5]) })];
  seen.add({ row: 0, place: "", completions: [first] }, { row: 0, place: "", scores, texts: ["one\ntwo"] });
  expect(seen.stepwise.get("good")).toMatchObject([{ steps: [0] }]);
});

test("pairs need both rewards", () => {
  const seen = new Observations([]);
  add(seen, [answer("chosen"), answer("rejected")], [null, 2]);
  add(seen, [answer("chosen"), answer("rejected")], [2, null]);
  add(seen, [answer("chosen")], [2]);
  expect(seen.pairs).toEqual([]);
  add(seen, [answer("rejected"), answer("chosen")], [2, 0]);
  expect(seen.pairs).toEqual([{ chosen: 0, rejected: 2, prompt: 0 }]);
});

test("a labeled completion without a reward is counted, and in no measure", () => {
  const seen = new Observations([]);
  add(seen, [labeled(true, "p"), labeled(false, "p")], [null, 1]);
  expect(seen).toMatchObject({
    completions: 2,
    withoutReward: 1,
    rewards: [1],
    labeled: [{ label: false }],
  });
});

test("partial rewards of a labeled completion are those of its own tokens", () => {
  const seen = new Observations([]);
  const tokenScores = { ...tokensAt([0, 1, 1], [1, 2, 1]), partialRewards: Float32Array.of(5, 6) };
  const scores = [scored({ reward: 6, tokenScores })];
  seen.add(
    { row: 0, place: "", completions: [labeled(true, "p")] },
    { row: 0, place: "", scores, texts: ["ab"] },
  );
  expect(seen.labeled[0]?.partial).toEqual([...Array(10).fill(5), 6]);
});
