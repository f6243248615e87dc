/** Where a document of JSON has its rows. */
import { firstLineOf } from "./table-rules";

/** The whole of it is one row, or its items are the rows, or the items under one of `listNames`. */
export type RowsIn = "root" | "items" | "lists";

/** Fields that hold a document's rows. */
export const listNames = ["data", "rows", "train", "examples", "instances"];

/** Where a JSON document has its rows, or undefined if the text is JSON Lines. */
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
    // A line that stops where no row could: the document is written over several.
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

/** Whether one of the names that hold rows has a list of objects. */
function isWrapper(text: string): boolean {
  const value: Record<string, unknown> = JSON.parse(text);
  return listNames.some((name) => {
    const list = value[name];
    return Array.isArray(list) && list.every((item) => typeof item === "object" && item !== null);
  });
}
