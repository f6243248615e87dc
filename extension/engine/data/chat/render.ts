/** Renders a prompt and its completion as the single text that the model reads. */

import type { Message, Text } from "../../../protocol/datasets";
import { InputError } from "../../errors";
import { sharedLength } from "../fields/shared-start";
import type { Completion } from "../rows/row";
import type { ChatTemplate } from "./chat-template";

/** A rendered prompt and completion; offsets are UTF-16 code units of `text`. */
export interface RenderedCompletion {
  readonly text: string;
  /** End of the prompt, including the generation prompt that the template adds. */
  readonly completionStart: number;
  /** Range of the completion's own content, without what the template adds around it or trims from it. */
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly fromTemplate: boolean;
}

type Content = Pick<RenderedCompletion, "contentStart" | "contentEnd">;

/**
 * Concatenates plain text unchanged, and renders a conversation with the template.
 * Throws InputError if a conversation has no template or the template rejects it.
 */
export function renderCompletion(
  { prompt, completion }: Completion,
  template: ChatTemplate | undefined,
): RenderedCompletion {
  if (typeof prompt === "string" && typeof completion === "string") {
    const text = prompt + completion;
    const start = prompt.length;
    return {
      text,
      completionStart: start,
      contentStart: start,
      contentEnd: text.length,
      fromTemplate: false,
    };
  }
  if (!template) {
    throw new InputError(
      "chat template",
      "the checkpoint has none, and this row is a conversation: use rows of plain text, or a checkpoint whose tokenizer_config.json has a chat_template",
    );
  }
  const turns = toMessages(prompt, "user");
  const answer = toMessages(completion, "assistant");
  const text = template.render([...turns, ...answer], { addGenerationPrompt: false });
  // TRL takes the shared prefix too: some templates end the prompt differently if an answer follows.
  const opening = turns.length === 0 ? "" : template.render(turns, { addGenerationPrompt: true });
  const promptEnd = sharedLength(opening, text);
  const { contentStart, contentEnd } = findContent(template, turns, answer, text, promptEnd);
  // The generation prompt may already contain how the content begins, such as `<think>`.
  const completionStart = Math.min(promptEnd, contentStart);
  return { text, completionStart, contentStart, contentEnd, fromTemplate: true };
}

function toMessages(text: Text, role: string): readonly Message[] {
  if (typeof text !== "string") return text;
  return text === "" && role === "user" ? [] : [{ role, content: text }];
}

/** Consists of letters only, so that no template trims or rewrites it. */
const standIn = "CompletionStandsHere";

function findContent(
  template: ChatTemplate,
  turns: readonly Message[],
  answer: readonly Message[],
  text: string,
  promptEnd: number,
): Content {
  const first = answer[0]?.content ?? "";
  const last = answer.at(-1)?.content ?? "";
  // In nearly all cases the content directly follows the generation prompt, unchanged.
  if (answer.length === 1 && first !== "" && text.startsWith(first, promptEnd)) {
    return { contentStart: promptEnd, contentEnd: promptEnd + first.length };
  }
  // The template puts the same text around a stand-in as around the content, however it rewrites the content.
  const { before, after } = surroundings(template, turns, answer);
  const isFramed = before.length + after.length <= text.length;
  const contentStart =
    isFramed && text.startsWith(before) ? before.length : findLast(text, first, answer.length > 1, promptEnd);
  const fallback = last.trimEnd() === "" ? text.length : endOf(text, last.trim());
  const contentEnd = isFramed && text.endsWith(after) ? text.length - after.length : fallback;
  return { contentStart, contentEnd: Math.max(contentStart, contentEnd) };
}

function surroundings(
  template: ChatTemplate,
  turns: readonly Message[],
  answer: readonly Message[],
): { before: string; after: string } {
  const replaced = answer.map((message, i) =>
    i === 0 || i === answer.length - 1 ? { ...message, content: standIn } : message,
  );
  const text = template.render([...turns, ...replaced], { addGenerationPrompt: false });
  // A template may render only part of a conversation, and then the stand-in is missing.
  const end = text.lastIndexOf(standIn) + standIn.length;
  const start = answer.length > 1 ? text.indexOf(standIn) : end - standIn.length;
  return start < 0 ? { before: "\0", after: "\0" } : { before: text.slice(0, start), after: text.slice(end) };
}

/** Finds content that the template renders differently from the stand-in, such as text with `<think>` in it. */
function findLast(text: string, content: string, isFirstOfMany: boolean, promptEnd: number): number {
  for (const candidate of [content, content.trim()]) {
    if (candidate === "") continue;
    const at = isFirstOfMany ? text.indexOf(candidate, promptEnd) : text.lastIndexOf(candidate);
    if (at >= 0) return at;
  }
  return promptEnd;
}

function endOf(text: string, content: string): number {
  const at = text.lastIndexOf(content);
  return at < 0 ? text.length : at + content.length;
}
