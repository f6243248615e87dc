/** When and in which order rows are scored, and what drops them. */
import { beforeEach, describe, expect, test } from "vitest";
import { FailurePolicy } from "../../../extension/scores/failure-policy";
import { Scheduler } from "../../../extension/scores/scheduler";
import { type KeyedRow, ScoreRequests } from "../../../extension/scores/score-requests";
import { ScoreStore } from "../../../extension/scores/score-store";
import { FakeClock, settled } from "../../support/fake-clock";
import { FakeEngine, keyed } from "../../support/fake-engine";

class Crash extends Error {}

let engine: FakeEngine;
let clock: FakeClock;
let requests: ScoreRequests;
let scheduler: Scheduler;
let told: { readonly error: unknown; readonly isAsked: boolean }[];
let failures: FailurePolicy;
/** Rows that the editors show, and rows around them. */
let visible: string[];
let around: string[];

beforeEach(() => {
  engine = new FakeEngine();
  clock = new FakeClock();
  told = [];
  [visible, around] = [[], []];
  const store = new ScoreStore();
  const context = engine.context();
  requests = new ScoreRequests(store, ({ isOtherModel }) => {
    if (isOtherModel) scheduler.outdated();
  });
  failures = new FailurePolicy({
    isFatal: (error) => error instanceof Crash,
    tell: (error, isAsked) => told.push({ error, isAsked }),
  });
  const open = (keys: readonly string[]): KeyedRow[] =>
    keys.filter((key) => !store.get(context.key, key)).map((key) => keyed(key));
  scheduler = new Scheduler({
    clock,
    failures,
    wants: () => ({ visible: open(visible), around: open(around) }),
    score: (rows, signal) => requests.score(context, rows, signal),
  });
});

async function answer(index: number): Promise<void> {
  engine.asked[index]?.answer();
  await settled();
}

describe("the order", () => {
  test("is visible rows first, then rows around them", async () => {
    visible = ["a", "b"];
    around = ["c"];
    scheduler.acted();
    await clock.pass(0);
    expect(engine.texts).toEqual([["a", "b"]]);
    await answer(0);
    expect(engine.texts).toEqual([["a", "b"], ["c"]]);
  });

  test("lets rows that become visible overtake those around them", async () => {
    around = ["c"];
    scheduler.acted();
    await clock.pass(0);
    visible = ["a"];
    scheduler.scrolled();
    await clock.pass(60);
    expect(engine.texts).toEqual([["c"], ["a"]]);
    expect(engine.asked[0]?.signal.aborted).toBe(false);
  });

  test("scores an edit if the timer of the pause fires a little early", async () => {
    clock.early = 0.4;
    visible = ["a"];
    scheduler.edited(150);
    await clock.pass(150);
    expect(engine.texts).toEqual([["a"]]);
  });

  test("has few rows per request", async () => {
    visible = Array.from({ length: 20 }, (_, i) => `row ${i}`);
    scheduler.acted();
    await clock.pass(0);
    expect(engine.texts).toEqual([visible.slice(0, 16)]);
    await answer(0);
    expect(engine.texts[1]).toEqual(visible.slice(16));
  });
});

describe("an edit", () => {
  test("is scored after a pause, which every further edit restarts", async () => {
    visible = ["ab"];
    scheduler.edited(150);
    await clock.pass(100);
    visible = ["abc"];
    scheduler.edited(150);
    await clock.pass(149);
    expect(engine.asked).toEqual([]);
    await clock.pass(1);
    expect(engine.texts).toEqual([["abc"]]);
  });

  test("is not scored sooner because it scrolls", async () => {
    visible = ["a"];
    scheduler.edited(150);
    scheduler.scrolled();
    await clock.pass(149);
    expect(engine.asked).toEqual([]);
    await clock.pass(1);
    expect(engine.texts).toEqual([["a"]]);
  });

  test("immediately drops the text that it replaces, and nothing that is still wanted", async () => {
    visible = ["a"];
    around = ["b", "c"];
    scheduler.acted();
    await clock.pass(0);
    visible = ["a!"];
    scheduler.edited(150);
    await settled();
    expect(engine.asked[0]?.signal.aborted).toBe(true);
    await clock.pass(150);
    expect(engine.texts).toEqual([["a"], ["a!"]]);
    await answer(1);
    around = ["c"];
    scheduler.edited(150);
    expect(engine.texts[2]).toEqual(["b", "c"]);
    expect(engine.asked[2]?.signal.aborted).toBe(false);
  });

  test("holds back further requests until the pause is over", async () => {
    visible = Array.from({ length: 20 }, (_, i) => `row ${i}`);
    scheduler.acted();
    await clock.pass(0);
    visible[19] = "row 19!";
    scheduler.edited(150);
    await answer(0);
    expect(engine.asked).toHaveLength(1);
    await clock.pass(150);
    expect(engine.texts[1]).toEqual(["row 16", "row 17", "row 18", "row 19!"]);
  });
});

describe("a scroll", () => {
  test("in one editor drops nothing that another waits for", async () => {
    visible = ["one", "other"];
    scheduler.acted();
    await clock.pass(0);
    visible = ["other", "further"];
    scheduler.scrolled();
    await clock.pass(60);
    expect(engine.asked[0]?.signal.aborted).toBe(false);
    await answer(0);
    expect(engine.texts).toEqual([["one", "other"], ["further"]]);
  });

  test("drops rows that are no longer visible, unless a caller waits for them", async () => {
    visible = ["a"];
    scheduler.acted();
    await clock.pass(0);
    const command = requests.score(engine.context(), [keyed("a")]);
    visible = ["b"];
    scheduler.scrolled();
    await clock.pass(60);
    expect(engine.asked[0]?.signal.aborted).toBe(false);
    expect(engine.texts).toEqual([["a"], ["b"]]);
    await answer(0);
    await command;
    visible = ["c"];
    scheduler.scrolled();
    await clock.pass(60);
    expect(engine.asked[1]?.signal.aborted).toBe(true);
    expect(told).toEqual([]);
  });
});

describe("a failure", () => {
  test("is reported once, and tried again at the next event", async () => {
    visible = ["a"];
    around = ["b"];
    scheduler.acted();
    await clock.pass(0);
    engine.asked[0]?.fail(new Error("no such model"));
    await settled();
    expect(told.map(({ isAsked }) => isAsked)).toEqual([false]);
    expect(engine.asked).toHaveLength(1);
    scheduler.scrolled();
    await clock.pass(60);
    expect(engine.texts[1]).toEqual(["a"]);
  });

  test("of work that the user asked for is reported once for all who wait", async () => {
    visible = ["a"];
    const command = failures.asked(
      () => requests.score(engine.context(), [keyed("a")]),
      new AbortController().signal,
    );
    scheduler.acted();
    await clock.pass(0);
    engine.asked[0]?.fail(new Error("no such model"));
    await command;
    await settled();
    expect(told.map(({ isAsked }) => isAsked)).toEqual([true]);
  });

  test("by a crash stops all requests until the user acts", async () => {
    visible = ["a"];
    scheduler.acted();
    await clock.pass(0);
    engine.asked[0]?.fail(new Crash());
    await settled();
    scheduler.scrolled();
    scheduler.outdated();
    await clock.pass(1000);
    expect(engine.asked).toHaveLength(1);
    scheduler.edited(150);
    await clock.pass(150);
    expect(engine.asked).toHaveLength(2);
  });
});

test("a changed model causes everything to be scored again, and a command waits for the new scores", async () => {
  visible = ["a", "b"];
  scheduler.acted();
  await clock.pass(0);
  await answer(0);
  engine.fingerprint = "new files";
  visible = ["a", "b!"];
  scheduler.edited(150);
  await clock.pass(150);
  expect(engine.texts[1]).toEqual(["b!"]);
  await answer(1);
  await clock.pass(0);
  expect(engine.texts[2]).toEqual(["a"]);
});

test("rows that are too large for the store are requested once per event", async () => {
  const full = new ScoreRequests(new ScoreStore(10), () => undefined);
  const context = engine.context();
  const other = new Scheduler({
    clock,
    failures,
    wants: () => ({ visible: [keyed("a")], around: [] }),
    score: (rows, signal) => full.score(context, rows, signal),
  });
  other.acted();
  await clock.pass(0);
  await answer(0);
  await clock.pass(1000);
  expect(engine.asked).toHaveLength(1);
});
