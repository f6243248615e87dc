/** Transcripts in the format of https://github.com/anthropics/hh-rlhf: each turn of the assistant is a completion. */
import { keyOf } from "../key";
import { LineCounter } from "../line-counter";
import type { Region } from "../region";
import { textStart } from "../text-start";
import { plain, textRegion } from "./text-region";

interface Turn {
  readonly isAssistant: boolean;
  /** Start of its label. */
  readonly start: number;
  /** Offset after the label's colon: a completion keeps its leading space, as in the engine's dialogues. */
  readonly textStart: number;
  /** End without the blank line before the next label; for the last turn, without trailing white space. */
  readonly end: number;
}

/** Finds the turns; labels are at the start of the document or after a blank line. */
function turnsOf(text: string): Turn[] {
  const labels = [...text.matchAll(/(?:\r?\n\r?\n|(?<![^\uFEFF]))(Human|Assistant):/g)];
  return labels.map((label, i) => {
    const textStart = label.index + label[0].length;
    return {
      isAssistant: label[1] === "Assistant",
      start: label.index + label[0].search(/[HA]/),
      textStart,
      end: labels[i + 1]?.index ?? Math.max(textStart, text.trimEnd().length),
    };
  });
}

export function isTranscript(text: string): boolean {
  const turns = turnsOf(text);
  return turns.some(({ isAssistant }) => isAssistant) && turns.some(({ isAssistant }) => !isAssistant);
}

/** @param name name of the file, for messages */
export function transcriptRegions(text: string, name: string): Region[] {
  const lines = new LineCounter(text);
  const regions: Region[] = [];
  let prompt = "";
  let promptKey = "";
  let done = textStart(text);
  const add = (end: number): void => {
    const more = plain(text.slice(done, end));
    prompt += more;
    // Chained keys: hashing the whole prompt for each turn would take quadratic time.
    promptKey = keyOf(promptKey, more);
    done = end;
  };
  let shown = done;
  for (const { isAssistant, start, textStart, end } of turnsOf(text)) {
    if (!isAssistant || text.slice(textStart, end).trim() === "") continue;
    add(textStart);
    const place = { row: regions.length, name, line: lines.lineAt(start) };
    const promptRanges = [{ start: shown, end: textStart }];
    regions.push(
      textRegion(
        text,
        { start, completion: { start: textStart, end }, prompt, promptKey, promptRanges },
        place,
      ),
    );
    add(end);
    shown = end;
  }
  return regions;
}
