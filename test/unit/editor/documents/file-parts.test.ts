import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countLines, readPart } from "../../../../extension/editor/documents/file-parts";
import { addressOf, readAddress } from "../../../../extension/editor/documents/part-address";
import { temporaryFolder } from "../../../support/temp-folder";

test("parts join to the file, each begins a line, and the lines before it are counted", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "rows.jsonl");
  const lines = fc.array(
    fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("\n", " ")),
  );
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (texts, size, ends) => {
      const whole = texts.join("\n") + (ends ? "\n" : "");
      await writeFile(path, whole);
      const { count } = await readPart(path, 0, { size });
      let before = "";
      for (let i = 0; i < count; i++) {
        const { text = "", start } = await readPart(path, i, { size });
        if (text !== "") {
          expect(before === "" || before.endsWith("\n")).toBe(true);
          expect(await countLines(path, 0, start)).toBe(before.split("\n").length - 1);
        }
        before += text;
      }
      expect(before).toBe(Buffer.from(whole).toString());
    }),
    { numRuns: 200 },
  );
});

test("past the end there is nothing", async () => {
  const path = join(await temporaryFolder(), "rows.jsonl");
  await writeFile(path, "a\nb\n");
  expect(await readPart(path, 7, { size: 2 })).toMatchObject({ text: "", count: 2 });
});

test("a line that is too long for an editor has no text", async () => {
  const path = join(await temporaryFolder(), "rows.jsonl");
  await writeFile(path, `a\n${"b".repeat(50)}\nc\n`);
  const sizes = { size: 2, longest: 20 };
  expect(await readPart(path, 1, sizes)).toMatchObject({ text: undefined, bytes: 51 });
  expect(await readPart(path, 25, sizes)).toMatchObject({ text: "" });
  expect(await readPart(path, 26, sizes)).toMatchObject({ text: "c\n" });
});

test("a changed file has another stamp, and a missing one is named", async () => {
  const path = join(await temporaryFolder(), "rows.jsonl");
  await writeFile(path, "a\n");
  const { stamp } = await readPart(path, 0);
  expect((await readPart(path, 0)).stamp).toBe(stamp);
  await writeFile(path, "a\nb\n");
  expect((await readPart(path, 0)).stamp).not.toBe(stamp);
  await rm(path);
  await expect(readPart(path, 0)).rejects.toThrow("rows.jsonl: cannot be read (ENOENT");
});

test("an address leads back to its part", () => {
  const address = { path: "/data/50% of rows?#.jsonl", index: 2, line: 812, stamp: "1 2.5" };
  const uri = addressOf(address, 7);
  expect(uri.path).toBe("/50% of rows?#.jsonl, part 3 of 7");
  expect(readAddress(uri)).toEqual(address);
  expect(readAddress({ scheme: "file", query: "" })).toBeUndefined();
});
