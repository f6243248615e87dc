/** The compare panel and what it is made of, without an engine and without a page. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Uri } from "vscode";
import { ComparePanel } from "../../../../extension/panels/compare/compare-panel";
import { Comparer } from "../../../../extension/panels/compare/comparer";
import { CompletionFinder } from "../../../../extension/panels/compare/completion-finder";
import { DisplayChoices } from "../../../../extension/panels/compare/display-choices";
import { RowWalk } from "../../../../extension/panels/compare/row-walk";
import type { Subject } from "../../../../extension/panels/compare/subject";
import type { ExportedFile } from "../../../../extension/panels/export-file";
import type { Settings } from "../../../../extension/platform/settings/setting-values";
import { settingDefaults } from "../../../../extension/platform/settings/setting-values";
import { type CompareState, compareContract } from "../../../../extension/protocol/panels/compare";
import { asDocument, openFile, pairsText, ScoredFiles } from "../../../support/scored-files";
import { fake } from "../../../support/vscode-fake";
import type { FakeEditor } from "../../../support/vscode-fake/document";
import { EventEmitter } from "../../../support/vscode-fake/values";
import type { FakeWebviewPanel } from "../../../support/vscode-fake/webview";

type Update = { change: Partial<CompareState>; taken: number };

/** The panel with everything around it. */
class Setting {
  readonly files = new ScoredFiles();
  readonly chosen: { -readonly [K in keyof Settings]: Settings[K] } = { ...settingDefaults };
  readonly redisplayed = new EventEmitter<void>();
  readonly exported: ExportedFile[] = [];
  readonly otherRequests: unknown[] = [];
  quantiles: readonly number[] | undefined;
  readonly editor: FakeEditor;
  readonly panel: ComparePanel;

  constructor() {
    this.editor = openFile(
      "pairs.jsonl",
      pairsText(["good 3", "bad low 1"], ["bad 1", "good 2"], ["good 5", "bad 4"]),
    );
    const { files, chosen, redisplayed } = this;
    const finder = new CompletionFinder(files);
    const walk = new RowWalk(finder, files);
    const quantiles = () => this.quantiles;
    const reader = {
      onDidChange: redisplayed.event,
      get rewardQuantiles() {
        return quantiles();
      },
      options: (goals: readonly string[]) => ({ ...chosen, goal: goals[0] }),
    };
    const choose = async (choice: Partial<Settings>): Promise<void> => {
      Object.assign(chosen, choice);
      redisplayed.fire();
    };
    const model = {
      model: "/models/mine",
      name: "mine",
      defaultFolder: "/default",
      inspect: async () => ({ template: false }) as never,
      request: (name = "/models/mine") =>
        ({ model: name, device: "cpu", maxLength: 99, chat: false }) as never,
    };
    const client = {
      score: async (request: { rows: { completions: { role: never }[] }[] }) => {
        this.otherRequests.push(request);
        const scores = request.rows[0]?.completions.map(({ role }) => ({
          ...{ row: 0, role, reward: -9, q: {}, tokens: 0, truncated: 0, warnings: [] },
        }));
        return { settings: { device: "cpu" }, rows: [{ row: 0, place: "", scores, texts: ["a", "b"] }] };
      },
    } as never;
    const comparer = new Comparer({ client }, files, model, reader, finder, walk);
    this.panel = new ComparePanel(Uri.file("/extension"), {
      comparer,
      finder,
      walk,
      display: new DisplayChoices(reader, { choose }),
      saveExport: async (file) => {
        this.exported.push(file);
      },
    });
  }

  get page(): FakeWebviewPanel {
    return fake.panel("rewardInspector.compare");
  }

  /** State messages that the page was sent, which the contract lets through. */
  get updates(): Update[] {
    return this.page.posted.flatMap((message) => {
      const read = compareContract.readHostMessage(message);
      if (read === undefined) throw new Error("the page would refuse this message");
      return read.type === "state" ? [read as Update] : [];
    });
  }

  subject(row: number): Extract<Subject, { kind: "row" }> {
    const text = this.editor.document.getText();
    const offset = text.split("\n").slice(0, row).join("\n").length + (row === 0 ? 0 : 1) + 25;
    return { kind: "row", at: { uri: this.editor.document.uri.toString(), offset } };
  }

  /** Shows a row, and forgets what it took. */
  async shown(row = 0): Promise<void> {
    await this.panel.show(this.subject(row));
    this.page.say({ type: "ready" });
    await vi.waitFor(() => expect(this.panel.state.status.kind).toBe("shown"));
    this.page.posted.length = 0;
  }
}

let setting: Setting;
beforeEach(() => {
  fake.reset();
  setting = new Setting();
});
const settle = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("nothing is sent before the page is ready; then the whole comparison, with typed columns", async () => {
  await setting.panel.show(setting.subject(0));
  expect(setting.page.posted).toEqual([]);
  setting.page.say({ type: "ready" });
  const [update] = setting.updates;
  expect(update?.change).toMatchObject({
    status: { kind: "shown" },
    comparison: { title: "pairs.jsonl, row 1", prompt: "Q", margin: 2, goals: ["good"] },
    display: { metric: "q", goal: "good", threshold: 0, scale: "full" },
    position: { index: 0, count: 3 },
  });
  const [chosen, rejected] = update?.change.comparison?.sides ?? [];
  expect(chosen).toMatchObject({ label: "chosen", model: "mine", reward: 3, text: "good 3" });
  expect(rejected?.tokens.q.good).toEqual(Float32Array.of(0.5, -0.5, 0.5));
});

describe("a display that is chosen in the page", () => {
  test("comes back alone, without tokens, and is acknowledged", async () => {
    await setting.shown();
    const intent = { type: "display", display: { threshold: 0.25 } };
    setting.page.say({ type: "intent", intent, sequence: 7 });
    await settle();
    expect(setting.updates.map(({ change, taken }) => [Object.keys(change), taken])).toEqual([
      [["display"], 0],
      [[], 7],
    ]);
    expect(setting.chosen.threshold).toBe(0.25);
    await settle(60);
    expect(JSON.stringify(setting.page.posted).length).toBeLessThan(400);
  });

  test("that the host already has is only acknowledged", async () => {
    await setting.shown();
    setting.page.say({ type: "intent", intent: { type: "display", display: { threshold: 0 } }, sequence: 1 });
    await settle();
    expect(setting.updates).toEqual([{ type: "state", change: {}, taken: 1 }]);
  });
});

test("scores that change nothing are not sent again", async () => {
  await setting.shown();
  const scored = setting.files.get(asDocument(setting.editor));
  if (scored) setting.files.changed.fire(scored);
  await settle(60);
  expect(setting.updates).toEqual([]);
});

test("rewards of the model that arrive later bring percentiles", async () => {
  await setting.shown();
  setting.quantiles = Array.from({ length: 21 }, (_, i) => i);
  setting.redisplayed.fire();
  await settle(60);
  const [update] = setting.updates;
  expect(update?.change.comparison?.sides.map(({ percentile }) => percentile)).toEqual([0.15, 0.05]);
});

test("an older comparison that arrives late is dropped", async () => {
  await setting.shown(2);
  const waiting: (() => void)[] = [];
  setting.files.forget();
  setting.files.heedsSignals = false;
  setting.files.gate = () => new Promise((resolve) => waiting.push(resolve));
  const first = setting.panel.show(setting.subject(0));
  await settle();
  const second = setting.panel.show(setting.subject(1));
  await settle();
  waiting[1]?.();
  await second;
  waiting[0]?.();
  await first;
  expect(setting.panel.state.comparison?.title).toBe("pairs.jsonl, row 2");
  expect(setting.updates.map(({ change }) => change.comparison?.title)).not.toContain("pairs.jsonl, row 1");
});

test("after a reload it compares again what the page kept", async () => {
  await setting.shown(1);
  const kept = compareContract.readKept(setting.panel.state);
  setting.page.dispose();
  const page = await fake.revive("rewardInspector.compare", JSON.parse(JSON.stringify(kept)));
  page.say({ type: "ready" });
  await vi.waitFor(() => expect(setting.panel.state.comparison?.title).toBe("pairs.jsonl, row 2"));
  expect(setting.updates.at(-1)?.change.comparison?.sides).toHaveLength(2);
});

test("keys lead through the rows, and bring the row into view", async () => {
  await setting.shown();
  setting.page.say({ type: "intent", intent: { type: "go", to: "next-misranked" } });
  await vi.waitFor(() => expect(setting.panel.state.position?.index).toBe(1));
  expect(setting.editor.revealed).toHaveLength(1);
  setting.page.say({ type: "intent", intent: { type: "go", to: "next-misranked" } });
  await vi.waitFor(() =>
    expect(fake.messages.map(({ text }) => text)).toEqual([
      "Reward Inspector: there is no other misranked pair here.",
    ]),
  );
  expect(setting.panel.state.status.kind).toBe("shown");
});

test("the first misranked pair of a file is shown", async () => {
  await setting.panel.showMisranked(setting.editor.document.uri.toString());
  await vi.waitFor(() => expect(setting.panel.state.comparison?.title).toBe("pairs.jsonl, row 2"));
});

test("the panel follows the cursor, and the token under it is pointed at", async () => {
  await setting.shown();
  const text = setting.editor.document.getText();
  fake.moveCursor(setting.editor, text.indexOf("low"));
  expect(setting.page.posted).toEqual([{ type: "notice", notice: { type: "pointed", side: 1, token: 1 } }]);
  fake.moveCursor(setting.editor, text.indexOf("good 2"));
  await vi.waitFor(() => expect(setting.panel.state.position?.index).toBe(1));
});

test("a token is marked in the editor, and revealed", async () => {
  await setting.shown();
  setting.page.say({ type: "intent", intent: { type: "pointed", side: 1, token: 1 } });
  const marked = () => [...setting.editor.decorations.values()].flat() as { start: { character: number } }[];
  const low = setting.editor.document.getText().indexOf(" low");
  await vi.waitFor(() => expect(marked().map(({ start }) => start.character)).toEqual([low]));
  setting.page.say({ type: "intent", intent: { type: "reveal", side: 1, token: 1 } });
  await vi.waitFor(() => expect(setting.editor.selection.start.character).toBe(low));
});

test("the same completion under another model is scored with it", async () => {
  const { at } = setting.subject(0);
  await setting.panel.show({ kind: "models", at, other: "/models/theirs" });
  const { comparison } = setting.panel.state;
  expect(comparison?.title).toBe("pairs.jsonl, row 1, chosen");
  expect(comparison?.sides.map(({ label, reward }) => [label, reward])).toEqual([
    ["mine", 3],
    ["theirs", -9],
  ]);
  expect(setting.otherRequests).toMatchObject([{ model: "/models/theirs", tokens: true, reuse: true }]);
});

test("two completions of a file are compared under their rows", async () => {
  const place = (row: number) => setting.subject(row).at;
  await setting.panel.show({ kind: "completions", first: place(0), second: place(2) });
  const { comparison, position } = setting.panel.state;
  expect(comparison).toMatchObject({ title: "pairs.jsonl, rows 1 and 3", margin: null });
  expect(comparison?.sides.map(({ label }) => label)).toEqual(["row 1, chosen", "row 3, chosen"]);
  expect(position).toBeNull();
});

test("a row that cannot be scored is an error in the panel", async () => {
  setting.files.gate = () => Promise.reject(new Error("the engine is gone"));
  await setting.panel.show(setting.subject(0));
  expect(setting.panel.state.status).toEqual({ kind: "error", text: "the engine is gone" });
});

test("a place without a completion is said", async () => {
  const empty = openFile("empty.jsonl", "");
  await setting.panel.show({ kind: "row", at: { uri: empty.document.uri.toString(), offset: 0 } });
  expect(setting.panel.state.status.kind).toBe("empty");
});

test("an exported page is saved under the comparison's title", async () => {
  await setting.shown();
  setting.page.say({ type: "intent", intent: { type: "exported", format: "html", data: "<p>" } });
  await vi.waitFor(() =>
    expect(setting.exported).toMatchObject([{ format: "html", title: "pairs.jsonl, row 1" }]),
  );
});
