/** Reads the chosen steps of a solution in PRM800K (https://github.com/openai/prm800k#data). */
import { isObject, type JsonObject } from "../../json";
import type { Field } from "../fields/fields";
import { type StepText, stepwise } from "../fields/stepwise";
import { SourcedText } from "../fields/text";
import { described, listOf, RowProblem, wholeNumberOf } from "../fields/values";
import type { RowFormat } from "./row-format";

interface Found {
  readonly problem: Field;
  readonly prompt: SourcedText;
  readonly steps: Field;
}

export const prm800k: RowFormat<Found> = {
  name: "PRM800K solutions",
  fields: ["question.problem", "label.steps", "label.finish_reason"],
  answers: [],
  detect(fields) {
    const [problem, steps] = [fields.get("question.problem"), fields.get("label.steps")];
    if (typeof problem?.value !== "string" || !Array.isArray(steps?.value)) return undefined;
    return { problem, prompt: SourcedText.of(problem.value, problem.path), steps };
  },
  read({ problem, prompt, steps }, fields) {
    const end = fields.get("label.finish_reason")?.value;
    const label = end === "solution" ? true : end === "found_error" ? false : undefined;
    const answer = stepwise(listOf(steps).map(takenStep), "\n");
    return {
      kind: "PRM800K solutions",
      used: [problem.name, steps.name],
      completions: [{ role: "completion", prompt, ...answer, ...(label === undefined ? {} : { label }) }],
    };
  },
};

function takenStep({ name, path, value }: Field): StepText {
  if (!isObject(value)) throw new RowProblem(`\`${name}\` is ${described(value)}, not a step`);
  const taken = chosenOf(value);
  if (!isObject(taken.value) || typeof taken.value.text !== "string") {
    throw new RowProblem(`\`${name}\` has no completion with text`);
  }
  const text = SourcedText.of(taken.value.text, [...path, ...taken.path, "text"]);
  // A rating of 0 is neutral, neither correct nor incorrect.
  const rating = wholeNumberOf(taken.value.rating);
  return rating === 1 || rating === -1 ? { text, correct: rating === 1 } : { text };
}

/** Uses the first completion if the labeler neither chose nor wrote one, because the solution ended there. */
function chosenOf(step: JsonObject): Pick<Field, "path" | "value"> {
  const index = wholeNumberOf(step.chosen_completion);
  const completions = Array.isArray(step.completions) ? step.completions : [];
  if (index === undefined && isObject(step.human_completion))
    return { path: ["human_completion"], value: step.human_completion };
  return { path: ["completions", index ?? 0], value: completions[index ?? 0] };
}
