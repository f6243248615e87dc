import { expect, test } from "vitest";
import { isError } from "../../../../extension/engine/errors";
import {
  type Policies,
  policies,
  type Trust,
  trustedEngine,
} from "../../../../extension/platform/engine/trusted-engine";
import type { RewardEngine } from "../../../../extension/protocol/engine";
import { requests } from "../../../../extension/protocol/messages";
import { defaultSettings } from "../../../../extension/protocol/train-settings";

/** A request that does not exist yet. */
interface LaterEngine extends RewardEngine {
  later(request: { readonly model: string }): Promise<string>;
}

/** Answers every request with its name, and remembers what it was asked. */
function fakeEngine(): { readonly engine: LaterEngine; readonly asked: string[] } {
  const asked: string[] = [];
  const engine = Object.fromEntries(
    [...Object.keys(requests), "later"].map((name) => [
      name,
      async (request: { readonly model?: string }) => {
        asked.push(name);
        return name === "places" ? [request.model ?? "/workspace/run"] : name;
      },
    ]),
  );
  return { engine: engine as unknown as LaterEngine, asked };
}

/** A workspace with the folder /workspace. */
function trust(isTrusted: boolean): Trust {
  return {
    isTrusted,
    firstUntrusted: async (places) => places.find((place) => place.startsWith("/workspace/")),
  };
}

const device = "cpu" as const;
const settings = defaultSettings;
const run = { run: "a", dataset: "data.jsonl", device, out: "/own/run", settings };
const goal = { strategy: "last", prototypes: 1, seed: 1, completions: 1 } as const;
const events = { started: () => undefined, progress: () => undefined, rows: async () => undefined };
const trainEvents = { started: () => undefined, metrics: () => undefined };

/** Every request that opens a model or a run. */
const opening: readonly (readonly [string, (engine: RewardEngine, model: string) => Promise<unknown>])[] = [
  ["inspect", (engine, model) => engine.inspect({ model, device })],
  ["score", (engine, model) => engine.score({ model, device, rows: [], tokens: true })],
  [
    "scoreDataset",
    (engine, model) => engine.scoreDataset({ ...run, model, tokens: false, strict: false }, events),
  ],
  ["makeGoal", (engine, model) => engine.makeGoal({ ...run, ...goal, model, name: "goal" }, events)],
  ["evaluate", (engine, model) => engine.evaluate({ ...run, model, threshold: 0, skip: 0, seed: 1 }, events)],
  ["estimateTraining", (engine, model) => engine.estimateTraining({ ...run, model })],
  ["train", (engine, model) => engine.train({ ...run, model }, trainEvents)],
  ["train", (engine, model) => engine.train({ ...run, init: `${model}/config.json` }, trainEvents)],
  ["resume", (engine, model) => engine.resume({ run: "a", folder: model, device }, trainEvents)],
  ["listGoals", (engine, model) => engine.listGoals({ model })],
];

test("every request of the engine has a policy, and no other name does", () => {
  expect(Object.keys(policies).sort()).toEqual(Object.keys(requests).sort());
  const opened = new Set(opening.map(([name]) => name));
  const data = Object.entries(policies).filter(([, policy]) => policy === "data");
  expect(new Set([...opened, ...data.map(([name]) => name)])).toEqual(new Set(Object.keys(requests)));
});

test("a new method of the engine does not compile without a policy", () => {
  // @ts-expect-error: `later` has none
  const table: Policies<LaterEngine> = policies;
  expect(Object.hasOwn(table, "later")).toBe(false);
});

test("without trust, a request that is not in the table is refused and does not reach the engine", async () => {
  const { engine, asked } = fakeEngine();
  const refused = trustedEngine(engine, trust(false)).later({ model: "/own/model" });
  await expect(refused).rejects.toSatisfy((error) => isError(error, "untrusted"));
  expect(asked).toEqual([]);
  expect(await trustedEngine(engine, trust(true)).later({ model: "/own/model" })).toBe("later");
});

test.each(opening)("%s opens nothing in an untrusted workspace", async (name, ask) => {
  const { engine, asked } = fakeEngine();
  await expect(ask(trustedEngine(engine, trust(false)), "/workspace/model")).rejects.toSatisfy((error) =>
    isError(error, "untrusted"),
  );
  expect(asked).toEqual(["places"]);
  expect(await ask(trustedEngine(engine, trust(true)), "/workspace/model")).toBe(name);
  expect(asked).toEqual(["places", name]);
});

test("models outside the workspace are opened, and data is read, even without trust", async () => {
  const { engine, asked } = fakeEngine();
  const guarded = trustedEngine(engine, trust(false));
  await guarded.inspect({ model: "/own/model", device });
  await guarded.listRuns({ folders: ["/workspace/runs"] });
  await guarded.devices({ refresh: false });
  expect(asked).toEqual(["places", "inspect", "listRuns", "devices"]);
});

test("the error names the place in the workspace", async () => {
  const { engine } = fakeEngine();
  const guarded = trustedEngine(
    { ...engine, places: async () => ["/own/model", "/workspace/base"] },
    trust(false),
  );
  await expect(guarded.inspect({ model: "/own/model", device })).rejects.toThrow(
    "/own/model: needs /workspace/base, which is in an untrusted workspace",
  );
});
