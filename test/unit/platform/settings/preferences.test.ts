/** Choices override settings until a setting changes. */
import { beforeEach, expect, test } from "vitest";
import { Preferences } from "../../../../extension/platform/settings/preferences";
import { FakeMemento, fake } from "../../../support/vscode-fake";

let memory: FakeMemento;
let preferences: Preferences;
let changes: (readonly string[])[];

beforeEach(() => {
  fake.reset();
  memory = new FakeMemento();
  preferences = new Preferences(memory);
  changes = [];
  preferences.onDidChange((names) => changes.push(names));
});
const settle = () => new Promise((resolve) => setTimeout(resolve));

test("settings are the initial choices, and defaults the initial settings", () => {
  expect(preferences.chosen).toMatchObject({ metric: "q", threshold: 0, scale: "full" });
  fake.set("rewardInspector.threshold", 0.5);
  expect(new Preferences(memory).chosen.threshold).toBe(0.5);
});

test("a choice outlives the window, and is reported once if it changes anything", async () => {
  await preferences.choose({ granularity: "word", metric: "q" });
  await preferences.choose({ granularity: "word" });
  expect(changes).toEqual([["granularity"]]);
  expect(new Preferences(memory).chosen.granularity).toBe("word");
});

test("a setting that the user changes overrides an older choice of that setting only", async () => {
  await preferences.choose({ metric: "q-change", granularity: "word" });
  changes.length = 0;
  fake.set("rewardInspector.metric", "partial-reward");
  await settle();
  expect(preferences.chosen).toMatchObject({ metric: "partial-reward", granularity: "word" });
  expect(changes).toEqual([["metric"]]);
  await preferences.choose({ metric: "q" });
  expect(preferences.chosen.metric).toBe("q");
});

test("settings of other extensions change nothing", async () => {
  await preferences.choose({ granularity: "line" });
  changes.length = 0;
  fake.set("editor.fontSize", 20);
  await settle();
  expect(preferences.chosen.granularity).toBe("line");
  expect(changes).toEqual([]);
});

test("changes of settings are ignored after disposal", async () => {
  await preferences.choose({ granularity: "line" });
  preferences.dispose();
  fake.set("rewardInspector.granularity", "word");
  await settle();
  expect(new Preferences(memory).chosen.granularity).toBe("line");
});
