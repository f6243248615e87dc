/** The completion regions of a document, whatever its kind. */
import { jsonRegions } from "./json-document";
import { regionOfRow } from "./json-row";
import { isMarkdownChat, markdownChatRegions } from "./markdown-chat";
import { markedRegions, textRegions } from "./plain-text";
import type { BadRegion, DocumentKind, OffsetRange, Region } from "./region";
import { isTranscript, transcriptRegions } from "./transcript";

export interface RegionOptions {
  /** Completions that were marked by hand, in the document: they count in place of those found. Not in JSON. */
  readonly marked?: readonly OffsetRange[] | undefined;
  /** Whether a Markdown chat becomes messages, for a model with a chat template; else it is text. */
  readonly asMessages?: boolean;
}

/** @param text of the document, or its beginning */
export function documentKind(fileName: string, languageId: string, text: string): DocumentKind {
  const ending = /\.([^./\\]*)$/.exec(fileName)?.[1]?.toLowerCase();
  // The engine too takes a list for what it is, whatever its name.
  const isLines = ending === "jsonl" || ending === "ndjson" || languageId === "jsonl";
  if (isLines) return /^\s*\[/.test(text) ? "json" : "json-lines";
  if (ending === "json" || languageId === "json" || languageId === "jsonc") return "json";
  if (isTranscript(text)) return "transcript";
  return isMarkdownChat(text) ? "markdown-chat" : "text";
}

/**
 * A line of JSON Lines as a region that starts at 0; undefined: it is blank.
 *
 * @param row 0-based position in the dataset
 * @param place where it stands, for messages: `pairs.jsonl:12`
 */
export function regionOfLine(line: string, row: number, place: string): Region | BadRegion | undefined {
  return /[^ \t\r\uFEFF]/.test(line) ? regionOfRow(line, row, place) : undefined;
}

/** All regions of a document, in order. @param name of the file, for messages */
export function regionsOf(
  kind: DocumentKind,
  text: string,
  name: string,
  { marked, asMessages = false }: RegionOptions = {},
): (Region | BadRegion)[] {
  if (kind === "json-lines") return lineRegions(text, name);
  if (kind === "json") return jsonRegions(text, name);
  if (marked) return markedRegions(text, name, marked);
  if (kind === "transcript") return transcriptRegions(text, name);
  return kind === "markdown-chat" ? markdownChatRegions(text, name, asMessages) : textRegions(text, name);
}

function lineRegions(text: string, name: string): (Region | BadRegion)[] {
  const regions: (Region | BadRegion)[] = [];
  let start = 0;
  for (const [i, line] of text.split("\n").entries()) {
    const region = regionOfLine(line, regions.length, `${name}:${i + 1}`);
    if (region) regions.push({ ...region, start, end: start + line.length });
    start += line.length + 1;
  }
  return regions;
}
