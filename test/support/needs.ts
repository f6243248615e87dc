import { beforeEach } from "vitest";

/** Skips the tests of a file or of a `describe` if something is lacking. Call it before other hooks. */
export function needs(lacking: string | undefined): void {
  if (lacking !== undefined) beforeEach(({ skip }) => skip(lacking));
}
