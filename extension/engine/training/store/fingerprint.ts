/** Tells a dataset from another, by what its file holds. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { DataFingerprint } from "../../../protocol/runs";
import { InputError, messageOf } from "../../errors";

export async function fingerprintOf(file: string): Promise<DataFingerprint> {
  const path = resolve(file);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path)) {
      hash.update(piece as Buffer);
      bytes += (piece as Buffer).length;
    }
  } catch (error) {
    throw new InputError(file, `cannot be read (${messageOf(error)})`);
  }
  return { path, bytes, sha256: hash.digest("hex") };
}
