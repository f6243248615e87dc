/** A completion of a document of text as a region. */
import type { Text } from "../../../../engine/data/fields/text";
import { keyOf } from "../key";
import type { OffsetRange, Region, Taken } from "../region";
import { mapOfLineEnds } from "../source-map";

export interface TextCompletion {
  /** Of the region, in the document. */
  readonly start: number;
  /** Of the completion, in the document; the region ends with it. */
  readonly completion: OffsetRange;
  readonly prompt: Text;
  /** In the document. */
  readonly promptRanges: readonly OffsetRange[];
  /** Stands for the prompt in the region's key; without, the prompt does itself. */
  readonly promptKey?: string;
  /** Of a conversation the completion is given as the assistant's message. */
  readonly taken?: Taken;
}

/** @param row 0-based position in the document; `line` is 1-based */
export function textRegion(
  document: string,
  { start, completion, prompt, promptRanges, promptKey, taken }: TextCompletion,
  { row, name, line }: { readonly row: number; readonly name: string; readonly line: number },
): Region {
  const text = plain(document.slice(completion.start, completion.end));
  const map = mapOfLineEnds(document, completion.start, completion.end);
  const own = taken === "conversation" ? [{ role: "assistant", content: text }] : text;
  return {
    start,
    end: completion.end,
    key: keyOf(taken === "conversation" ? "message" : "text", promptKey ?? JSON.stringify(prompt), text),
    row: { row, place: `${name}:${line}`, completions: [{ role: "completion", prompt, completion: own }] },
    completions: [{ texts: [{ text, start: 0, at: (offset) => map.at(offset) - start }] }],
    prompt: promptRanges
      .filter((range) => range.end > range.start)
      .map((range) => ({ start: range.start - start, end: range.end - start })),
    ...(taken ? { taken } : {}),
  };
}

/** Text as a model reads it: line ends are `\n`. */
export function plain(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
