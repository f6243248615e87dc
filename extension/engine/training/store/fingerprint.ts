/** Identifies datasets and models by the content of their files. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { DataFingerprint } from "../../../protocol/runs";
import type { Checkpoint } from "../../checkpoint/reading/checkpoint";
import { InputError, messageOf } from "../../errors";
import { exists } from "../../model-folder/folder";

/** Returns a file's absolute path, size and SHA-256. Throws InputError if it cannot be read. */
export async function fingerprintOf(file: string): Promise<DataFingerprint> {
  const path = resolve(file);
  const hash = createHash("sha256");
  const bytes = await addFile(hash, path, file);
  return { path, bytes, sha256: hash.digest("hex") };
}

/** Files of a model, besides its weights, that affect training. */
const modelFiles = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
];

/** Returns the hexadecimal SHA-256 of a model's configuration, tokenizer and weights, all of which it reads. */
export async function modelFingerprint({ folder, tensors }: Checkpoint): Promise<string> {
  const hash = createHash("sha256");
  const weights = [...new Set([...tensors.values()].map(({ file }) => file))].sort();
  for (const path of [...modelFiles.map((name) => join(folder, name)), ...weights]) {
    if (!(await exists(path))) continue;
    // Links of the Hugging Face cache lead to files with other names, so only the content is hashed.
    const content = createHash("sha256");
    await addFile(content, path, basename(path));
    hash.update(content.digest());
  }
  return hash.digest("hex");
}

/** Adds a file's content to the hash; returns its size in bytes. */
async function addFile(hash: Hash, path: string, place: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
      hash.update(piece as Buffer);
      bytes += (piece as Buffer).length;
    }
  } catch (error) {
    throw new InputError(place, `cannot be read (${messageOf(error)})`);
  }
  return bytes;
}

const pieceBytes = 2 ** 20;
