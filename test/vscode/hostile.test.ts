/** Tests files made to break their readers: the host stays responsive, good rows are scored, bad rows are marked. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { samples } from "./support/fixture-model";
import { missingWorkbench, type OpenWorkbench, openWorkbench } from "./support/workbench";

const missing = missingWorkbench();
let workbench: OpenWorkbench;

const solution = "Step 1: Tom has 3 + 2 = 5 beads.\nAnswer: 5";
const row = (parts: object): string =>
  JSON.stringify({
    prompt: "Tom has 3 beads. He finds 2 more.\n",
    chosen: solution,
    rejected: "Answer: 6",
    ...parts,
  });
const good = row({});
const html =
  "<script>document.title = 'broken'</script><img src=x onerror=alert(1)> [a](command:workbench.action.quit)";

/** Lines, and whether each is a row; the line endings vary. */
const lines: readonly (readonly [line: string | Buffer, isRow: boolean])[] = [
  [good, true],
  ["not JSON at all", false],
  [row({ chosen: html }), true],
  ["[".repeat(100_000), false],
  [`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, false],
  [good.replace('"chosen"', '"chosen":"first","chosen"'), true],
  [good.replace("Answer: 5", "Answer: \\ud800 5"), true],
  [
    Buffer.concat([
      Buffer.from('{"prompt":"a","completion":"'),
      Buffer.from([0xff, 0xc3, 0x28]),
      Buffer.from('"}'),
    ]),
    true,
  ],
  ['{"prompt":"a","completion":"\u0000"}', false],
  ['{"prompt":"a","completion":', false],
  ['{"__proto__":{"completion":"x"},"constructor":1}', false],
  ["null", false],
  [row({ note: "\u2028\u2029\u0085" }), true],
  [good.replace("Tom", "Eva"), true],
];

const ends = ["\n", "\r\n", "\n\n", "\r\n\r\n"];

function hostileFile(): Buffer {
  return Buffer.concat(
    lines.flatMap(([line], i) => [Buffer.from(line), Buffer.from(ends[i % ends.length] ?? "\n")]),
  );
}

/** Generates lines of seeded random bytes, some of which begin like rows. */
function rubbish(count: number): Buffer {
  let seed = 1;
  const next = (): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed;
  };
  const rubbishLines = Array.from({ length: count }, (_, i) => {
    const bytes = Buffer.from(
      Array.from({ length: 60 }, () => 1 + ((next() >> 8) % 255)).filter(
        (byte) => byte !== 10 && byte !== 13,
      ),
    );
    return Buffer.concat([Buffer.from(i % 3 === 0 ? '{"prompt":"' : ""), bytes, Buffer.from("\n")]);
  });
  return Buffer.concat([...rubbishLines, Buffer.from(`${good}\n`)]);
}

beforeAll(async () => {
  if (missing !== undefined) return;
  const long = row({ chosen: "Tom has 5 beads. \\n ".repeat(1_000_000), rejected: "6" });
  workbench = await openWorkbench({
    workspaceFiles: {
      "hostile.jsonl": hostileFile(),
      "long.jsonl": `${good.replace("Tom", "Ana")}\n${long}\n${good.replace("Tom", "Leo")}\n`,
      "rubbish.jsonl": rubbish(5000),
      "pairs.jsonl": await readFile(join(samples, "pairs.jsonl")),
    },
  });
});

afterAll(() => workbench?.stop());

interface Lens {
  readonly line: number;
  readonly title: string;
}

const lenses = (): Promise<Lens[]> =>
  workbench.vs(async (vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return [];
    const found = await vscode.commands.executeCommand<
      { range: { start: { line: number } }; command?: { title: string } }[]
    >("vscode.executeCodeLensProvider", document.uri, 1000);
    return found.map(({ range, command }) => ({ line: range.start.line, title: command?.title ?? "" }));
  });

/** Starts to score a file without waiting for the scores. */
async function run(file: string): Promise<void> {
  await workbench.openFile(file);
  // The command may end after the test.
  void workbench
    .vs((vscode) => vscode.commands.executeCommand("rewardInspector.runModel"))
    .catch(() => undefined);
}

/** Returns the title of the first lens of each line that has lenses. */
async function titles(): Promise<ReadonlyMap<number, string>> {
  const found = await lenses();
  return new Map(found.toReversed().map(({ line, title }) => [line, title]));
}

const scored = /[+−]\d/;
const bad = /^⚠ not read: /;

test("good rows between broken ones are scored, and the broken ones are marked", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await run("hostile.jsonl");
  const places = placesOf(lines.length);
  await expect.poll(async () => (await titles()).get(places.at(-1) ?? 0)).toMatch(scored);
  const found = await titles();
  lines.forEach(([, isRow], i) => {
    expect(found.get(places[i] ?? -1), `row ${i}`).toMatch(isRow ? scored : bad);
  });
  expect(found.size).toBe(lines.length);
  await workbench.screenshot("hostile-rows");
  expect(await workbench.page.title()).not.toBe("broken");
});

test("five thousand lines of garbage do not block the host, and the row after them is scored", async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  await run("rubbish.jsonl");
  await expect.poll(async () => (await titles()).get(0)).toMatch(bad);
  const last = await workbench.vs((vscode) => {
    const editor = vscode.window.activeTextEditor;
    const line = (editor?.document.lineCount ?? 0) - 2;
    editor?.revealRange(new vscode.Range(line, 0, line, 0));
    return line;
  });
  await expect.poll(async () => (await titles()).get(last)).toMatch(scored);
});

test("a line of 20 MB blocks neither the host nor the rows next to it", async ({ skip }) => {
  skip(missing !== undefined, missing);
  await run("long.jsonl");
  await expect.poll(async () => (await titles()).get(2)).toMatch(scored);
  expect((await titles()).get(0)).toMatch(scored);
  expect((await titles()).get(1)).toBe("scoring…");
  // The user can continue while the engine parses the line.
  await workbench.openFile("pairs.jsonl");
  await workbench.command("Reward Inspector: Select What Is Shaded…");
  await workbench.page.locator(".quick-input-list", { hasText: "All tokens" }).waitFor();
  await workbench.page.keyboard.press("Escape");
});

/** Computes the line number of each row in the hostile file. */
function placesOf(count: number): number[] {
  let line = 0;
  return Array.from({ length: count }, (_, i) => {
    const at = line;
    line += i % ends.length < 2 ? 1 : 2;
    return at;
  });
}
