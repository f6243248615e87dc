/** What the status bar says. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readingOf } from "../../../../extension/editor/scores/reading";
import type { ScoredText } from "../../../../extension/editor/scores/scored-document";
import { StatusBar } from "../../../../extension/editor/status/status-bar";
import { settingDefaults } from "../../../../extension/platform/settings/setting-values";
import { asDocument, openFile, pairsText, ScoredFiles } from "../../../support/scored-files";
import { fake } from "../../../support/vscode-fake";
import type { FakeEditor } from "../../../support/vscode-fake/document";
import { EventEmitter } from "../../../support/vscode-fake/values";

const changed = new EventEmitter<void>();
let files: ScoredFiles;
let bar: StatusBar;
let name: string;

beforeEach(() => {
  fake.reset();
  vi.useFakeTimers();
  files = new ScoredFiles();
  name = "mine";
  const options = { ...settingDefaults, goal: "good" };
  const reader = {
    onDidChange: changed.event,
    options: () => options,
    read: (text: ScoredText) => readingOf(text, options),
  };
  const model = {
    model: "/models/mine",
    get name() {
      return name;
    },
    onDidChange: changed.event,
  };
  bar = new StatusBar(files, reader, model, { chosen: settingDefaults }, {
    problems: [],
    onDidChange: changed.event,
  } as never);
});
afterEach(() => {
  bar.dispose();
  vi.useRealTimers();
});

const item = (id: string) => {
  const found = fake.statusItems.find((item) => item.id === `rewardInspector.${id}`);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
};
const update = (): void => {
  changed.fire();
  vi.advanceTimersByTime(100);
};

async function scoredFile(): Promise<FakeEditor> {
  const editor = openFile("pairs.jsonl", pairsText(["good 3", "bad 1"]));
  const scored = await files.add(asDocument(editor));
  const regions = scored.all().flatMap(({ region }) => ("row" in region ? [region] : []));
  await files.scoreRows(scored, regions);
  return editor;
}

test("nothing is shown beside files that are not scored", () => {
  openFile("other.jsonl", pairsText(["good 3", "bad 1"]));
  update();
  expect(fake.statusItems.map(({ isShown }) => isShown)).toEqual([false, false, false]);
});

test("the completion under the cursor has its reward, and the pair its margin", async () => {
  const editor = await scoredFile();
  editor.moveTo(editor.document.getText().indexOf("bad 1") + 2);
  fake.selection.fire({ textEditor: editor });
  vi.advanceTimersByTime(100);
  expect(item("reward").text).toBe("rejected +1.0 · margin +2.0 ✓");
  expect(item("reward").isShown).toBe(true);
});

test("a row that waits for its scores has no reward, and a broken one says why", async () => {
  const editor = openFile("pairs.jsonl", `${pairsText(["good 3", "bad 1"])}\n{"chosen": 1`);
  await files.add(asDocument(editor));
  update();
  expect(item("reward").isShown).toBe(false);
  editor.moveTo(editor.document.getText().length);
  update();
  expect(item("reward").text).toBe("$(warning) no score");
  expect(item("reward").tooltip?.value).toContain("not&nbsp;read");
});

test("the model's name cannot become an icon, and spins while it scores", async () => {
  await scoredFile();
  name = "$(flame) mine";
  update();
  expect(item("model").text).toBe("$(symbol-color) $ (flame) mine");
  files.isScoring = true;
  files.activity.fire();
  vi.advanceTimersByTime(100);
  expect(item("model").text).toBe("$(sync~spin) $ (flame) mine");
});

test("the device is shown once it is known, with its notes and how to read the colors", async () => {
  await scoredFile();
  update();
  expect(item("device").isShown).toBe(false);
  files.settings = {
    fingerprint: "f",
    device: "webgpu",
    notes: ["no CUDA"],
    goals: ["good"],
    eos: "",
    maxLength: 9,
    rewardToken: "",
  };
  update();
  expect(item("device").text).toBe("WebGPU");
  expect(item("device").tooltip?.value).toContain("no&nbsp;CUDA");
  expect(item("device").tooltip?.value).toContain("Q-value");
});

test("many events make one update, and none after it is disposed of", async () => {
  await scoredFile();
  update();
  item("model").isShown = false;
  changed.fire();
  changed.fire();
  vi.advanceTimersByTime(10);
  expect(item("model").isShown).toBe(false);
  bar.dispose();
  vi.advanceTimersByTime(1000);
  expect(item("model").isShown).toBe(false);
});
