/** Answers in steps: PRM800K, ProcessBench, TRL's stepwise rows. */
import { type Field, type Fields, isObject, type JsonObject } from "./fields";
import { promptOf } from "./prompt";
import type { Completion, Step } from "./row";
import type { Shape } from "./row-format";
import { described, labelOf, listOf, RowProblem, stringsOf, wholeNumberOf } from "./values";

interface StepText {
  readonly text: string;
  readonly correct?: boolean;
}

/** https://github.com/openai/prm800k#data: the steps that were chosen, one after the other. */
export const prm800k: Shape = {
  answers: [],
  read(fields) {
    const [problem, steps] = [fields.get("question.problem"), fields.get("label.steps")];
    if (typeof problem?.value !== "string" || !Array.isArray(steps?.value)) return undefined;
    const taken = steps.value.map((step, i) => takenStep(step, `label.steps[${i}]`));
    const end = fields.get("label.finish_reason")?.value;
    const label = end === "solution" ? true : end === "found_error" ? false : undefined;
    return {
      kind: "PRM800K solutions",
      used: [problem.name, steps.name],
      completions: [stepwise(problem.value, taken, "\n", label)],
    };
  },
};

function takenStep(step: unknown, name: string): StepText {
  if (!isObject(step)) throw new RowProblem(`\`${name}\` is ${described(step)}, not a step`);
  const taken = chosenOf(step);
  if (!isObject(taken) || typeof taken.text !== "string") {
    throw new RowProblem(`\`${name}\` has no completion with a text`);
  }
  // 0 is neutral: neither right nor wrong.
  const rating = wholeNumberOf(taken.rating);
  return rating === 1 || rating === -1 ? { text: taken.text, correct: rating === 1 } : { text: taken.text };
}

/** Where the labeller chose none and wrote none, the solution ended here: its first completion shows how. */
function chosenOf(step: JsonObject): unknown {
  const index = wholeNumberOf(step.chosen_completion);
  const completions = Array.isArray(step.completions) ? step.completions : [];
  if (index === undefined && isObject(step.human_completion)) return step.human_completion;
  return completions[index ?? 0];
}

/**
 * `steps` with the index of the first wrong one (https://huggingface.co/datasets/Qwen/ProcessBench has it as `label`),
 * or with a label each; and TRL's `{prompt, completions, labels}`
 * (https://huggingface.co/docs/trl/dataset_formats#stepwise-supervision), known by its list of labels.
 */
export const steps: Shape = {
  answers: ["steps"],
  read(fields) {
    const field = fields.find("steps") ?? trlSteps(fields);
    if (!field) return undefined;
    const texts = stringsOf(field);
    if (texts.length === 0) throw new RowProblem(`\`${field.name}\` is an empty list`);
    const prompt = promptOf(fields);
    const { names, separator, correct } = correctness(fields, texts.length);
    const taken = texts.map((text, i): StepText => {
      const isCorrect = correct[i];
      return isCorrect === undefined ? { text } : { text, correct: isCorrect };
    });
    const answer = fields.get(fields.names.label ?? "final_answer_correct") ?? fields.get("correct");
    const label = labelOf(answer?.value) ?? allRight(correct);
    return {
      kind: "solutions in steps",
      used: [...prompt.names, field.name, ...names],
      completions: [stepwise(prompt.text ?? "", taken, separator, label)],
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
    labels.value.every((label) => labelOf(label) !== undefined);
  return isStepwise ? completions : undefined;
}

interface Correctness {
  readonly names: readonly string[];
  /** What stands between the steps. */
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
    return { names: [labels.name], separator: "\n", correct: list.map(labelOf) };
  }
  const index = fields.get("label");
  if (index && wholeNumberOf(index.value) !== undefined) {
    // ProcessBench cut its solutions at blank lines.
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

/** Of what follows the first wrong step nothing is known. */
function flags(count: number, wrong: number): (boolean | undefined)[] {
  return Array.from({ length: count }, (_, i) => {
    if (i === wrong) return false;
    return wrong < 0 || i < wrong ? true : undefined;
  });
}

function allRight(correct: readonly (boolean | undefined)[]): boolean | undefined {
  if (correct.includes(false)) return false;
  return correct.length > 0 && correct.every((flag) => flag === true) ? true : undefined;
}

/** Joins steps; a step's range is its own text, without the separator. */
function stepwise(
  prompt: Completion["prompt"],
  taken: readonly StepText[],
  separator: string,
  label: boolean | undefined,
): Completion {
  let text = "";
  const steps = taken.map(({ text: own, ...correct }, i): Step => {
    if (i > 0) text += separator;
    const start = text.length;
    text += own;
    return { start, end: text.length, ...correct };
  });
  return {
    role: "completion",
    prompt,
    completion: text,
    ...(label === undefined ? {} : { label }),
    steps,
  };
}
