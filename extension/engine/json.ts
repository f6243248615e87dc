/** What every reader of JSON asks. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object: neither a list nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
