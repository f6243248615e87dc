/** Reads two answers to one prompt, without deciding which is better. */
import type { Field, Fields } from "./fields";
import { checkEnd, type Exchange, promptOf, splitLastTurn, withPrompt } from "./prompt";
import { isMarkedDialogue, markedPromptEnd, promptEnd, sharedTurns } from "./shared-start";
import { type Sourced, type SourcedMessage, SourcedText } from "./text";
import { RowProblem, textOf } from "./values";

export interface AnswerPair {
  /** Name of this row format, in the plural. */
  readonly kind: string;
  readonly used: readonly string[];
  readonly first: Exchange;
  readonly second: Exchange;
}

/** Reads a pair; if the row has no prompt field, the answers' shared beginning is the prompt. */
export function readPair(fields: Fields, first: Field, second: Field): AnswerPair {
  const prompt = promptOf(fields);
  const [a, b] = [textOf(first, fields.isTable), textOf(second, fields.isTable)];
  const used = [...prompt.names, first.name, second.name];
  if (a instanceof SourcedText && b instanceof SourcedText) {
    const { text } = prompt;
    if (text === undefined) return { used, ...implicit(a, b) };
    const kind = text instanceof SourcedText ? "preference pairs" : "preference pairs of conversations";
    const answer = (completion: Sourced): Exchange => ({ prompt: text, completion });
    return { kind, used, first: answer(a), second: answer(b) };
  }
  if (a instanceof SourcedText || b instanceof SourcedText) {
    const [text, turns] = a instanceof SourcedText ? [first.name, second.name] : [second.name, first.name];
    throw new RowProblem(
      `\`${text}\` is text and \`${turns}\` is a conversation: both must be of the same kind`,
    );
  }
  checkEnd(a, first.name);
  checkEnd(b, second.name);
  return { kind: "preference pairs of conversations", used, ...conversations(prompt.text, a, b, first.name) };
}

function implicit(a: SourcedText, b: SourcedText): Omit<AnswerPair, "used"> {
  const isMarked = isMarkedDialogue(a.text) && isMarkedDialogue(b.text);
  const end = isMarked ? markedPromptEnd(a.text, b.text) : promptEnd(a.text, b.text);
  const split = (text: SourcedText): Exchange => ({
    prompt: text.slice(0, end),
    completion: text.slice(end),
  });
  const kind = isMarked ? "hh-rlhf dialogues" : "preference pairs with the prompt inside";
  return { kind, first: split(a), second: split(b) };
}

function conversations(
  prompt: Sourced | undefined,
  a: readonly SourcedMessage[],
  b: readonly SourcedMessage[],
  name: string,
): Pick<AnswerPair, "first" | "second"> {
  const [wholeA, wholeB] = [withPrompt(prompt, a), withPrompt(prompt, b)];
  if (!wholeA || !wholeB) {
    return {
      first: { prompt: prompt ?? [], completion: a },
      second: { prompt: prompt ?? [], completion: b },
    };
  }
  const shared = sharedTurns(wholeA, wholeB);
  // The conversations share no turn, so each answer has its own prompt.
  if (shared === 0) return { first: splitLastTurn(wholeA, name), second: splitLastTurn(wholeB, name) };
  const split = (turns: readonly SourcedMessage[]): Exchange => ({
    prompt: turns.slice(0, shared),
    completion: turns.slice(shared),
  });
  return { first: split(wholeA), second: split(wholeB) };
}
