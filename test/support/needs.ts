import { beforeEach } from "vitest";

/** Skips the tests of a file or a `describe` if a requirement is missing. Call it before other hooks. */
export function needs(lacking: string | undefined): void {
  if (lacking !== undefined) beforeEach(({ skip }) => skip(lacking));
}
