/** What the user looks through: model, goal state and display. Choices are kept by workspace; settings are where they begin. */
import * as vscode from "vscode";
import { readSetting, type SettingName, type Settings, settingName } from "./settings";

export const chosenNames = [
  "model",
  "goalState",
  "shading",
  "metric",
  "granularity",
  "threshold",
  "scale",
] as const;
/** Settings that commands and panels change. */
export type Chosen = Pick<Settings, (typeof chosenNames)[number]>;

export class Preferences implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<readonly SettingName[]>();
  readonly onDidChange = this.#changed.event;
  readonly #listener: vscode.Disposable;
  /** Read once a change: settings are slow to read, and every token is shaded by these. */
  #chosen: Chosen | undefined;

  constructor(private readonly memory: vscode.Memento) {
    this.#listener = vscode.workspace.onDidChangeConfiguration((event) => void this.#follow(event));
  }

  get chosen(): Chosen {
    this.#chosen ??= { ...settingsOfChosen(), ...this.#own };
    return this.#chosen;
  }

  async choose(choice: Partial<Chosen>): Promise<void> {
    const before = this.chosen;
    await this.#keep({ ...this.#own, ...choice });
    const changed = chosenNames.filter((name) => name in choice && before[name] !== choice[name]);
    if (changed.length > 0) this.#changed.fire(changed);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  get #own(): Partial<Chosen> {
    return this.memory.get<Partial<Chosen>>("chosen") ?? {};
  }

  async #keep(own: Partial<Chosen>): Promise<void> {
    const kept = this.memory.update("chosen", own);
    this.#chosen = undefined;
    await kept;
  }

  /** A setting that is changed by hand wins over what was chosen before. */
  async #follow(event: vscode.ConfigurationChangeEvent): Promise<void> {
    const changed = settingName(event);
    if (changed.length === 0) return;
    const own = Object.entries(this.#own).filter(([name]) => !changed.includes(name as SettingName));
    await this.#keep(Object.fromEntries(own));
    this.#changed.fire(changed);
  }
}

function settingsOfChosen(): Chosen {
  return {
    model: readSetting("model"),
    goalState: readSetting("goalState"),
    shading: readSetting("shading"),
    metric: readSetting("metric"),
    granularity: readSetting("granularity"),
    threshold: readSetting("threshold"),
    scale: readSetting("scale"),
  };
}
