/** Finds a row's prompt and label, and splits a whole conversation into prompt and answer. */
import type { Fields } from "./fields";
import { isMarkedDialogue, splitMarkedDialogues } from "./implicit-prompt";
import type { Message, Text } from "./row";
import { described, labelOf, RowProblem, textOf } from "./values";

export interface Prompt {
  readonly names: readonly string[];
  /** undefined: the row names none. */
  readonly text: Text | undefined;
}

export function promptOf(fields: Fields): Prompt {
  const field = fields.find("prompt");
  if (!field) return { names: [], text: undefined };
  const text = textOf(field, fields.isTable);
  // Alpaca's pair of fields: the input is what the instruction is about.
  const input = field.name === "instruction" ? fields.get("input") : undefined;
  if (typeof text === "string" && typeof input?.value === "string" && input.value !== "") {
    return { names: [field.name, "input"], text: `${text}\n\n${input.value}` };
  }
  return { names: [field.name], text };
}

export interface Label {
  readonly names: readonly string[];
  readonly label?: boolean;
}

/** A field found by itself that is no label counts as absent; one that the user named is a fault. */
export function labelOfRow(fields: Fields): Label {
  for (const { name, value } of fields.all("label")) {
    const label = labelOf(value);
    if (label !== undefined) return { names: [name], label };
    if (fields.isNamed("label") && value !== "") {
      throw new RowProblem(`\`${name}\` is ${described(value)}, not true/false, 1/0 or correct/incorrect`);
    }
  }
  return { names: [] };
}

export interface Exchange {
  readonly prompt: Text;
  readonly completion: Text;
}

/** An answer with its prompt, where one is named; without one, a whole dialogue's last turn is the answer. */
export function exchangeOf(prompt: Text | undefined, completion: Text, name: string): Exchange {
  if (typeof completion !== "string") {
    const whole = withPrompt(prompt, completion);
    if (whole) return splitLastTurn(whole, name);
    checkEnd(completion, name);
    return { prompt: prompt ?? [], completion };
  }
  if (prompt === undefined && isMarkedDialogue(completion)) {
    const split = splitMarkedDialogues(completion, completion);
    return { prompt: split.prompt, completion: split.chosen };
  }
  return { prompt: prompt ?? "", completion };
}

/**
 * The whole conversation where the turns hold more than the answer; the prompt is put before them unless they
 * repeat it. undefined: the turns are the answer alone.
 */
export function withPrompt(
  prompt: Text | undefined,
  turns: readonly Message[],
): readonly Message[] | undefined {
  const first = turns[0]?.role;
  if (first !== "user" && first !== "system") return undefined;
  if (prompt === undefined || prompt === "") return turns;
  const opening = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
  const last = opening.at(-1)?.content;
  return turns.some(({ content }) => content === last) ? turns : [...opening, ...turns];
}

export function splitLastTurn(turns: readonly Message[], name: string): Exchange {
  checkEnd(turns, name);
  return { prompt: turns.slice(0, -1), completion: turns.slice(-1) };
}

export function checkEnd(turns: readonly Message[], name: string): void {
  const role = turns.at(-1)?.role;
  if (role === "user" || role === "system") {
    throw new RowProblem(`\`${name}\` ends with a turn of the ${role}; the last must be the assistant's`);
  }
}
