/** Handlers of the commands on items of the views. From the palette they ask for an item, or say where to find it. */
import type { ModelPicker } from "../dialogs/model-picker";
import type { ActiveModel } from "../platform/models/active-model";
import type { KnownModels } from "../platform/models/known-models";
import type { KnownRuns } from "../platform/models/known-runs";
import type { Trainings } from "../training/trainings";
import { goalArgument, modelArgument, revealFolder, runArgument } from "../views/arguments";
import type { GoalStatesView } from "../views/goal-states-view";
import { openModelCard } from "../views/runs-view";
import type { CommandHandlers, CommandId } from "./command-table";

export interface ViewParts {
  readonly model: ActiveModel;
  readonly models: KnownModels;
  readonly runs: KnownRuns;
  readonly goals: GoalStatesView;
  readonly picker: ModelPicker;
  readonly trainings: Trainings;
}

type ViewCommand = Extract<
  CommandId,
  `rewardInspector.${"useModel" | "addModelFolder" | "removeModel" | "useGoal" | `${"resume" | "pause" | "stop"}Run` | "openModelCard" | "revealFolder" | "refreshViews"}`
>;

export function viewHandlers({
  model,
  models,
  runs,
  goals,
  picker,
  trainings,
}: ViewParts): Pick<CommandHandlers, ViewCommand> {
  return {
    "rewardInspector.useModel": (item) => {
      const model = modelArgument(item);
      return model === undefined ? picker.select() : picker.use(model);
    },
    "rewardInspector.addModelFolder": () => picker.addFolder(),
    "rewardInspector.removeModel": (item) =>
      models.remove(of(modelArgument(item), "a model in the Models view")),
    "rewardInspector.useGoal": (item) => {
      const goal = goalArgument(item);
      return goal === undefined ? goals.select() : goals.use(goal);
    },
    "rewardInspector.resumeRun": (item) => void trainings.resume(runOf(item)),
    "rewardInspector.pauseRun": (item) => trainings.pause(runOf(item)),
    "rewardInspector.stopRun": (item) => trainings.stop(runOf(item)),
    "rewardInspector.openModelCard": (item) => {
      runOf(item);
      return openModelCard(modelArgument(item));
    },
    "rewardInspector.revealFolder": (item) =>
      revealFolder(of(runArgument(item) ?? modelArgument(item), "an item in the Models or Runs view")),
    "rewardInspector.refreshViews": () => {
      model.refresh();
      runs.refresh();
    },
  };
}

function runOf(item: unknown): string {
  return of(runArgument(item), "a run in the Runs view");
}

function of(argument: string | undefined, what: string): string {
  if (argument === undefined) throw new Error(`works on ${what}: use its button or context menu there`);
  return argument;
}
