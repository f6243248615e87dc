/** Tells datasets and models from others, by what their files hold. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { DataFingerprint } from "../../../protocol/runs";
import type { Checkpoint } from "../../checkpoint/reading/checkpoint";
import { InputError, messageOf } from "../../errors";
import { exists } from "../../model-folder/folder";

export async function fingerprintOf(file: string): Promise<DataFingerprint> {
  const path = resolve(file);
  const hash = createHash("sha256");
  const bytes = await addFile(hash, path, file);
  return { path, bytes, sha256: hash.digest("hex") };
}

/** Of a model's files, besides its weights, those that change what is trained. */
const modelFiles = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
];

/** SHA-256 of a model's configuration, tokenizer and weights, hexadecimal. Takes as long as reading them. */
export async function modelFingerprint({ folder, tensors }: Checkpoint): Promise<string> {
  const hash = createHash("sha256");
  const weights = [...new Set([...tensors.values()].map(({ file }) => file))].sort();
  for (const path of [...modelFiles.map((name) => join(folder, name)), ...weights]) {
    if (!(await exists(path))) continue;
    // Links of the Hugging Face cache have other names where they lead to: only the contents count.
    const content = createHash("sha256");
    await addFile(content, path, basename(path));
    hash.update(content.digest());
  }
  return hash.digest("hex");
}

/** Returns the size. */
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
