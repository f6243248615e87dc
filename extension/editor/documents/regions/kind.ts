/** What a document is: told by its name or language if they are a dataset's, otherwise by what is in it. */
import { isAnswerName } from "../../../engine/data/fields/fields";
import { isJson, rowsInDocument } from "../../../engine/data/files/rows-in";
import { delimiterOf, firstLineOf } from "../../../engine/data/files/table-rules";
import type { DocumentKind } from "./region";
import { cellText, recordsOf } from "./table/cells";
import { isMarkdownChat } from "./text/markdown-chat";
import { isTranscript } from "./text/transcript";
import { textStart } from "./text-start";

/** Name and language of a document, as VS Code has them. */
export interface DocumentName {
  readonly fileName: string;
  readonly languageId: string;
}

/**
 * @param text of the document, or its beginning
 * @param before what it was before an edit: a row that is being written breaks off, and is a row still
 */
export function documentKind(name: DocumentName, text: string, before?: DocumentKind): DocumentKind {
  const own = namedKind(name, text) ?? (mayHoldRows(name) ? kindOfContent(text, before) : undefined);
  if (own) return own;
  if (isTranscript(text)) return "transcript";
  return isMarkdownChat(text) ? "markdown-chat" : "text";
}

/** The kind that its name or language tells; whatever is written in it, it stays the same. */
export function namedKind({ fileName, languageId }: DocumentName, text: string): DocumentKind | undefined {
  const ending = endingOf(fileName);
  // The engine too takes a list for what it is, whatever its name.
  const isLines = ending === "jsonl" || ending === "ndjson" || languageId === "jsonl";
  if (isLines) return /^\s*\[/.test(text) ? "json" : "json-lines";
  if (ending === "json" || languageId === "json" || languageId === "jsonc") return "json";
  return tableNames.includes(ending ?? "") || tableNames.includes(languageId) ? "table" : undefined;
}

const tableNames = ["csv", "tsv"];

/** The character between the cells of a document that is a table. */
export function tableDelimiter({ fileName, languageId }: DocumentName, text: string): string {
  const ending = endingOf(fileName);
  const isTabbed = ending === "tsv" || (ending !== "csv" && languageId === "tsv");
  return isTabbed ? "\t" : delimiterOf(firstLineOf(text));
}

function endingOf(fileName: string): string | undefined {
  return /\.([^./\\]*)$/.exec(fileName)?.[1]?.toLowerCase();
}

/** Source code and the like begin with brackets too. */
function mayHoldRows({ fileName, languageId }: DocumentName): boolean {
  return languageId === "plaintext" || endingOf(fileName) === undefined;
}

function kindOfContent(text: string, before: DocumentKind | undefined): DocumentKind | undefined {
  const content = text.slice(textStart(text)).trimStart();
  const isBracketed = /^[{[]/.test(content);
  const isJsonBefore = before === "json" || before === "json-lines";
  if (isBracketed) return jsonKind(content) ?? (isJsonBefore ? before : undefined);
  return isTable(content, before === "table") ? "table" : undefined;
}

/** Prose may begin with a bracket too: a list must begin with an object, and an object with a member. */
function jsonKind(text: string): DocumentKind | undefined {
  if (/^\[\s*\{\s*"/.test(text)) return "json";
  if (!/^\{\s*"(?:[^"\\\n]|\\.)*"\s*:/.test(text)) return undefined;
  return rowsInDocument(text, false, isJson(text)) ? "json" : "json-lines";
}

/** Prose may have commas too: a header names an answer, and the row after it has as many cells. */
function isTable(text: string, isHeaderEnough: boolean): boolean {
  const [header, row] = recordsOf(text, delimiterOf(firstLineOf(text)), 0);
  const names = header?.cells.map((cell) => cellText(text, cell).text) ?? [];
  const isHeader = names.length > 1 && new Set(names).size === names.length && names.some(isAnswer);
  return isHeader && (isHeaderEnough || row?.cells.length === names.length);
}

function isAnswer(name: string): boolean {
  return isAnswerName(name) || name === "chosen";
}
