/** The behavior that all panels share. */
import * as v from "valibot";
import { beforeEach, describe, expect, test } from "vitest";
import { Uri } from "vscode";
import { Panel } from "../../../extension/panels/panel";
import { panelContract } from "../../../extension/protocol/panels/panel";
import { fake } from "../../support/vscode-fake";

const state = v.object({ name: v.string(), numbers: v.array(v.number()), limit: v.number() });
const contract = panelContract({
  name: "counts",
  title: "Counts",
  state,
  change: v.partial(state),
  kept: v.pick(state, ["name"]),
  notice: v.object({ type: v.literal("blink") }),
  intent: v.variant("type", [
    v.object({ type: v.literal("limit"), limit: v.number() }),
    v.object({ type: v.literal("break") }),
  ]),
});
type State = v.InferOutput<typeof state>;
type Intent = { type: "limit"; limit: number } | { type: "break" };

class Counts extends Panel<State, { name: string }, { type: "blink" }, Intent> {
  wasClosed = false;
  /** Promise that handling an intent waits for. */
  gate: Promise<void> = Promise.resolve();

  constructor() {
    super(Uri.file("/extension"), contract, { name: "", numbers: [], limit: 0 });
  }

  show(change: Partial<State> = {}): void {
    this.open();
    this.set(change);
  }

  blink(): void {
    this.notifyShown({ type: "blink" });
  }

  protected override async receive(intent: Intent): Promise<void> {
    await this.gate;
    if (intent.type === "break") throw new Error("it broke");
    this.set({ limit: intent.limit });
  }

  protected override revive({ name }: { name: string }): boolean {
    if (name === "") return false;
    this.set({ name });
    return true;
  }

  protected override closed(): void {
    this.wasClosed = true;
  }
}

let counts: Counts;
beforeEach(() => {
  fake.reset();
  counts = new Counts();
});
const page = () => fake.panel("rewardInspector.counts");
const settle = () => new Promise((resolve) => setTimeout(resolve));

test("nothing is posted until the page is ready, and then the whole state", () => {
  counts.show({ name: "a", numbers: [1, 2] });
  expect(page().posted).toEqual([]);
  page().say({ type: "ready" });
  const change = { name: "a", numbers: [1, 2], limit: 0 };
  expect(page().posted).toEqual([{ type: "state", change, taken: 0 }]);
});

test("only fields that differ are posted, and nothing if none differs", () => {
  counts.show({ name: "a", numbers: [1, 2] });
  page().say({ type: "ready" });
  page().posted.length = 0;
  counts.show({ name: "a", numbers: [1, 2], limit: 5 });
  counts.show({ numbers: [1, 2], limit: 5 });
  expect(page().posted).toEqual([{ type: "state", change: { limit: 5 }, taken: 0 }]);
  expect(counts.state).toEqual({ name: "a", numbers: [1, 2], limit: 5 });
});

test("a page that was hidden gets the whole state when it is shown again", () => {
  counts.show({ name: "a" });
  page().say({ type: "ready" });
  page().setVisible(false);
  counts.blink();
  counts.show({ limit: 7 });
  page().posted.length = 0;
  page().setVisible(true);
  page().say({ type: "ready" });
  expect(page().posted).toEqual([
    { type: "state", change: { name: "a", numbers: [], limit: 7 }, taken: 0 },
    { type: "notice", notice: { type: "blink" } },
  ]);
});

test("a choice is acknowledged once the state includes it", async () => {
  counts.show();
  page().say({ type: "ready" });
  page().posted.length = 0;
  page().say({ type: "intent", intent: { type: "limit", limit: 3 }, sequence: 8 });
  await settle();
  expect(page().posted).toEqual([
    { type: "state", change: { limit: 3 }, taken: 0 },
    { type: "state", change: {}, taken: 8 },
  ]);
});

test("a choice in a page that was unloaded is not acknowledged to the next one", async () => {
  let open = (): void => undefined;
  counts.gate = new Promise((resolve) => {
    open = resolve;
  });
  counts.show();
  page().say({ type: "ready" });
  page().say({ type: "intent", intent: { type: "limit", limit: 3 }, sequence: 8 });
  page().say({ type: "ready" });
  page().posted.length = 0;
  open();
  await settle();
  expect(page().posted).toEqual([{ type: "state", change: { limit: 3 }, taken: 0 }]);
});

test("errors are shown, and a choice that fails is acknowledged too", async () => {
  counts.show();
  page().say({ type: "ready" });
  page().posted.length = 0;
  page().say({ type: "intent", intent: { type: "break" }, sequence: 2 });
  page().say({ type: "failed", problem: "the page broke" });
  page().say({ type: "run", command: "rm" });
  await settle();
  expect(fake.messages.map(({ kind, text }) => `${kind}: ${text}`).sort()).toEqual([
    "error: Reward Inspector: it broke",
    "error: Reward Inspector: the Counts panel sent an unknown message",
    "error: Reward Inspector: the page broke",
  ]);
  expect(page().posted).toEqual([{ type: "state", change: {}, taken: 2 }]);
});

describe("after a reload", () => {
  test("a panel is restored from what its page kept", async () => {
    const panel = await fake.revive("rewardInspector.counts", { name: "kept", other: 1 });
    panel.say({ type: "ready" });
    expect(panel.posted).toEqual([
      { type: "state", change: { name: "kept", numbers: [], limit: 0 }, taken: 0 },
    ]);
    expect(panel.webview.html).toContain("counts.js");
  });

  test.each([
    ["kept nothing", undefined],
    ["kept too little", { name: "" }],
    ["kept what another version wrote", { title: "a" }],
  ])("one whose page %s is closed", async (_, kept) => {
    const panel = await fake.revive("rewardInspector.counts", kept);
    expect(panel.isDisposed).toBe(true);
    expect(counts.isOpen).toBe(false);
  });

  test("a second panel is closed", async () => {
    counts.show();
    expect((await fake.revive("rewardInspector.counts", { name: "kept" })).isDisposed).toBe(true);
    expect(counts.state.name).toBe("");
  });
});

test("a panel that is closed forgets what it showed, and opens again", () => {
  counts.show({ name: "a" });
  page().dispose();
  expect(counts.wasClosed).toBe(true);
  expect(counts.isOpen).toBe(false);
  counts.show({ limit: 1 });
  page().say({ type: "ready" });
  expect(page().posted).toEqual([{ type: "state", change: { name: "", numbers: [], limit: 1 }, taken: 0 }]);
});

test("the page can be searched, and is unloaded while it is hidden", () => {
  counts.show();
  expect(page().options).toMatchObject({ enableFindWidget: true, enableScripts: true });
  expect(page().options).not.toHaveProperty("retainContextWhenHidden");
});
