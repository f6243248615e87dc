/** Model folders with one of the small tokenizers of test/fixtures/tokenizers. */
import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function tokenizerFile(name: string): string {
  return join("test/fixtures/tokenizers", `${name}.json`);
}

/** Creates a model folder from the fixture `name` and further `files` by name; objects are written as JSON. */
export async function tokenizerFolder(
  name: string | undefined,
  files: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tokenizer-"));
  if (name !== undefined) await copyFile(tokenizerFile(name), join(folder, "tokenizer.json"));
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}
