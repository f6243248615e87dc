/** The kind of a document, by its name or language if those are of a dataset, otherwise by its content. */
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
 * @param text text of the document, or its beginning
 * @param before kind before an edit: a row that is being typed is incomplete, but still a row
 */
export function documentKind(name: DocumentName, text: string, before?: DocumentKind): DocumentKind {
  const own = namedKind(name, text) ?? (mayHoldRows(name) ? kindOfContent(text, before) : undefined);
  if (own) return own;
  if (isTranscript(text)) return "transcript";
  return isMarkdownChat(text) ? "markdown-chat" : "text";
}

/** Returns the kind by name or language, which edits do not change; undefined if those do not tell. */
export function namedKind({ fileName, languageId }: DocumentName, text: string): DocumentKind | undefined {
  const ending = endingOf(fileName);
  // The engine also reads a list as JSON, whatever the file is named.
  const isLines = ending === "jsonl" || ending === "ndjson" || languageId === "jsonl";
  if (isLines) return /^\s*\[/.test(text) ? "json" : "json-lines";
  if (ending === "json" || languageId === "json" || languageId === "jsonc") return "json";
  return tableNames.includes(ending ?? "") || tableNames.includes(languageId) ? "table" : undefined;
}

const tableNames = ["csv", "tsv"];

/** Returns the character between the cells of a table. */
export function tableDelimiter({ fileName, languageId }: DocumentName, text: string): string {
  const ending = endingOf(fileName);
  const isTabbed = ending === "tsv" || (ending !== "csv" && languageId === "tsv");
  return isTabbed ? "\t" : delimiterOf(firstLineOf(text));
}

function endingOf(fileName: string): string | undefined {
  return /\.([^./\\]*)$/.exec(fileName)?.[1]?.toLowerCase();
}

/** Whether to look for rows in the content: source code may begin with a bracket too, so it is excluded. */
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

/** Detects JSON. Prose may begin with a bracket too: a list must begin with an object, an object with a member. */
function jsonKind(text: string): DocumentKind | undefined {
  if (/^\[\s*\{\s*"/.test(text)) return "json";
  if (!/^\{\s*"(?:[^"\\\n]|\\.)*"\s*:/.test(text)) return undefined;
  return rowsInDocument(text, false, isJson(text)) ? "json" : "json-lines";
}

/** Detects a table. Prose has commas too, so the header must name an answer and the next row have as many cells. */
function isTable(text: string, isHeaderEnough: boolean): boolean {
  const [header, row] = recordsOf(text, delimiterOf(firstLineOf(text)), 0);
  const names = header?.cells.map((cell) => cellText(text, cell).text) ?? [];
  const isHeader = names.length > 1 && new Set(names).size === names.length && names.some(isAnswer);
  return isHeader && (isHeaderEnough || row?.cells.length === names.length);
}

function isAnswer(name: string): boolean {
  return isAnswerName(name) || name === "chosen";
}
