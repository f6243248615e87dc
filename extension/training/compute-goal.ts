/** Compute Goal State from This Dataset: uses its preferred completions, and stores the result with the model. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { askChoice, askText, confirm } from "../dialogs/ask";
import { activeDataset, type DatasetPicker, savedFile } from "../dialogs/dataset-picker";
import { type Back, back, type FormPlace, fillIn } from "../dialogs/form";
import { nameProblem, strategyHelp } from "../dialogs/goal-choices";
import { count } from "../display/wording";
import { abortedBy } from "../platform/cancellation";
import type { EngineHost } from "../platform/engine/engine-host";
import type { ActiveModel } from "../platform/models/active-model";
import type { KnownModels } from "../platform/models/known-models";
import type { Preferences } from "../platform/settings/preferences";
import { type GoalResult, type GoalStrategy, goalStrategies } from "../protocol/goals";
import { freeName } from "./form/training-plan";
import { copyModel, isWritable } from "./model-copy";
import { namedFields } from "./named-fields";
import { offer, tellFailure } from "./tell";
import { isTrustedFor } from "./trust";

const title = "Compute Goal State";
const prototypes = 8;
const seed = 1;

interface GoalPlan {
  readonly name: string;
  readonly strategy: GoalStrategy;
}

export class ComputeGoal {
  /** @param modelsFolder folder for copies of read-only models */
  constructor(
    private readonly engine: EngineHost,
    private readonly active: ActiveModel,
    private readonly preferences: Preferences,
    private readonly models: KnownModels,
    private readonly datasets: DatasetPicker,
    private readonly modelsFolder: string,
  ) {}

  /** Resolves when the goal state is stored or the user gives up. Throws InputError if the model cannot be opened. */
  async run(): Promise<void> {
    if (!(await isTrustedFor("computing a goal state reads files in this workspace"))) return;
    const dataset = await this.#dataset();
    if (dataset === undefined || !(await this.#hasPlace())) return;
    const { goalStates } = await this.active.inspect();
    const plan = await fillIn<GoalPlan>({ name: freeName("preferred", goalStates), strategy: "last" }, [
      (so, place) => askName(so, place, goalStates),
      askStrategy,
    ]);
    if (!plan) return;
    // Without a choice the first goal state by name is used. Choose it, because the new one may come before it.
    const goalState = this.active.goalOf(goalStates);
    if (goalState !== undefined) await this.preferences.choose({ goalState });
    await this.#compute(dataset, plan);
  }

  async #dataset(): Promise<string | undefined> {
    const document = activeDataset();
    if (document) return savedFile(document.uri);
    const placeholder = "Dataset with chosen completions, or completions labeled as correct";
    const picked = await this.datasets.pick({ title, placeholder });
    return picked === back ? undefined : picked;
  }

  /** Copies a model that cannot be written to, or the default model, whose folder the next update replaces. */
  async #hasPlace(): Promise<boolean> {
    const { folder } = await this.active.inspect();
    const isDefault = this.active.model === this.active.defaultFolder;
    if (!isDefault && (await isWritable(folder))) return true;
    const { name } = this.active;
    const isWanted = await confirm(
      title,
      isDefault
        ? "The next update would delete a goal state in the default model's folder"
        : `Goal states are stored in the model's folder, but that of ${name} is read-only`,
      "Copy the Model",
      `The copy gets the goal state and replaces ${name} as the active model.`,
    );
    if (!isWanted) return false;
    const folderOfCopy = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Copying ${name}` },
      () => copyModel(folder, name, this.modelsFolder),
    );
    await this.models.add(folderOfCopy);
    await this.preferences.choose({ model: folderOfCopy });
    return true;
  }

  async #compute(dataset: string, plan: GoalPlan): Promise<void> {
    try {
      const { result, badRows } = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: `Computing goal state ${plan.name} from ${basename(dataset)}`,
          cancellable: true,
        },
        (progress, token) => this.#ask(dataset, plan, progress, token),
      );
      await this.#tell(result, badRows, plan);
    } catch (error) {
      const what = `computing goal state ${plan.name} failed`;
      await tellFailure(this.engine, what, error, { "Try Again…": () => this.run() });
    }
  }

  async #ask(
    dataset: string,
    plan: GoalPlan,
    progress: vscode.Progress<{ increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<{ readonly result: GoalResult; readonly badRows: number }> {
    let [done, badRows] = [0, 0];
    const result = await this.engine.client.makeGoal(
      {
        ...this.active.request(),
        ...namedFields(),
        ...plan,
        run: `goal state ${plan.name}`,
        dataset,
        prototypes,
        seed,
        completions: Number.MAX_SAFE_INTEGER,
      },
      {
        started: () => undefined,
        progress: ({ fraction }) => {
          progress.report({ increment: 100 * Math.max(0, fraction - done) });
          done = fraction;
        },
        rows: async ({ rows }) => {
          badRows += rows.length;
          for (const row of rows)
            if ("problem" in row) this.engine.log.warn(`${basename(dataset)}: ${row.problem}`);
        },
      },
      abortedBy(token),
    );
    return { result, badRows };
  }

  async #tell({ completions, notes }: GoalResult, badRows: number, { name }: GoalPlan): Promise<void> {
    this.active.refresh();
    for (const note of notes) this.engine.log.warn(note);
    const skipped = badRows > 0 ? `; ${count(badRows, "row")} could not be read (see the log)` : "";
    await offer(
      vscode.window.showInformationMessage,
      `Reward Inspector: computed goal state ${name} from ${count(completions, "preferred completion")}${skipped}.`,
      { "Use It": () => this.preferences.choose({ goalState: name }) },
    );
  }
}

async function askName(
  plan: GoalPlan,
  place: FormPlace,
  known: readonly string[],
): Promise<GoalPlan | Back | undefined> {
  const name = await askText({
    title,
    place,
    prompt: "Name of the goal state",
    value: plan.name,
    check: (text) => {
      const problem = nameProblem(text, known);
      return problem?.isRemark
        ? { message: problem.text, severity: vscode.InputBoxValidationSeverity.Warning }
        : problem?.text;
    },
  });
  return typeof name === "string" ? { ...plan, name } : name;
}

async function askStrategy(plan: GoalPlan, place: FormPlace): Promise<GoalPlan | Back | undefined> {
  const strategy = await askChoice<GoalStrategy>({
    title,
    place,
    placeholder: "Choose what to compute it from",
    items: goalStrategies.map((value) => ({
      label: strategyHelp[value].name,
      detail: strategyHelp[value].help,
      value,
    })),
    active: (value) => value === plan.strategy,
  });
  return typeof strategy === "string" ? { ...plan, strategy } : strategy;
}
