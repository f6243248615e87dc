import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpoint } from "./checkpoint";

/**
 * Changes when a file of the model does, also when another file takes its place or its time is set back: inode and time
 * of the last change of status count too.
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
          // Goal states come and go in their own folder, and are read for each request.
          return info?.isFile() ? `${name}:${info.size}:${info.mtimeMs}:${info.ctimeMs}:${info.ino}` : "";
        }),
      );
      return [place, ...files].join("\n");
    }),
  );
  return stamps.join("\n");
}
