/** Reads two answers and a field that says which is better. */
import type { Field } from "../fields/fields";
import { readPair } from "../fields/pair";
import { described, RowProblem } from "../fields/values";
import type { CompletionRole } from "./row";
import type { RowFormat } from "./row-format";

interface Judged {
  readonly first: string;
  readonly second: string;
  readonly verdicts: readonly string[];
  /** The verdict's values, in lower case. */
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

interface Found {
  readonly a: Field;
  readonly b: Field;
  readonly rule: Judged;
}

/** Reads the answers as two samples if the verdict is missing or a tie. */
export const judgedPair: RowFormat<Found> = {
  name: "pairs with a verdict",
  fields: judged.flatMap(({ first, second, verdicts }) => [first, second, ...verdicts]),
  answers: [],
  detect(fields) {
    for (const rule of judged) {
      const [a, b] = [fields.get(rule.first), fields.get(rule.second)];
      if (a && b) return { a, b, rule };
    }
    return undefined;
  },
  read({ a, b, rule }, fields) {
    const pair = readPair(fields, a, b);
    const verdict = rule.verdicts.map((name) => fields.get(name)).find((field) => field !== undefined);
    const value = verdict ? verdictOf(verdict) : "";
    const [first, second] = rolesBy(rule, value);
    const completions = [
      { role: first, ...pair.first },
      { role: second, ...pair.second },
    ];
    if (first === "rejected") completions.reverse();
    return {
      kind: verdict ? "pairs with a verdict" : "pairs without a verdict",
      used: verdict ? [...pair.used, verdict.name] : pair.used,
      completions,
    };
  },
};

function rolesBy({ isFirst, isSecond }: Judged, verdict: string): readonly [CompletionRole, CompletionRole] {
  if (isFirst.includes(verdict)) return ["chosen", "rejected"];
  return isSecond.includes(verdict) ? ["rejected", "chosen"] : ["completion", "completion"];
}

function verdictOf({ name, value }: Field): string {
  if (typeof value === "object") {
    throw new RowProblem(`\`${name}\` is ${described(value)}, not a verdict such as a name or a number`);
  }
  return String(value).toLowerCase();
}
