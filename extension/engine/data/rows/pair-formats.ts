/** Preference pairs: TRL's four shapes, hh-rlhf's raw dialogues, and answers with a verdict. */
import type { Field, Fields } from "./fields";
import {
  isMarkedDialogue,
  type SplitPair,
  splitConversations,
  splitMarkedDialogues,
  splitTexts,
} from "./implicit-prompt";
import { checkEnd, promptOf, splitLastTurn, withPrompt } from "./prompt";
import type { Completion, Message, Text } from "./row";
import type { Reading, Shape } from "./row-format";
import { described, RowProblem, stringsOf, textOf } from "./values";

/** `prompt` may be absent: https://huggingface.co/docs/trl/dataset_formats#preference */
export const preferencePair: Shape = {
  answers: ["chosen", "rejected"],
  read(fields) {
    const [chosen, rejected] = [fields.find("chosen"), fields.find("rejected")];
    if (!chosen || !rejected) return undefined;
    if (isListOfTexts(chosen) && isListOfTexts(rejected)) return readLists(fields, chosen, rejected);
    const pair = readPair(fields, chosen, rejected);
    return {
      kind: pair.kind,
      used: pair.used,
      completions: [
        { role: "chosen", ...pair.first },
        { role: "rejected", ...pair.second },
      ],
    };
  },
};

/** Two answers, and a field that says which is better. */
interface Judged {
  readonly first: string;
  readonly second: string;
  readonly verdicts: readonly string[];
  /** The verdict's values, lower case. */
  readonly isFirst: readonly string[];
  readonly isSecond: readonly string[];
}

const byLetter = { isFirst: ["a", "model_a", "response_a"], isSecond: ["b", "model_b", "response_b"] };
const judged: readonly Judged[] = [
  { first: "response_a", second: "response_b", verdicts: ["preference", "winner"], ...byLetter },
  // https://huggingface.co/datasets/lmsys/chatbot_arena_conversations
  { first: "conversation_a", second: "conversation_b", verdicts: ["winner"], ...byLetter },
  // https://huggingface.co/datasets/PKU-Alignment/PKU-SafeRLHF
  {
    first: "response_0",
    second: "response_1",
    verdicts: ["better_response_id"],
    isFirst: ["0"],
    isSecond: ["1"],
  },
  // https://huggingface.co/datasets/stanfordnlp/SHP
  { first: "human_ref_A", second: "human_ref_B", verdicts: ["labels"], isFirst: ["1"], isSecond: ["0"] },
];

/** Without a verdict, or with a tie, the answers are two samples. */
export const judgedPair: Shape = {
  answers: [],
  read(fields) {
    for (const { first, second, verdicts, isFirst, isSecond } of judged) {
      const [a, b] = [fields.get(first), fields.get(second)];
      if (!a || !b) continue;
      const pair = readPair(fields, a, b);
      const verdict = verdicts.map((name) => fields.get(name)).find((field) => field !== undefined);
      const value = verdict ? verdictOf(verdict) : "";
      const used = verdict ? [...pair.used, verdict.name] : pair.used;
      const roles = isFirst.includes(value)
        ? (["chosen", "rejected"] as const)
        : isSecond.includes(value)
          ? (["rejected", "chosen"] as const)
          : (["completion", "completion"] as const);
      const completions = [
        { role: roles[0], ...pair.first },
        { role: roles[1], ...pair.second },
      ];
      if (roles[0] === "rejected") completions.reverse();
      return { kind: verdict ? "pairs with a verdict" : "pairs without a verdict", used, completions };
    }
    return undefined;
  },
};

function verdictOf({ name, value }: Field): string {
  if (typeof value === "object") {
    throw new RowProblem(`\`${name}\` is ${described(value)}, not a verdict such as a name or a number`);
  }
  return String(value).toLowerCase();
}

type Answered = Pick<Completion, "prompt" | "completion">;

interface Pair {
  readonly kind: string;
  readonly used: readonly string[];
  readonly first: Answered;
  readonly second: Answered;
}

function readPair(fields: Fields, first: Field, second: Field): Pair {
  const prompt = promptOf(fields);
  const [a, b] = [textOf(first, fields.isTable), textOf(second, fields.isTable)];
  const used = [...prompt.names, first.name, second.name];
  if (typeof a === "string" && typeof b === "string") {
    if (prompt.text === undefined) return { used, ...implicit(a, b) };
    const kind = typeof prompt.text === "string" ? "preference pairs" : "preference pairs of conversations";
    const answer = (completion: string): Answered => ({ prompt: prompt.text ?? "", completion });
    return { kind, used, first: answer(a), second: answer(b) };
  }
  if (typeof a === "string" || typeof b === "string") {
    const [text, turns] = typeof a === "string" ? [first.name, second.name] : [second.name, first.name];
    throw new RowProblem(`\`${text}\` is text and \`${turns}\` a conversation: they must be alike`);
  }
  checkEnd(a, first.name);
  checkEnd(b, second.name);
  return { kind: "preference pairs of conversations", used, ...conversations(prompt.text, a, b, first.name) };
}

function implicit(a: string, b: string): Pick<Pair, "kind" | "first" | "second"> {
  const isMarked = isMarkedDialogue(a) && isMarkedDialogue(b);
  const split = isMarked ? splitMarkedDialogues(a, b) : splitTexts(a, b);
  const kind = isMarked ? "hh-rlhf dialogues" : "preference pairs with the prompt inside";
  return { kind, ...answers(split) };
}

function conversations(
  prompt: Text | undefined,
  a: readonly Message[],
  b: readonly Message[],
  name: string,
): Pick<Pair, "first" | "second"> {
  const [wholeA, wholeB] = [withPrompt(prompt, a), withPrompt(prompt, b)];
  if (!wholeA || !wholeB) {
    return {
      first: { prompt: prompt ?? [], completion: a },
      second: { prompt: prompt ?? [], completion: b },
    };
  }
  const split = splitConversations(wholeA, wholeB);
  // Nothing shared: two prompts, each with its own answer.
  if (split.prompt.length > 0) return answers(split);
  return { first: splitLastTurn(wholeA, name), second: splitLastTurn(wholeB, name) };
}

function answers({ prompt, chosen, rejected }: SplitPair<Text>): Pick<Pair, "first" | "second"> {
  return { first: { prompt, completion: chosen }, second: { prompt, completion: rejected } };
}

function isListOfTexts({ value }: Field): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
}

/** Several of each, as https://huggingface.co/datasets/allenai/reward-bench-2 has: samples, some right. */
function readLists(fields: Fields, chosen: Field, rejected: Field): Reading {
  const { names, text = "" } = promptOf(fields);
  const labeled = (field: Field, label: boolean): Completion[] =>
    stringsOf(field).map((completion) => ({ role: "completion", prompt: text, completion, label }));
  return {
    kind: "samples of one prompt, chosen and rejected",
    used: [...names, chosen.name, rejected.name],
    completions: [...labeled(chosen, true), ...labeled(rejected, false)],
  };
}
