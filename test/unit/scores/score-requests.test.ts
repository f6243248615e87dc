/** Rows are requested once, dropped if nobody waits for them, and requested again if the model changes. */
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

test("two callers that want the same row wait for one request", async () => {
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
  // Later callers do not join the dropped request.
  const third = requests.score(engine.context(), rows("a"));
  expect(engine.asked).toHaveLength(2);
  engine.asked[1]?.answer();
  await third;
  expect(isKnown("a")).toBe(true);
});

test("all waiting callers get the error, and the next caller causes a new request", async () => {
  const failing = [1, 2].map(() => requests.score(engine.context(), rows("a")));
  engine.asked[0]?.fail(new Error("no memory"));
  for (const each of failing) await expect(each).rejects.toThrow("no memory");
  const again = requests.score(engine.context(), rows("a"));
  engine.asked[1]?.answer();
  await again;
});

test("rows scored with files that have changed in the meantime are scored again", async () => {
  const early = requests.score(engine.context(), rows("a"));
  engine.fingerprint = "new files";
  const late = requests.score(engine.context(), rows("b"));
  engine.asked[1]?.answer();
  await late;
  // The answer to the earlier request comes last, and is from the old files.
  engine.asked[0]?.answer();
  await settled();
  expect(engine.texts).toEqual([["a"], ["b"], ["a"]]);
  engine.asked[2]?.answer();
  await early;
  expect(isKnown("a") && isKnown("b")).toBe(true);
  expect(answers.map(({ isOtherModel }) => isOtherModel)).toEqual([false, false, false]);
});

test("a check reports that the model's files have changed, and nothing counts as scored anymore", async () => {
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

test("scores of another model, requested while the first was busy, do not mix with its scores", async () => {
  const first = requests.score(engine.context("m"), rows("a"));
  const second = requests.score(engine.context("n"), rows("a"));
  expect(engine.asked).toHaveLength(2);
  engine.asked[0]?.answer("m");
  await first;
  expect(store.get(engine.context("n").key, "a")).toBeUndefined();
  engine.asked[1]?.answer("n");
  await second;
});

test("a row that is too large for the store is not requested forever", async () => {
  const small = new ScoreRequests(new ScoreStore(10), () => undefined);
  const asking = small.score(engine.context(), rows("a"));
  engine.asked[0]?.answer();
  await asking;
  expect(engine.asked).toHaveLength(1);
});
