/** Files written whole or not at all. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { InputError, messageOf } from "./errors";

/** Writes a file under a temporary name beside it, then renames it. On a fault nothing is left behind. */
export async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "wx");
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new InputError(path, `could not be written (${messageOf(error)}); nothing was changed`);
  }
}
