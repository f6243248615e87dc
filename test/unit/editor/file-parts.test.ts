import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readPart } from "../../../extension/editor/file-parts";
import { temporaryFolder } from "../../support/temp-folder";

test("parts put together are the file, and each begins a line", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "rows.jsonl");
  const lines = fc.array(
    fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("\n", " ")),
  );
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (texts, size, ends) => {
      const whole = texts.join("\n") + (ends ? "\n" : "");
      await writeFile(path, whole);
      const { count } = await readPart(path, 0, size);
      const parts: string[] = [];
      for (let i = 0; i < count; i++) parts.push((await readPart(path, i, size)).text);
      expect(parts.join("")).toBe(Buffer.from(whole).toString());
      expect(parts.slice(0, -1).filter((part) => part !== "" && !part.endsWith("\n"))).toEqual(
        parts
          .slice(0, -1)
          .filter((part, i) => part !== "" && !part.endsWith("\n") && parts.slice(i + 1).join("") === ""),
      );
    }),
    { numRuns: 200 },
  );
});

test("past the end there is nothing", async () => {
  const path = join(await temporaryFolder(), "rows.jsonl");
  await writeFile(path, "a\nb\n");
  expect(await readPart(path, 7, 2)).toEqual({ text: "", count: 2 });
});
