/** Reads stepwise answers in the formats of ProcessBench and TRL. */
import type { Field, Fields } from "../fields/fields";
import { noPrompt, promptOf } from "../fields/prompt";
import { type StepText, stepwise } from "../fields/stepwise";
import { described, listOf, parseLabel, RowProblem, stringsOf, wholeNumberOf } from "../fields/values";
import type { RowFormat } from "./row-format";

/**
 * Reads `steps` with a label per step or with the index of the first incorrect step, which
 * https://huggingface.co/datasets/Qwen/ProcessBench calls `label`; and TRL's `{prompt, completions, labels}`
 * (https://huggingface.co/docs/trl/dataset_formats#stepwise-supervision), recognized by its list of labels.
 */
export const steps: RowFormat<Field> = {
  name: "solutions in steps",
  fields: ["final_answer_correct", "correct", "completions", "labels", "label", "first_error"],
  answers: ["steps"],
  detect: (fields) => fields.find("steps") ?? trlSteps(fields),
  read(field, fields) {
    const texts = stringsOf(field);
    if (texts.length === 0) throw new RowProblem(`\`${field.name}\` is an empty list`);
    const prompt = promptOf(fields);
    const { names, separator, correct } = correctness(fields, texts.length);
    const taken = texts.map((text, i): StepText => {
      const isCorrect = correct[i];
      return isCorrect === undefined ? { text } : { text, correct: isCorrect };
    });
    const answer = fields.get(fields.names.label ?? "final_answer_correct") ?? fields.get("correct");
    const label = parseLabel(answer?.value) ?? allCorrect(correct);
    return {
      kind: "solutions in steps",
      used: [...prompt.names, field.name, ...names],
      completions: [
        {
          role: "completion",
          prompt: prompt.text ?? noPrompt,
          ...stepwise(taken, separator),
          ...(label === undefined ? {} : { label }),
        },
      ],
    };
  },
};

function trlSteps(fields: Fields): Field | undefined {
  const [completions, labels] = [fields.get("completions"), fields.find("labels")];
  const isStepwise =
    !fields.isNamed("completions") &&
    Array.isArray(completions?.value) &&
    completions.value.every((step) => typeof step === "string") &&
    Array.isArray(labels?.value) &&
    labels.name === (fields.names.labels ?? "labels") &&
    labels.value.every((label) => parseLabel(label) !== undefined);
  return isStepwise ? completions : undefined;
}

interface Correctness {
  readonly names: readonly string[];
  /** The text between steps. */
  readonly separator: string;
  readonly correct: readonly (boolean | undefined)[];
}

function correctness(fields: Fields, count: number): Correctness {
  const wrongName = fields.names.firstError ?? "first_error";
  if (fields.isNull(wrongName)) {
    return { names: [wrongName], separator: "\n", correct: flags(count, -1) };
  }
  const wrong = fields.find("firstError");
  if (wrong) return { names: [wrong.name], separator: "\n", correct: flags(count, firstWrong(wrong, count)) };
  const labels = fields.find("labels");
  if (labels && Array.isArray(labels.value)) {
    const list = listOf(labels);
    if (list.length !== count) {
      throw new RowProblem(`\`${labels.name}\` has ${list.length} labels for ${count} steps`);
    }
    return { names: [labels.name], separator: "\n", correct: list.map(({ value }) => parseLabel(value)) };
  }
  const index = fields.get("label");
  if (index && wholeNumberOf(index.value) !== undefined) {
    // ProcessBench splits its solutions at blank lines.
    return { names: [index.name], separator: "\n\n", correct: flags(count, firstWrong(index, count)) };
  }
  return { names: [], separator: "\n", correct: [] };
}

function firstWrong({ name, value }: Field, count: number): number {
  const index = wholeNumberOf(value);
  if (index !== undefined && index >= -1 && index < count) return index;
  throw new RowProblem(
    `\`${name}\` is ${described(value)}, not the index of one of the ${count} steps, or -1 for none`,
  );
}

/** Whether each step is correct; unknown after the first incorrect step. */
function flags(count: number, wrong: number): (boolean | undefined)[] {
  return Array.from({ length: count }, (_, i) => {
    if (i === wrong) return false;
    return wrong < 0 || i < wrong ? true : undefined;
  });
}

function allCorrect(correct: readonly (boolean | undefined)[]): boolean | undefined {
  if (correct.includes(false)) return false;
  return correct.length > 0 && correct.every((flag) => flag === true) ? true : undefined;
}
