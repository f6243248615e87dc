/** Finds a row's prompt and label, and splits a whole conversation into prompt and answer. */
import type { Fields } from "./fields";
import { isMarkedDialogue, markedPromptEnd } from "./shared-start";
import { type Sourced, type SourcedMessage, SourcedText } from "./text";
import { described, parseLabel, RowProblem, textOf } from "./values";

export interface Prompt {
  readonly names: readonly string[];
  /** Undefined if the row has no prompt field. */
  readonly text: Sourced | undefined;
}

export function promptOf(fields: Fields): Prompt {
  const field = fields.find("prompt");
  if (!field) return { names: [], text: undefined };
  const text = textOf(field, fields.isTable);
  // In Alpaca's format, `input` is what the instruction applies to.
  const input = field.name === "instruction" ? fields.get("input") : undefined;
  if (text instanceof SourcedText && typeof input?.value === "string" && input.value !== "") {
    const joined = SourcedText.join([text, SourcedText.of(input.value, input.path)], "\n\n");
    return { names: [field.name, "input"], text: joined };
  }
  return { names: [field.name], text };
}

export interface Label {
  readonly names: readonly string[];
  readonly label?: boolean;
}

/** Ignores a field with a usual name if it is not a label; throws RowProblem if the user named it. */
export function labelOfRow(fields: Fields): Label {
  for (const { name, value } of fields.all("label")) {
    const label = parseLabel(value);
    if (label !== undefined) return { names: [name], label };
    if (fields.isNamed("label") && value !== "") {
      throw new RowProblem(`\`${name}\` is ${described(value)}, not true/false, 1/0 or correct/incorrect`);
    }
  }
  return { names: [] };
}

export interface Exchange {
  readonly prompt: Sourced;
  readonly completion: Sourced;
}

/** An empty prompt, for rows without one. */
export const noPrompt = SourcedText.join([], "");

/** Joins an answer with the row's prompt. If there is none, the last turn of a dialogue is the answer. */
export function exchangeOf(prompt: Sourced | undefined, completion: Sourced, name: string): Exchange {
  if (!(completion instanceof SourcedText)) {
    const whole = withPrompt(prompt, completion);
    if (whole) return splitLastTurn(whole, name);
    checkEnd(completion, name);
    return { prompt: prompt ?? [], completion };
  }
  const { text } = completion;
  if (prompt === undefined && isMarkedDialogue(text)) {
    const end = markedPromptEnd(text, text);
    return { prompt: completion.slice(0, end), completion: completion.slice(end) };
  }
  return { prompt: prompt ?? noPrompt, completion };
}

/**
 * Returns the whole conversation, or undefined if the turns are only the answer. Puts the prompt before the turns
 * unless they already repeat it.
 */
export function withPrompt(
  prompt: Sourced | undefined,
  turns: readonly SourcedMessage[],
): readonly SourcedMessage[] | undefined {
  const first = turns[0]?.role;
  if (first !== "user" && first !== "system") return undefined;
  if (prompt === undefined || (prompt instanceof SourcedText && prompt.text === "")) return turns;
  const opening = prompt instanceof SourcedText ? [{ role: "user", content: prompt }] : prompt;
  const last = opening.at(-1)?.content.text;
  return turns.some(({ content }) => content.text === last) ? turns : [...opening, ...turns];
}

export function splitLastTurn(turns: readonly SourcedMessage[], name: string): Exchange {
  checkEnd(turns, name);
  return { prompt: turns.slice(0, -1), completion: turns.slice(-1) };
}

export function checkEnd(turns: readonly SourcedMessage[], name: string): void {
  const role = turns.at(-1)?.role;
  if (role === "user" || role === "system") {
    throw new RowProblem(`\`${name}\` ends with a ${role} turn; the last turn must be the assistant's`);
  }
}
