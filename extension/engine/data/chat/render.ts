/** Writes a prompt and its completion as the one text that the model reads. */
import { InputError } from "../../errors";
import { sharedLength } from "../fields/shared-start";
import type { Message, Text } from "../fields/text";
import type { Completion } from "../rows/row";
import type { ChatTemplate } from "./chat-template";

/** Offsets are UTF-16 units of `text`. */
export interface RenderedCompletion {
  readonly text: string;
  /** Where the prompt, with the template's opening of the answer, ends. */
  readonly completionStart: number;
  /** Range of the completion's own content, without what a template writes around it (and trims off it). */
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly fromTemplate: boolean;
}

type Content = Pick<RenderedCompletion, "contentStart" | "contentEnd">;

/**
 * Plain text is joined as it is; a conversation goes through the template.
 * Throws InputError where there is no template, or it refuses the conversation.
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
      "the checkpoint has none, and this row is a conversation: give rows of plain text, or a checkpoint whose tokenizer_config.json has a chat_template",
    );
  }
  const turns = toMessages(prompt, "user");
  const answer = toMessages(completion, "assistant");
  const text = template.render([...turns, ...answer], { addGenerationPrompt: false });
  // As TRL does: templates may close the prompt otherwise once an answer follows.
  const opening = turns.length === 0 ? "" : template.render(turns, { addGenerationPrompt: true });
  const promptEnd = sharedLength(opening, text);
  const { contentStart, contentEnd } = findContent(template, turns, answer, text, promptEnd);
  // A template's opening may write what the content itself begins with, as `<think>`.
  const completionStart = Math.min(promptEnd, contentStart);
  return { text, completionStart, contentStart, contentEnd, fromTemplate: true };
}

function toMessages(text: Text, role: string): readonly Message[] {
  if (typeof text !== "string") return text;
  return text === "" && role === "user" ? [] : [{ role, content: text }];
}

/** Letters only, so that no template trims or rewrites it. */
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
  // Nearly always the content follows the opening as it is.
  if (answer.length === 1 && first !== "" && text.startsWith(first, promptEnd)) {
    return { contentStart: promptEnd, contentEnd: promptEnd + first.length };
  }
  // What surrounds the content is what surrounds a stand-in, whatever the template does to content.
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
  // Templates may write only part of a conversation; then nothing stands where it should.
  const end = text.lastIndexOf(standIn) + standIn.length;
  const start = answer.length > 1 ? text.indexOf(standIn) : end - standIn.length;
  return start < 0 ? { before: "\0", after: "\0" } : { before: text.slice(0, start), after: text.slice(end) };
}

/** Where content stands that the template writes differently from the stand-in, as text with `<think>` in it. */
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
