/** Training runs under way in this window: they run in the engine's process, and are paused, stopped and resumed here. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { EngineHost } from "../platform/engine-host";
import type { KnownRuns } from "../platform/known-runs";
import type { Preferences } from "../platform/preferences";
import { readSetting } from "../platform/settings";
import type { TrainEvents, TrainRequest, TrainResult, TrainStartedMessage } from "../protocol/training";
import { evaluationText, Follower } from "../reports/metrics-text";
import { finishingText, pausedText, pausingText, progressText, trainedText } from "./form/training-texts";
import { offer, tellFailure } from "./tell";

/** Folders of the runs under way: a window that opens later looks whether they ended with this one. */
const underWayKey = "trainingsUnderWay";

/** What trains, and where it is written down. */
export interface TrainingEngine {
  readonly client: Pick<EngineHost["client"], "train" | "resume" | "stopTraining">;
  readonly log: EngineHost["log"];
}

interface UnderWay {
  readonly pause: AbortController;
  /** Of its notification. */
  progress?: Progress;
  /** What the user has asked of it, as its notification says. */
  wish?: string;
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;
type Begin = (events: TrainEvents, pause: AbortSignal) => Promise<TrainResult>;

export class Trainings implements vscode.Disposable {
  /** By folder. */
  readonly #underWay = new Map<string, UnderWay>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** A run has begun or ended. */
  readonly onDidChange = this.#changed.event;
  #isDisposed = false;

  /** @param memory of the workspace */
  constructor(
    private readonly engine: TrainingEngine,
    private readonly runs: Pick<KnownRuns, "begin" | "follow" | "refresh">,
    private readonly preferences: Pick<Preferences, "choose">,
    private readonly memory: vscode.Memento,
  ) {}

  /** Folders of runs. */
  get underWay(): readonly string[] {
    return [...this.#underWay.keys()];
  }

  /** Folders of runs that were under way when they were last heard of, by this window or one before. */
  get remembered(): readonly string[] {
    return this.memory.get<readonly string[]>(underWayKey) ?? [];
  }

  /** Trains to the end or a pause, and tells how it went. @param change lets the user change the settings of a run that failed */
  start(request: Omit<TrainRequest, "run">, change: () => unknown): Promise<void> {
    const begin: Begin = (events, pause) =>
      this.engine.client.train({ ...request, run: request.out }, events, pause);
    return this.#follow(request.out, begin, { "Change Settings…": change });
  }

  /** Goes on with a run that was paused, interrupted, stopped or failed. */
  resume(folder: string): Promise<void> {
    const request = { run: folder, folder, device: readSetting("device") };
    const begin: Begin = (events, pause) => this.engine.client.resume(request, events, pause);
    return this.#follow(folder, begin, { "Show Runs": showRuns });
  }

  /** A checkpoint is written, and the run can be resumed. Throws where the run is not under way here. */
  pause(folder: string): void {
    this.#wish(folder, pausingText).pause.abort();
  }

  /** Ends a run as if its steps were done: its model is written. Throws where the run is not under way here. */
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
        `${folder}: this run is not trained by this window; pause it where it is, with Ctrl-C in its terminal or in its own window`,
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
          progress.report({ message: "reading pairs and model; Cancel pauses the run" });
          return begin(this.#events(folder, run, progress), pause.signal);
        },
      );
      await this.#ended(folder);
      void this.#tell(result);
    } catch (error) {
      // The engine ends with the window: the run is remembered for the next one.
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
