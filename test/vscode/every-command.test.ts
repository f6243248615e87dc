/** Checks, after all other tests in VS Code, that together they executed every command of the extension. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { commands } from "../../extension/commands/command-table";
import { lack } from "../support/lack";
import { ranCommands } from "./support/extension";

vi.mock("vscode", () => ({}));

/** Test files that don't open a workbench with the development build. */
const others = ["every-command", "package", "timings"].map((name) => `${name}.test.ts`);

test("every command was executed in the workbench", async ({ skip }) => {
  const recorded: string[] = await readdir(ranCommands).catch(() => []);
  const files = (await readdir(import.meta.dirname)).filter(
    (name) => name.endsWith(".test.ts") && !others.includes(name),
  );
  const isWhole = files.every((name) => recorded.includes(name));
  skip(!isWhole, lack("it looks at what all the tests in VS Code did, and not all of them ran", "npm test"));
  const texts = await Promise.all(recorded.map((name) => readFile(join(ranCommands, name), "utf8")));
  const ran = new Set(texts.join("").split("\n"));
  expect(Object.keys(commands).filter((id) => !ran.has(id))).toEqual([]);
});
