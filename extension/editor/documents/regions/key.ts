/** Keys that identify what is scored. */
import { createHash } from "node:crypto";

const longestKey = 100;

/** Returns a short key that is equal only for equal parts. */
export function keyOf(...parts: readonly string[]): string {
  const whole = parts.map((part) => `${part.length}:${part}`).join("");
  return whole.length <= longestKey ? whole : createHash("sha1").update(whole).digest("base64");
}
