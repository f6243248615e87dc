/** The form of Fine-Tune Reward Model…: dataset, model, method, settings, and an estimate of the run. */
import { join } from "node:path";
import * as vscode from "vscode";
import { askChoice, type Items, problemLines } from "../../dialogs/ask";
import type { DatasetPicker } from "../../dialogs/dataset-picker";
import { type Back, BackTo, back, type FormPlace, type FormStep, fillIn } from "../../dialogs/form";
import type { ModelPicker } from "../../dialogs/model-picker";
import type { EngineHost } from "../../platform/engine/engine-host";
import { errorText } from "../../platform/error-wording";
import type { ActiveModel } from "../../platform/models/active-model";
import type { KnownRuns } from "../../platform/models/known-runs";
import { readSetting } from "../../platform/settings/settings";
import type { Inspection } from "../../protocol/models";
import { type Method, methods } from "../../protocol/train-settings";
import type { RunEstimate, TrainRequest } from "../../protocol/training";
import { namedFields } from "../named-fields";
import { editPlan } from "./plan-editor";
import { placeProblem, planFields } from "./plan-fields";
import { diskPlaces } from "./run-places";
import {
  defaultMethod,
  defaultPlan,
  forDataset,
  freeName,
  planSettings,
  type TrainingPlan,
  usualName,
} from "./training-plan";
import { estimateFacts, estimateWarnings, methodHelp, methodNames } from "./training-texts";

const title = "Fine-Tune Reward Model";
/** Numbers, from 1, of the steps to which the user can return. */
const formSteps = { dataset: 1, model: 2, settings: 4 } as const;

const refused = "This run cannot start";
const changeSettings = { label: "$(settings) Change Settings", value: formSteps.settings };

/** The answers so far. */
export interface FormAnswers {
  readonly dataset?: string | undefined;
  readonly model?: string | undefined;
  readonly inspection?: Inspection | undefined;
  readonly plan?: TrainingPlan | undefined;
}

export class FineTuneForm {
  constructor(
    private readonly engine: EngineHost,
    private readonly active: ActiveModel,
    private readonly runs: KnownRuns,
    private readonly datasets: DatasetPicker,
    private readonly models: ModelPicker,
  ) {}

  /** Asks for the answers, and makes a request of them; undefined if the user gives up. */
  async fillIn(
    start: FormAnswers,
  ): Promise<{ readonly answers: FormAnswers; readonly request: Omit<TrainRequest, "run"> } | undefined> {
    const steps: FormStep<FormAnswers>[] = [
      (so, place) => this.#dataset(so, place),
      (so, place) => this.#model(so, place),
      (so, place) => this.#method(so, place),
      (so, place) => this.#settings(so, place),
      (so, place) => this.#confirm(so, place),
    ];
    const answers = await fillIn(start, steps, start.plan ? formSteps.settings - 1 : 0);
    return answers && { answers, request: this.#request(answers) };
  }

  async #dataset(answers: FormAnswers, place: FormPlace): Promise<FormAnswers | Back | undefined> {
    const dataset = await this.datasets.pick({
      title,
      place,
      placeholder:
        "Preference pairs to train on: chosen and rejected completions, or correct and incorrect ones",
      current: answers.dataset,
    });
    if (typeof dataset !== "string") return dataset;
    const { plan, dataset: before } = answers;
    return { ...answers, dataset, plan: plan && before ? forDataset(plan, before, dataset) : plan };
  }

  async #model(answers: FormAnswers, place: FormPlace): Promise<FormAnswers | Back | undefined> {
    const model = await this.models.pick({
      title,
      place,
      placeholder: "Model to start from; it is not changed",
      current: answers.model ?? this.active.model,
    });
    if (typeof model !== "string") return model;
    return { ...answers, model, inspection: await this.active.inspect(model) };
  }

  async #method(answers: FormAnswers, place: FormPlace): Promise<FormAnswers | Back | undefined> {
    const { inspection, dataset } = required(answers);
    const usual = defaultMethod(inspection);
    const method = await askChoice<Method>({
      title,
      place,
      placeholder: "Choose what to train",
      items: methods.toReversed().map((value) => ({
        label: methodNames[value],
        description: value === usual ? "the usual choice for a model of this size" : "",
        detail: methodHelp[value],
        value,
      })),
      active: (value) => value === (answers.plan?.method ?? usual),
    });
    if (method === undefined || method === back) return method;
    // Changed settings are kept when the user goes back, unless the method changes.
    if (answers.plan?.method === method) return answers;
    const name = usualName(dataset, method);
    return {
      ...answers,
      plan: defaultPlan({ name, place: answers.plan?.place ?? this.runs.root }, method, inspection),
    };
  }

  async #settings(
    answers: FormAnswers,
    place: FormPlace,
  ): Promise<FormAnswers | BackTo<FormAnswers> | undefined> {
    const { inspection, plan } = planned(answers);
    const longest = Math.max(2, inspection.maxPositions);
    const fitting = {
      ...plan,
      maxLength: Math.min(plan.maxLength, longest),
      name: freeName(plan.name, diskPlaces.taken(plan.place)),
    };
    const edited = await editPlan(fitting, planFields(diskPlaces, longest), title, place);
    if (!edited) return undefined;
    const changed = { ...answers, plan: edited.plan };
    return edited.isDone ? changed : new BackTo(place.step - 1, changed);
  }

  /** Shows an estimate of the run, or why it cannot start. */
  async #confirm(
    answers: FormAnswers,
    place: FormPlace,
  ): Promise<FormAnswers | Back | BackTo<FormAnswers> | undefined> {
    const giveUp = new AbortController();
    try {
      const choice = await askChoice<"start" | number>({
        title,
        place,
        loading: "Reading the data and measuring a step…",
        placeholder: "Start training, or change the run",
        items: this.#prospects(answers, giveUp.signal),
        active: () => true,
      });
      return choice === "start" ? answers : typeof choice === "number" ? new BackTo(choice, answers) : choice;
    } finally {
      giveUp.abort(new vscode.CancellationError());
    }
  }

  async #prospects(answers: FormAnswers, signal: AbortSignal): Promise<Items<"start" | number>> {
    const problem = placeProblem(planned(answers).plan, diskPlaces);
    if (problem !== undefined) return [...problemLines(refused, problem), changeSettings];
    const { out, ...request } = this.#request(answers);
    try {
      return estimateItems(await this.engine.client.estimateTraining(request, signal), request.settings, out);
    } catch (error) {
      return [
        ...problemLines(refused, errorText(error)),
        { label: "$(file) Choose Another Dataset", value: formSteps.dataset },
        { label: "$(circle-outline) Choose Another Model", value: formSteps.model },
        changeSettings,
      ];
    }
  }

  #request(answers: FormAnswers): Omit<TrainRequest, "run"> & { readonly model: string } {
    const { dataset, model, inspection, plan } = planned(answers);
    return {
      dataset,
      model,
      device: readSetting("device"),
      chat: readSetting("chat"),
      ...namedFields(),
      out: join(plan.place, plan.name),
      settings: planSettings(plan, inspection),
    };
  }
}

function estimateItems(
  estimate: RunEstimate,
  settings: TrainRequest["settings"],
  out: string,
): Items<"start" | number> {
  const warnings = estimateWarnings(estimate, settings);
  return [
    { label: "$(play) Start Training", detail: `Saved in ${out}`, value: "start" },
    changeSettings,
    { label: "estimate", kind: vscode.QuickPickItemKind.Separator },
    ...estimateFacts(estimate, settings).map(({ name, text }) => ({ label: name, description: text })),
    ...warnings.map((text) => ({ label: "$(warning)", description: text })),
  ];
}

type Answered<K extends keyof FormAnswers> = FormAnswers & {
  readonly [k in K]-?: NonNullable<FormAnswers[k]>;
};

/** The answers of the first two steps. Throws if they are missing. */
function required(answers: FormAnswers): Answered<"dataset" | "model" | "inspection"> {
  const { dataset, model, inspection } = answers;
  if (dataset === undefined || model === undefined || !inspection)
    throw new Error("a step of the form was skipped");
  return { ...answers, dataset, model, inspection };
}

function planned(answers: FormAnswers): Answered<"dataset" | "model" | "inspection" | "plan"> {
  const { plan } = answers;
  if (!plan) throw new Error("a step of the form was skipped");
  return { ...required(answers), plan };
}
