/** Each front end words errors for its own users: no flag in the editor, no command title or setting in the terminal. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { expect, test } from "vitest";
import { terminalErrorText as terminalText } from "../../extension/cli/output/error-wording";
import { commands } from "../../extension/commands/command-table";
import { InputError } from "../../extension/engine/errors";
import { UnwrittenFile } from "../../extension/engine/files";
import {
  EditorProblem,
  errorText,
  manageTrust,
  nextSteps,
  problemText,
} from "../../extension/platform/error-wording";
import type { ErrorDetail } from "../../extension/protocol/errors";

const root = join(import.meta.dirname, "../..");
const flag = /(?:^|[\s`"'(])--[a-z][a-z-]*/;
const typed = /reward-inspector (?:score|evaluate|goal|train|runs|sweep|inspect|devices)\b/;

/** String literals of the files below a folder, without those of comments, imports and style properties. */
function literals(folder: string): { readonly file: string; readonly text: string }[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => posix.join(folder, file.split(sep).join("/")));
  return files.flatMap((file) => {
    const code = readFileSync(join(root, file), "utf8")
      .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
      .replaceAll(/^(?:import|export) .*from "[^"]*";$/gm, "")
      .replaceAll(/var\(--[\w-]+|--vscode-/g, "");
    const found = code.match(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
    return found.map((text) => ({ file, text }));
  });
}

/** The card of a trained model tells its readers how to use it, in the terminal as well. */
const cards = ["extension/engine/training/outcome/model-usage.ts"];
const editorFolders = [
  "platform",
  "editor",
  "panels",
  "dialogs",
  "views",
  "training",
  "commands",
  "reports",
  "display",
];

test.each(["extension/engine", "webview", ...editorFolders.map((name) => `extension/${name}`)])(
  "no message of %s names a flag or a command to type",
  (folder) => {
    const all = literals(folder).filter(({ file }) => !cards.includes(file));
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter(({ text }) => flag.test(text) || typed.test(text))).toEqual([]);
  },
);

const titles = Object.values(commands)
  .map(({ title }) => title.replace("…", ""))
  .filter((title) => title.includes(" "));
const names = /rewardInspector\.\w+|Command Palette|Reward Inspector: [A-Z]/;

test.each(["extension/engine", "extension/cli"])(
  "no message of %s names a command of the editor or a setting",
  (folder) => {
    const all = literals(folder);
    expect(all.length).toBeGreaterThan(100);
    const naming = all.filter(({ text }) => names.test(text) || titles.some((title) => text.includes(title)));
    expect(naming).toEqual([]);
  },
);

/** One of each, as the engine gives them. */
const details: readonly ErrorDetail[] = [
  { code: "model-missing", data: { model: "owner/name", isHubName: true } },
  { code: "model-missing", data: { model: "m1", isHubName: false } },
  { code: "nothing-to-score", data: { folder: "m" } },
  { code: "goal-missing", data: { name: "best", known: [] } },
  { code: "base-missing", data: { base: "owner/base" } },
  { code: "base-missing", data: { base: undefined } },
  { code: "length-invalid", data: { quantity: "longest sequence" } },
  { code: "length-invalid", data: { quantity: "batch" } },
  { code: "device-unknown", data: { known: ["auto", "cpu"] } },
  { code: "fields-unknown", data: { fields: ["a"] } },
  { code: "nothing-to-measure", data: { hasGoal: false } },
  { code: "memory-short", data: { needed: 2, available: 1 } },
  { code: "all-held-out", data: { evaluationPairs: 1 } },
  { code: "pairs-too-long", data: { maxLength: 8 } },
  { code: "training-diverged", data: { step: 2 } },
  { code: "file-unwritten", data: { path: "a" } },
  { code: "engine-crashed", data: { reason: "SIGKILL" } },
  { code: "untrusted", data: { place: "/w" } },
];

test.each(details)("$code is worded for each front end", (detail) => {
  const error = new InputError("place", "problem", detail);
  expect(errorText(error)).toMatch(/^place: problem(; .+)?$/);
  expect(terminalText(error)).toMatch(/^place: problem(; .+)?$/);
  expect(flag.test(errorText(error)) || typed.test(errorText(error))).toBe(false);
  expect(names.test(terminalText(error))).toBe(false);
  expect(problemText(error)).toBe(errorText(error).replace("place: ", ""));
  const steps = nextSteps(error);
  expect(steps.length).toBeGreaterThan(0);
  expect(steps.filter((step) => step !== manageTrust.command && !(step in commands))).toEqual([]);
});

test("a model without a head leads to a goal state, by flag or by button", () => {
  const error = new InputError("m", "has no head", { code: "nothing-to-score", data: { folder: "m" } });
  expect(terminalText(error)).toContain("`reward-inspector goal`, or name one with --goal");
  expect(errorText(error)).toBe("m: has no head; compute a goal state for it, or select another model");
  expect(nextSteps(error)).toContain("rewardInspector.computeGoal");
});

test("a name of the Hugging Face Hub comes with the way to get the model", () => {
  const data = { model: "owner/name", isHubName: true };
  const error = new InputError("owner/name", "is not here", { code: "model-missing", data });
  for (const text of [errorText(error), terminalText(error)])
    expect(text).toContain("`hf download owner/name`");
});

test("a problem of the editor's own brings its next steps; a full disk does not ask for another model", () => {
  expect(nextSteps(new EditorProblem("nothing open", ["rewardInspector.openSamples"]))).toEqual([
    "rewardInspector.openSamples",
  ]);
  expect(nextSteps(new UnwrittenFile("a", "is full"))).toEqual(["rewardInspector.showLog"]);
  expect(nextSteps(new Error("a fault"))).toContain("rewardInspector.restartEngine");
});
