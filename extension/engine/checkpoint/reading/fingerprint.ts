import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpoint } from "./checkpoint";

/**
 * Returns a string that changes when a model file changes. It includes the inode and ctime, so it also changes if a
 * file is replaced or its modification time is reset.
 */
export async function fingerprint({
  folder,
  baseFolder,
}: Pick<Checkpoint, "folder" | "baseFolder">): Promise<string> {
  const stamps = await Promise.all(
    [...new Set([folder, baseFolder])].map(async (place) => {
      const names = (await readdir(place)).sort();
      const files = await Promise.all(
        names.map(async (name) => {
          const info = await stat(join(place, name)).catch(() => undefined);
          // Only files count: goal states are in their own folder, which may appear, and are read for each request.
          return info?.isFile() ? [`${name}:${info.size}:${info.mtimeMs}:${info.ctimeMs}:${info.ino}`] : [];
        }),
      );
      return [place, ...files.flat()].join("\n");
    }),
  );
  return stamps.join("\n");
}
