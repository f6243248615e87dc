/** Transcripts in the form of https://github.com/anthropics/hh-rlhf: every turn of the assistant is a completion. */
import { keyOf } from "../key";
import { LineCounter } from "../line-counter";
import type { Region } from "../region";
import { textStart } from "../text-start";
import { plain, textRegion } from "./text-region";

interface Turn {
  readonly isAssistant: boolean;
  /** Of its label. */
  readonly start: number;
  /** Behind the label's colon: a completion keeps its space, as the engine cuts dialogues. */
  readonly textStart: number;
  /** Without the blank line before the next label; in the end, without blank space. */
  readonly end: number;
}

/** Labels stand at the beginning of the document or behind a blank line. */
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

/** @param name of the file, for messages */
export function transcriptRegions(text: string, name: string): Region[] {
  const lines = new LineCounter(text);
  const regions: Region[] = [];
  let prompt = "";
  let promptKey = "";
  let done = textStart(text);
  const add = (end: number): void => {
    const more = plain(text.slice(done, end));
    prompt += more;
    // A chain of keys: hashing all that stands before, turn by turn, would take the square of its length.
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
