/** Writes the files of a model folder: all of them, or none. */
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../../errors";
import { writeWhole } from "../../files";
import { exists } from "../../model-folder/folder";
import type { Checkpoint } from "../reading/checkpoint";

/** A file by its name in the folder; `write` writes the complete file to a path. */
export interface FolderFile {
  readonly name: string;
  write(path: string): Promise<void>;
}

/** The files of a tokenizer, as transformers saves them. */
const tokenizerNames = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "chat_template.jinja",
  "vocab.json",
  "merges.txt",
  "tokenizer.model",
];

/** Writes the files in order into a folder made for them. If one fails, the files already written are removed. */
export async function writeFiles(folder: string, files: readonly FolderFile[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const { name, write } of files) {
      const path = join(folder, name);
      await write(path);
      written.push(path);
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    throw error;
  }
}

export function textFile(name: string, text: string): FolderFile {
  return { name, write: (path) => writeWhole(path, (file) => file.write(text)) };
}

/** Returns the tokenizer's files, all from the folder whose tokenizer.json is used. */
export async function tokenizerFiles(source: Checkpoint): Promise<FolderFile[]> {
  return copies(await source.folderOf("tokenizer.json"), tokenizerNames);
}

/** Returns copies of those of the named files that the folder contains. */
export async function copies(folder: string, names: readonly string[]): Promise<FolderFile[]> {
  const present: FolderFile[] = [];
  for (const name of names) {
    const from = join(folder, name);
    if (await exists(from)) present.push({ name, write: (path) => copyWhole(from, path, name) });
  }
  return present;
}

/** Copies a file completely or not at all, and follows links, unlike fs.copyFile. */
function copyWhole(from: string, to: string, place: string): Promise<void> {
  return writeWhole(to, async (file) => {
    const pieces = createReadStream(from)[Symbol.asyncIterator]();
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        throw new InputError(place, `cannot be read (${messageOf(error)})`);
      });
      if (next.done) return;
      await file.write(next.value);
    }
  });
}
