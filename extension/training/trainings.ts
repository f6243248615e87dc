/** Starts, pauses, stops and resumes the training runs of this window, which the engine's process executes. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { EngineHost } from "../platform/engine/engine-host";
import type { KnownRuns } from "../platform/models/known-runs";
import type { Preferences } from "../platform/settings/preferences";
import { readSetting } from "../platform/settings/settings";
import type { TrainEvents, TrainRequest, TrainResult, TrainStartedMessage } from "../protocol/training";
import { evaluationText, Follower } from "../reports/metrics-text";
import { finishingText, pausedText, pausingText, progressText, trainedText } from "./form/training-texts";
import { offer, tellFailure } from "./tell";

/** Memento key of the folders of active runs. A later window checks whether they were interrupted with this one. */
const underWayKey = "trainingsUnderWay";

/** The engine that trains, and its log. */
export interface TrainingEngine {
  readonly client: Pick<EngineHost["client"], "train" | "resume" | "stopTraining">;
  readonly log: EngineHost["log"];
}

interface UnderWay {
  readonly pause: AbortController;
  /** Progress of the run's notification. */
  progress?: Progress;
  /** Text of the user's request to pause or stop, which its notification shows. */
  wish?: string;
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;
type Begin = (events: TrainEvents, pause: AbortSignal) => Promise<TrainResult>;

export class Trainings implements vscode.Disposable {
  /** Active runs by folder. */
  readonly #underWay = new Map<string, UnderWay>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires if a run starts or ends. */
  readonly onDidChange = this.#changed.event;
  #isDisposed = false;

  /** @param memory memory of the workspace */
  constructor(
    private readonly engine: TrainingEngine,
    private readonly runs: Pick<KnownRuns, "begin" | "follow" | "refresh">,
    private readonly preferences: Pick<Preferences, "choose">,
    private readonly memory: vscode.Memento,
  ) {}

  /** Folders of active runs. */
  get underWay(): readonly string[] {
    return [...this.#underWay.keys()];
  }

  /** Folders of runs that are not known to have ended, from this window or an earlier one. */
  get remembered(): readonly string[] {
    return this.memory.get<readonly string[]>(underWayKey) ?? [];
  }

  /** Trains until the end or a pause, and reports the result. @param change edits the settings after a failure */
  start(request: Omit<TrainRequest, "run">, change: () => unknown): Promise<void> {
    const begin: Begin = (events, pause) =>
      this.engine.client.train({ ...request, run: request.out }, events, pause);
    return this.#follow(request.out, begin, { "Change Settings…": change });
  }

  /** Resumes a run that was paused, interrupted or stopped, or that failed. */
  resume(folder: string): Promise<void> {
    const request = { run: folder, folder, device: readSetting("device") };
    const begin: Begin = (events, pause) => this.engine.client.resume(request, events, pause);
    return this.#follow(folder, begin, { "Show Runs": showRuns });
  }

  /** Pauses a run with a checkpoint from which it can resume. Throws if this window does not train it. */
  pause(folder: string): void {
    this.#wish(folder, pausingText).pause.abort();
  }

  /** Ends a run early and writes its model. Throws if this window does not train it. */
  async stop(folder: string): Promise<void> {
    this.#wish(folder, finishingText);
    await this.engine.client.stopTraining({ run: folder });
  }

  async forget(folder: string): Promise<void> {
    await this.memory.update(
      underWayKey,
      this.remembered.filter((one) => one !== folder),
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#changed.dispose();
  }

  #wish(folder: string, wish: string): UnderWay {
    const run = this.#underWay.get(folder);
    if (!run)
      throw new Error(
        `${folder}: this run is not trained by this window; pause it in its own window, or with Ctrl-C in its terminal`,
      );
    run.wish = wish;
    run.progress?.report({ message: wish });
    return run;
  }

  async #follow(
    folder: string,
    begin: Begin,
    whenFailed: Readonly<Record<string, () => unknown>>,
  ): Promise<void> {
    if (this.#underWay.has(folder)) return;
    const pause = new AbortController();
    const run: UnderWay = { pause };
    this.#underWay.set(folder, run);
    this.#changed.fire();
    const name = basename(folder);
    try {
      const result = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `Training ${name}`, cancellable: true },
        (progress, token) => {
          token.onCancellationRequested(() => pause.abort());
          run.progress = progress;
          progress.report({ message: "loading pairs and model; Cancel pauses the run" });
          return begin(this.#events(folder, run, progress), pause.signal);
        },
      );
      await this.#ended(folder);
      void this.#tell(result);
    } catch (error) {
      // The engine exits with the window; the run stays remembered for the next one.
      if (this.#isDisposed) return;
      await this.#ended(folder);
      void tellFailure(this.engine, `training ${name} failed`, error, whenFailed);
    }
  }

  #events(folder: string, run: UnderWay, progress: Progress): TrainEvents {
    const { log } = this.engine;
    let follower = new Follower(0);
    let steps = 1;
    return {
      started: (message) => {
        ({ steps } = message.record);
        follower = new Follower(steps);
        progress.report({ increment: (100 * message.record.step) / steps });
        this.#begun(message);
      },
      metrics: ({ row }) => {
        this.runs.follow(folder, row);
        if (row.kind === "evaluation") log.info(`${basename(folder)}: ${evaluationText(row)}`);
        else {
          const standing = follower.after(row);
          const text = row.step === steps ? finishingText : progressText(row, standing);
          progress.report({ message: run.wish ?? text, increment: 100 / steps });
        }
      },
    };
  }

  #begun({ folder, record, notes }: TrainStartedMessage): void {
    const { log } = this.engine;
    log.info(`Training ${record.name}: ${record.trainingPairs} pairs, ${record.steps} steps, in ${folder}.`);
    for (const note of notes) log.warn(`${record.name}: ${note}`);
    void this.memory.update(underWayKey, [...this.remembered.filter((one) => one !== folder), folder]);
    void this.runs.begin(folder);
  }

  async #ended(folder: string): Promise<void> {
    this.#underWay.delete(folder);
    await this.forget(folder);
    this.#changed.fire();
    this.runs.refresh();
  }

  async #tell({ folder, record, model }: TrainResult): Promise<void> {
    const text = model === undefined ? pausedText(record) : trainedText(record);
    this.engine.log.info(text);
    const actions =
      model === undefined
        ? { Resume: () => this.resume(folder), "Show Runs": showRuns }
        : {
            "Switch to It": () => this.preferences.choose({ model }),
            "Evaluate…": () => vscode.commands.executeCommand("rewardInspector.evaluate", { model }),
          };
    await offer(vscode.window.showInformationMessage, `Reward Inspector: ${text}`, actions);
  }
}

export async function showRuns(): Promise<void> {
  await vscode.commands.executeCommand("rewardInspector.runs.focus");
}
