/** Copies models that are read-only, so that goal states can be stored with them. */
import { constants } from "node:fs";
import { access, cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf } from "../engine/errors";
import { freeName } from "./form/training-plan";

/** Whether files can be added to a folder. */
export async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Copies a model's folder into `models`, as `<name>-copy` or with a number added, and resolves symbolic links. Returns
 * the path of the copy, which is complete or does not exist. Throws InputError if the copy cannot be written.
 */
export async function copyModel(folder: string, name: string, models: string): Promise<string> {
  try {
    await mkdir(models, { recursive: true });
    const copy = join(models, freeName(`${name}-copy`, await readdir(models)));
    const partial = `${copy}.${process.pid}.partial`;
    try {
      await cp(folder, partial, { recursive: true, dereference: true });
      await rename(partial, copy);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return copy;
  } catch (error) {
    throw new InputError(
      folder,
      `could not be copied to ${models} (${messageOf(error)}); free some space there, or select another model`,
    );
  }
}
