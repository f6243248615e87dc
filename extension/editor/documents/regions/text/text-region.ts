/** A completion in a text document as a region. */
import type { Text } from "../../../../protocol/datasets";
import { keyOf } from "../key";
import type { OffsetRange, Region, Taken } from "../region";
import { mapOfLineEnds } from "../source-map";

export interface TextCompletion {
  /** Start of the region in the document. */
  readonly start: number;
  /** Range of the completion in the document; the region ends with it. */
  readonly completion: OffsetRange;
  readonly prompt: Text;
  /** Ranges of the prompt in the document. */
  readonly promptRanges: readonly OffsetRange[];
  /** Represents the prompt in the region's key; defaults to the prompt itself. */
  readonly promptKey?: string;
  /** How the text was read. The completion of a conversation is the assistant's message. */
  readonly taken?: Taken;
}

/** Makes the region; `row` is the 0-based position in the document, and `line` is 1-based. */
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

/** Returns the text as a model reads it, with `\n` as line ends. */
export function plain(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
