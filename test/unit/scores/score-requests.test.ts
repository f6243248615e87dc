/** Rows are asked once, dropped when nobody waits, and asked again when the model changes under them. */
import { beforeEach, expect, test } from "vitest";
import { type Answer, ScoreRequests } from "../../../extension/scores/score-requests";
import { ScoreStore } from "../../../extension/scores/score-store";
import { settled } from "../../support/fake-clock";
import { FakeEngine, keyed } from "../../support/fake-engine";

let engine: FakeEngine;
let store: ScoreStore;
let answers: Answer[];
let requests: ScoreRequests;

beforeEach(() => {
  engine = new FakeEngine();
  store = new ScoreStore();
  answers = [];
  requests = new ScoreRequests(store, (answer) => answers.push(answer));
});

const rows = (...keys: string[]) => keys.map((key) => keyed(key));

function isKnown(key: string): boolean {
  return store.get(engine.context().key, key) !== undefined;
}

test("two who ask for the same row wait for one request", async () => {
  const first = requests.score(engine.context(), rows("a", "b"));
  const second = requests.score(engine.context(), rows("b", "c"));
  expect(engine.texts).toEqual([["a", "b"], ["c"]]);
  engine.asked[1]?.answer();
  await settled();
  let isDone = false;
  void second.then(() => {
    isDone = true;
  });
  await settled();
  expect(isDone).toBe(false);
  engine.asked[0]?.answer();
  await Promise.all([first, second]);
  expect(["a", "b", "c"].every(isKnown)).toBe(true);
  await requests.score(engine.context(), rows("a", "b", "c"));
  expect(engine.asked).toHaveLength(2);
});

test("a request is dropped when nobody waits for it anymore, and not before", async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const first = requests.score(engine.context(), rows("a"), one.signal);
  const second = requests.score(engine.context(), rows("a"), other.signal);
  one.abort(new Error("scrolled"));
  await expect(first).rejects.toThrow("scrolled");
  expect(engine.asked[0]?.signal.aborted).toBe(false);
  other.abort(new Error("closed"));
  await expect(second).rejects.toThrow("closed");
  expect(engine.asked[0]?.signal.aborted).toBe(true);
  // Who asks from now on does not join what was dropped.
  const third = requests.score(engine.context(), rows("a"));
  expect(engine.asked).toHaveLength(2);
  engine.asked[1]?.answer();
  await third;
  expect(isKnown("a")).toBe(true);
});

test("all who wait hear of a failure, and the next who asks asks again", async () => {
  const failing = [1, 2].map(() => requests.score(engine.context(), rows("a")));
  engine.asked[0]?.fail(new Error("no memory"));
  for (const each of failing) await expect(each).rejects.toThrow("no memory");
  const again = requests.score(engine.context(), rows("a"));
  engine.asked[1]?.answer();
  await again;
});

test("rows that were scored by files that have changed meanwhile are scored again", async () => {
  const early = requests.score(engine.context(), rows("a"));
  engine.fingerprint = "new files";
  const late = requests.score(engine.context(), rows("b"));
  engine.asked[1]?.answer();
  await late;
  // The answer to the earlier request comes last, and is of the old files.
  engine.asked[0]?.answer();
  await settled();
  expect(engine.texts).toEqual([["a"], ["b"], ["a"]]);
  engine.asked[2]?.answer();
  await early;
  expect(isKnown("a") && isKnown("b")).toBe(true);
  expect(answers.map(({ isOtherModel }) => isOtherModel)).toEqual([false, false, false]);
});

test("a check tells that the model's files are others, and everything is open again", async () => {
  const first = requests.score(engine.context(), rows("a"));
  engine.asked[0]?.answer();
  await first;
  engine.fingerprint = "new files";
  const checks = [requests.check(engine.context()), requests.check(engine.context())];
  expect(engine.texts).toEqual([["a"], []]);
  engine.asked[1]?.answer();
  await Promise.all(checks);
  expect(answers.at(-1)?.isOtherModel).toBe(true);
  expect(isKnown("a")).toBe(false);
});

test("scores of another model, asked while the first was busy, do not mix with its scores", async () => {
  const first = requests.score(engine.context("m"), rows("a"));
  const second = requests.score(engine.context("n"), rows("a"));
  expect(engine.asked).toHaveLength(2);
  engine.asked[0]?.answer("m");
  await first;
  expect(store.get(engine.context("n").key, "a")).toBeUndefined();
  engine.asked[1]?.answer("n");
  await second;
});

test("a row that the store has no room for is not asked for forever", async () => {
  const small = new ScoreRequests(new ScoreStore(10), () => undefined);
  const asking = small.score(engine.context(), rows("a"));
  engine.asked[0]?.answer();
  await asking;
  expect(engine.asked).toHaveLength(1);
});
