/** Finds the completion regions of a document of any kind. */
import { type FieldChoice, noFields } from "./field-choice";
import { jsonRegions } from "./json/json-document";
import { jsonRow } from "./json/json-row";
import { tableDelimiter } from "./kind";
import type { BadRegion, DocumentKind, OffsetRange, Region } from "./region";
import { TableDocument } from "./table/table-document";
import { markdownChatRegions } from "./text/markdown-chat";
import { markedRegions, textRegions } from "./text/plain-text";
import { transcriptRegions } from "./text/transcript";

export interface RegionOptions {
  /** Completions marked by hand, which replace the detected ones. JSON and tables have none. */
  readonly marked?: readonly OffsetRange[] | undefined;
  /** Whether a Markdown chat is read as messages, for a model with a chat template, or as text. */
  readonly asMessages?: boolean;
  /** The fields that the user named. */
  readonly fields?: FieldChoice;
}

/**
 * Reads a line of JSON Lines as a region that starts at 0; undefined if the line is blank.
 *
 * @param row 0-based position in the dataset
 * @param place place of the row, for messages: `pairs.jsonl:12`
 */
export function regionOfLine(
  line: string,
  row: number,
  place: string,
  fields: FieldChoice = noFields,
): Region | BadRegion | undefined {
  return isBlankLine(line) ? undefined : jsonRow(line, row, place, fields);
}

export function isBlankLine(line: string): boolean {
  return !/[^ \t\r\uFEFF]/.test(line);
}

/**
 * Finds all regions of a document, in order.
 *
 * @param name name of the file, for messages
 */
export function regionsOf(
  kind: DocumentKind,
  text: string,
  name: string,
  { marked, asMessages = false, fields = noFields }: RegionOptions = {},
): (Region | BadRegion)[] {
  if (kind === "json-lines") return lineRegions(text, name, fields);
  if (kind === "json") return jsonRegions(text, name, fields);
  if (kind === "table") {
    const delimiter = tableDelimiter({ fileName: name, languageId: "" }, text);
    return new TableDocument(text, delimiter, name, fields).between(0, text.length);
  }
  if (marked) return markedRegions(text, name, marked);
  if (kind === "transcript") return transcriptRegions(text, name);
  return kind === "markdown-chat" ? markdownChatRegions(text, name, asMessages) : textRegions(text, name);
}

function lineRegions(text: string, name: string, fields: FieldChoice): (Region | BadRegion)[] {
  const regions: (Region | BadRegion)[] = [];
  let start = 0;
  for (const [i, line] of text.split("\n").entries()) {
    const region = regionOfLine(line, regions.length, `${name}:${i + 1}`, fields);
    if (region) regions.push({ ...region, start, end: start + line.length });
    start += line.length + 1;
  }
  return regions;
}
