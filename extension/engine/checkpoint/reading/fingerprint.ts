import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpoint } from "./checkpoint";

/** Changes when a file of the model does. */
export async function fingerprint({ folder, baseFolder }: Checkpoint): Promise<string> {
  const stamps = await Promise.all(
    [...new Set([folder, baseFolder])].map(async (place) => {
      const files = await Promise.all(
        (await readdir(place)).map(async (name) => {
          const info = await stat(join(place, name)).catch(() => undefined);
          // Goal states come and go in their own folder, and are read anew each time.
          return info?.isFile() ? `${name}:${info.mtimeMs}:${info.size}` : "";
        }),
      );
      return [place, ...files].join("\n");
    }),
  );
  return stamps.join("\n");
}
