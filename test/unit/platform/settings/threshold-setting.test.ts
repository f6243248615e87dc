import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Preferences } from "../../../../extension/platform/settings/preferences";

/** The part of VS Code's configuration that preferences use. */
const fake = vi.hoisted(() => {
  const values: Record<string, unknown> = {};
  const listeners = new Set<(event: { affectsConfiguration(name: string): boolean }) => void>();
  const written: (readonly [name: string, value: unknown, target: number])[] = [];
  const change = (name: string, value: unknown): void => {
    values[name] = value;
    for (const listener of listeners)
      listener({ affectsConfiguration: (other) => other === `rewardInspector.${name}` });
  };
  return { values, listeners, written, change, isReadOnly: false, workspaceValue: undefined as unknown };
});

vi.mock("vscode", () => ({
  EventEmitter: class {
    readonly #listeners = new Set<(value: unknown) => void>();
    readonly event = (listener: (value: unknown) => void) => {
      this.#listeners.add(listener);
      return { dispose: () => this.#listeners.delete(listener) };
    };
    fire(value: unknown): void {
      for (const listener of this.#listeners) listener(value);
    }
    dispose(): void {}
  },
  ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
  workspace: {
    onDidChangeConfiguration: (listener: Parameters<typeof fake.listeners.add>[0]) => {
      fake.listeners.add(listener);
      return { dispose: () => fake.listeners.delete(listener) };
    },
    getConfiguration: () => ({
      get: (name: string) => fake.values[name],
      inspect: () => ({ workspaceValue: fake.workspaceValue }),
      update: async (name: string, value: unknown, target: number) => {
        if (fake.isReadOnly) throw new Error("read-only");
        fake.written.push([name, value, target]);
        fake.change(name, value);
      },
    }),
  },
}));

class Memory {
  readonly kept = new Map<string, unknown>();
  keys = (): readonly string[] => [...this.kept.keys()];
  get = <T>(key: string): T | undefined => this.kept.get(key) as T | undefined;
  update = async (key: string, value: unknown): Promise<void> => void this.kept.set(key, value);
}

beforeEach(() => {
  vi.useFakeTimers();
  for (const name of Object.keys(fake.values)) delete fake.values[name];
  fake.listeners.clear();
  fake.written.length = 0;
  fake.isReadOnly = false;
  fake.workspaceValue = undefined;
});
afterEach(() => vi.useRealTimers());

test("a chosen threshold takes effect at once, and is written to its setting once the slider rests", async () => {
  const preferences = new Preferences(new Memory() as never);
  const changes: unknown[] = [];
  preferences.onDidChange((names) => changes.push(names));
  for (const threshold of [0.1, 0.2, 0.51]) await preferences.choose({ threshold });
  expect(preferences.chosen.threshold).toBe(0.51);
  expect(fake.written).toEqual([]);
  await vi.runAllTimersAsync();
  expect(fake.written).toEqual([["threshold", 0.51, 1]]);
  expect(preferences.chosen.threshold).toBe(0.51);
  // The event caused by writing the setting is not another change.
  expect(changes).toEqual([["threshold"], ["threshold"], ["threshold"]]);
});

test("a setting of the workspace is changed in the workspace, and resetting it takes effect", async () => {
  fake.workspaceValue = 0.3;
  const preferences = new Preferences(new Memory() as never);
  await preferences.choose({ threshold: 0.4 });
  await vi.runAllTimersAsync();
  expect(fake.written).toEqual([["threshold", 0.4, 2]]);
  fake.change("threshold", undefined);
  await vi.runAllTimersAsync();
  expect(preferences.chosen.threshold).toBe(0);
});

test("if the settings file cannot be written, the threshold applies to this window only", async () => {
  fake.isReadOnly = true;
  const preferences = new Preferences(new Memory() as never);
  await preferences.choose({ threshold: 0.4 });
  await vi.runAllTimersAsync();
  expect(preferences.chosen.threshold).toBe(0.4);
});

test("a choice kept by an older version is ignored if it is invalid", () => {
  const memory = new Memory();
  memory.kept.set("chosen", { granularity: "paragraph", metric: "q-change", threshold: 0.21 });
  const { granularity, metric, threshold } = new Preferences(memory as never).chosen;
  expect({ granularity, metric, threshold }).toEqual({
    granularity: "token",
    metric: "q-change",
    threshold: 0,
  });
});

test("an invalid threshold is neither chosen nor written", async () => {
  const preferences = new Preferences(new Memory() as never);
  for (const threshold of [1, -7, Number.NaN]) await preferences.choose({ threshold });
  await vi.runAllTimersAsync();
  expect(preferences.chosen.threshold).toBe(0);
  expect(fake.written).toEqual([]);
});
