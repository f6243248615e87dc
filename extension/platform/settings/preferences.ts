/**
 * The user's choices of model, goal state and display. A chosen threshold is written to its setting, so that Settings
 * shows the value in effect. Other choices are kept per workspace, with the settings as their initial values.
 */
import * as vscode from "vscode";
import { type SettingName, type Settings, section, takenOf } from "./setting-values";
import { readSetting, settingName } from "./settings";

export const chosenNames = [
  "model",
  "goalState",
  "shading",
  "metric",
  "granularity",
  "threshold",
  "scale",
] as const;
type ChosenName = (typeof chosenNames)[number];
/** Settings that commands and panels change. */
export type Chosen = Pick<Settings, ChosenName>;

/** Milliseconds after a slider's last change before its value is written to the setting. */
const writeDelay = 400;

export class Preferences implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<readonly SettingName[]>();
  readonly onDidChange = this.#changed.event;
  readonly #listener: vscode.Disposable;
  /** Cached between changes, because settings are slow to read and these are needed for every token. */
  #chosen: Chosen | undefined;
  /** Threshold in effect that has not been written to the setting yet. */
  #threshold: number | undefined;
  #writing: NodeJS.Timeout | undefined;

  constructor(private readonly memory: vscode.Memento) {
    this.#listener = vscode.workspace.onDidChangeConfiguration((event) => void this.#follow(event));
  }

  get chosen(): Chosen {
    this.#chosen ??= this.#inForce();
    return this.#chosen;
  }

  async choose({ threshold, ...choice }: Partial<Chosen>): Promise<void> {
    const before = this.chosen;
    if (threshold !== undefined) this.#choose(threshold);
    await this.#keep({ ...this.#own, ...choice });
    const after = this.chosen;
    const changed = chosenNames.filter((name) => before[name] !== after[name]);
    if (changed.length > 0) this.#changed.fire(changed);
  }

  dispose(): void {
    this.#listener.dispose();
    if (this.#writing) void this.#write();
    this.#changed.dispose();
  }

  /** Choices in this workspace that are still valid. */
  get #own(): Partial<Chosen> {
    const kept = this.memory.get<Readonly<Record<string, unknown>>>("chosen") ?? {};
    const taken = chosenNames
      .filter((name) => name !== "threshold")
      .map((name) => [name, takenOf(name, kept[name])] as const);
    return Object.fromEntries(taken.filter(([, value]) => value !== undefined));
  }

  async #keep(own: Partial<Chosen>): Promise<void> {
    const kept = this.memory.update("chosen", own);
    this.#chosen = undefined;
    await kept;
  }

  #choose(threshold: number): void {
    if (takenOf("threshold", threshold) === undefined) return;
    this.#threshold = threshold;
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => void this.#write(), writeDelay);
  }

  /** Writes the threshold to the narrowest scope that already sets it, or else to the user's settings. */
  async #write(): Promise<void> {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    const threshold = this.#threshold;
    const configuration = vscode.workspace.getConfiguration(section);
    const { workspaceFolderValue, workspaceValue } = configuration.inspect("threshold") ?? {};
    const { Global, Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;
    const ofWorkspace = workspaceValue === undefined ? Global : Workspace;
    const target = workspaceFolderValue === undefined ? ofWorkspace : WorkspaceFolder;
    const isWritten = await configuration.update("threshold", threshold, target).then(
      () => true,
      () => false,
    );
    // If the settings file cannot be written, the threshold applies to this window only.
    if (isWritten && this.#threshold === threshold && this.#writing === undefined)
      this.#threshold = undefined;
    this.#chosen = undefined;
  }

  /** Lets a setting that the user changes override an earlier choice. */
  async #follow(event: vscode.ConfigurationChangeEvent): Promise<void> {
    const named = settingName(event);
    if (named.length === 0) return;
    const before = this.chosen;
    if (named.includes("threshold") && this.#writing === undefined) this.#threshold = undefined;
    const own = Object.entries(this.#own).filter(([name]) => !named.includes(name as ChosenName));
    await this.#keep(Object.fromEntries(own));
    const after = this.chosen;
    const isSame = (name: SettingName): boolean =>
      chosenNames.some((chosen) => chosen === name && before[chosen] === after[chosen]);
    const changed = named.filter((name) => !isSame(name));
    if (changed.length > 0) this.#changed.fire(changed);
  }

  #inForce(): Chosen {
    const settings = {
      model: readSetting("model"),
      goalState: readSetting("goalState"),
      shading: readSetting("shading"),
      metric: readSetting("metric"),
      granularity: readSetting("granularity"),
      threshold: this.#threshold ?? readSetting("threshold"),
      scale: readSetting("scale"),
    };
    return { ...settings, ...this.#own };
  }
}
