/** The fields of the fine-tuning form: their labels, help, formats and validation. Pure. */
import { precisePercent } from "../../reports/quantities";
import { expandedPath, type RunPlaces } from "./run-places";
import type { TrainingPlan } from "./training-plan";

export type FieldName = Exclude<keyof TrainingPlan, "method">;

/** A new plan, or what is wrong with the entry. */
export type PlanEntry = TrainingPlan | { readonly problem: string };

export interface PlanField {
  readonly name: FieldName;
  readonly label: string;
  /** One sentence about its effect. */
  readonly help: string;
  /** Formats the value for display. */
  readonly shown: (plan: TrainingPlan) => string;
  /** Formats the value for editing. */
  readonly typed: (plan: TrainingPlan) => string;
  readonly enter: (plan: TrainingPlan, text: string) => PlanEntry;
}

/** @param longest largest number of tokens that the model supports */
export function planFields(places: RunPlaces, longest: number): readonly PlanField[] {
  return [
    {
      name: "name",
      label: "Name",
      help: "Names the run, its folder, and its model in the list of models.",
      shown: ({ name }) => name,
      typed: ({ name }) => name,
      enter: (plan, text) => named(plan, text.trim(), places),
    },
    {
      name: "place",
      label: "Saved in",
      help: "Parent folder of the run's folder.",
      shown: ({ place }) => place,
      typed: ({ place }) => place,
      enter: (plan, text) => placed(plan, expandedPath(text.trim()), places),
    },
    numeric(
      "epochs",
      "Epochs",
      "Passes over the training pairs; fractions are allowed.",
      above(0, "a number above 0"),
    ),
    {
      name: "maxSteps",
      label: "Maximum steps",
      help: "Ends training early. If empty, training ends after all epochs.",
      shown: ({ maxSteps }) => maxSteps?.toLocaleString("en") ?? "all steps of the epochs",
      typed: ({ maxSteps }) => maxSteps?.toString() ?? "",
      enter: (plan, text) =>
        text.trim() === ""
          ? { ...plan, maxSteps: undefined }
          : entered(plan, "maxSteps", text, whole(1, Number.MAX_SAFE_INTEGER)),
    },
    numeric(
      "lambda",
      "λ",
      "Weight of the contrastive loss, which pulls preferred hidden states together; 0 disables it.",
      { accepts: (value) => value >= 0, wanted: "a number, 0 or above" },
    ),
    numeric(
      "learningRate",
      "Learning rate",
      "Peak learning rate, usually 1e-5 to 1e-3 and lower for larger models.",
      above(0, "a number above 0, such as 2e-4"),
    ),
    numeric(
      "batchSize",
      "Batch size",
      "Preference pairs per step; more make steps steadier and slower.",
      whole(1, 65_536),
    ),
    numeric(
      "maxLength",
      "Longest sequence",
      `Tokens, prompt included; longer pairs are left out. This model supports ${longest.toLocaleString("en")}.`,
      whole(2, longest),
    ),
    {
      ...numeric(
        "evalShare",
        "Held out",
        "Share of the prompts that is used for evaluation instead of training.",
        {
          accepts: (value) => value >= 0 && value < 1,
          wanted: "a share from 0 to below 1, such as 0.05",
        },
      ),
      shown: ({ evalShare }) => (evalShare === 0 ? "none" : `${precisePercent(evalShare)} of the prompts`),
    },
  ];
}

interface Rule {
  readonly accepts: (value: number) => boolean;
  /** Completes `It must be …`. */
  readonly wanted: string;
}

type NumberName = Exclude<FieldName, "name" | "place">;

function numeric(name: NumberName, label: string, help: string, rule: Rule): PlanField {
  const text = (plan: TrainingPlan): string => String(plan[name]);
  return {
    name,
    label,
    help,
    shown: text,
    typed: text,
    enter: (plan, typed) => entered(plan, name, typed, rule),
  };
}

function entered(plan: TrainingPlan, name: NumberName, text: string, { accepts, wanted }: Rule): PlanEntry {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && accepts(value)
    ? { ...plan, [name]: value }
    : { problem: `It must be ${wanted}.` };
}

type Planned = Pick<TrainingPlan, "name" | "place">;

function named(plan: TrainingPlan, name: string, places: RunPlaces): PlanEntry {
  if (!/^\w[\w.-]*$/.test(name))
    return { problem: "Use letters, digits, '.', '_' and '-', and begin with a letter, a digit or '_'." };
  const problem = takenProblem({ name, place: plan.place }, places);
  return problem === undefined ? { ...plan, name } : { problem };
}

function placed(plan: TrainingPlan, place: string, places: RunPlaces): PlanEntry {
  const problem = placeProblem({ ...plan, place }, places);
  return problem === undefined ? { ...plan, place } : { problem };
}

/** A sentence about why a run cannot be created in its planned place; undefined if it can. */
export function placeProblem(plan: Planned, places: RunPlaces): string | undefined {
  return places.problem(plan.place) ?? takenProblem(plan, places);
}

function takenProblem({ name, place }: Planned, places: RunPlaces): string | undefined {
  return places.taken(place).includes(name) ? `${place} already has a folder called ${name}.` : undefined;
}

function above(least: number, wanted: string): Rule {
  return { accepts: (value) => value > least, wanted };
}

function whole(least: number, most: number): Rule {
  const wanted =
    most < Number.MAX_SAFE_INTEGER
      ? `a whole number from ${least} to ${most.toLocaleString("en")}`
      : `a whole number, ${least} or above`;
  return { accepts: (value) => Number.isSafeInteger(value) && value >= least && value <= most, wanted };
}
