/** Detects where a JSON document contains its rows. */
import { firstLineOf } from "./table-rules";

/** Whether the document is one row, a list of rows, or an object with a list of rows under one of `listNames`. */
export type RowsIn = "root" | "items" | "lists";

/** Fields that may contain a document's rows. */
export const listNames = ["data", "rows", "train", "examples", "instances"];

/** Returns undefined if the text is JSON Lines. */
export function rowsInDocument(
  text: string,
  isNamedLines: boolean,
  isWholeText: boolean,
): RowsIn | undefined {
  if (text.startsWith("[")) return "items";
  if (!text.startsWith("{") || isNamedLines) return undefined;
  const list = new RegExp(`"(?:${listNames.join("|")})"\\s*:\\s*\\[`);
  const line = firstLineOf(text).trimEnd();
  if (!isJson(line)) {
    // A first line that ends inside a value belongs to a document written on several lines.
    const isSpread = /[{[,:]$/.test(line);
    if (!isSpread) return new RegExp(`^\\{\\s*${list.source}`).test(text) ? "lists" : undefined;
    return isWholeText && isJson(text) && !list.test(text) ? "root" : "lists";
  }
  return list.test(line) && !/\n\s*\{/.test(text) && isWrapper(line) ? "lists" : undefined;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether one of `listNames` has a list of objects. */
function isWrapper(text: string): boolean {
  const value: Record<string, unknown> = JSON.parse(text);
  return listNames.some((name) => {
    const list = value[name];
    return Array.isArray(list) && list.every((item) => typeof item === "object" && item !== null);
  });
}
