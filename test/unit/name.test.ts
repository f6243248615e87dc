import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

// PyPI has a package of the old name for the same field, so it must not come back. Written in two parts, as this file is
// read too.
const oldName = new RegExp(`reward[-_ .]?${"le"}ns`, "i");
const notOurs = new Set([".git", "node_modules", "dist", "runs"]);
const binary = /\.(?:png|safetensors|parquet|woff2?|ttf|gz|zip|vsix)$/;

async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (notOurs.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

it("uses the old name nowhere, neither in a file nor in a file's name", async () => {
  const found: string[] = [];
  for await (const path of filesIn(".")) {
    if (oldName.test(path)) found.push(path);
    else if (!binary.test(path) && oldName.test(await readFile(path, "utf8"))) found.push(path);
  }
  expect(found).toEqual([]);
});

it("gives every exported name one meaning", async () => {
  const places = new Map<string, string[]>();
  for (const folder of ["extension", "webview"]) {
    for await (const path of filesIn(folder)) {
      if (!path.endsWith(".ts")) continue;
      const text = await readFile(path, "utf8");
      const exported = /^export (?:abstract )?(?:async )?(?:function\*?|class|interface|type|const) (\w+)/gm;
      // An overload, or a type of the name of its value, is the same thing in the same file.
      for (const name of new Set([...text.matchAll(exported)].map(([, name = ""]) => name)))
        places.set(name, [...(places.get(name) ?? []), path]);
    }
  }
  expect(places.size).toBeGreaterThan(500);
  expect([...places].filter(([, files]) => files.length > 1)).toEqual([]);
});
