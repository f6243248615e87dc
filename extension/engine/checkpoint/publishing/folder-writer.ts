/** Writes the files of a model folder: all of them, or none. */
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../../errors";
import { writeWhole } from "../../files";
import { exists } from "../../model-folder/folder";
import type { Checkpoint } from "../reading/checkpoint";

/** A file by its name in the folder; `write` gets the path and writes it whole. */
export interface FolderFile {
  readonly name: string;
  write(path: string): Promise<void>;
}

/** What belongs to a tokenizer beside tokenizer.json, as transformers saves it. */
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

/** Writes the files in order; on a fault those already written are removed, so give a folder made for them. */
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

/** The tokenizer's files, all from the folder whose tokenizer.json counts. */
export async function tokenizerFiles(source: Checkpoint): Promise<FolderFile[]> {
  return copies(await source.folderOf("tokenizer.json"), tokenizerNames);
}

/** Those of the files that the folder has. */
export async function copies(folder: string, names: readonly string[]): Promise<FolderFile[]> {
  const present: FolderFile[] = [];
  for (const name of names) {
    const from = join(folder, name);
    if (await exists(from)) present.push({ name, write: (path) => copyWhole(from, path, name) });
  }
  return present;
}

/** As fs.copyFile, but whole or not at all, and through links. */
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
