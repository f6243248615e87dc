/** Training runs of a window: what is remembered, asked and told. */
import { beforeEach, expect, test, vi } from "vitest";
import type { TrainEvents, TrainRequest, TrainResult } from "../../../extension/protocol/training";
import { Trainings } from "../../../extension/training/trainings";
import { runRecord } from "../../support/runs";
import { FakeMemento, fake } from "../../support/vscode-fake";
import { CancellationError } from "../../support/vscode-fake/values";

/** An engine whose runs the test ends. */
class Engine {
  readonly asked: unknown[] = [];
  readonly logged: string[] = [];
  readonly stopped: string[] = [];
  events: TrainEvents | undefined;
  pause: AbortSignal | undefined;
  end: (result: Partial<TrainResult>) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  readonly client = {
    train: (request: unknown, events: TrainEvents, pause?: AbortSignal) =>
      this.#begin(request, events, pause),
    resume: (request: unknown, events: TrainEvents, pause?: AbortSignal) =>
      this.#begin(request, events, pause),
    stopTraining: async ({ run }: { readonly run: string }) => {
      this.stopped.push(run);
    },
  };
  readonly log = {
    info: (text: string) => this.logged.push(text),
    warn: (text: string) => this.logged.push(`warn ${text}`),
    error: (text: string) => this.logged.push(`error ${text}`),
    show: () => undefined,
  } as never;

  #begin(request: unknown, events: TrainEvents, pause?: AbortSignal): Promise<TrainResult> {
    this.asked.push(request);
    this.events = events;
    this.pause = pause;
    return new Promise((resolve, reject) => {
      this.end = (result) => resolve({ folder: run, record, ...result });
      this.fail = reject;
    });
  }
}

const run = "/runs/first";
const record = runRecord({ name: "first", steps: 10, step: 0, trainingPairs: 36 });
let engine: Engine;
let memory: FakeMemento;
let runs: {
  begin: ReturnType<typeof vi.fn>;
  follow: ReturnType<typeof vi.fn>;
  refresh: ReturnType<typeof vi.fn>;
};
let chosen: unknown[];
let trainings: Trainings;

beforeEach(() => {
  fake.reset();
  engine = new Engine();
  memory = new FakeMemento();
  runs = { begin: vi.fn(), follow: vi.fn(), refresh: vi.fn() };
  chosen = [];
  const choose = async (choice: unknown): Promise<void> => {
    chosen.push(choice);
  };
  trainings = new Trainings(engine, runs as never, { choose }, memory);
});

const request = { out: run, dataset: "/d.jsonl" } as TrainRequest;
const settle = () => new Promise((resolve) => setTimeout(resolve));
const started = (): void => {
  engine.events?.started({ run, folder: run, record, notes: ["on the CPU"], memory: {} as never });
};
const step = (n: number): void => {
  engine.events?.metrics({
    run,
    row: {
      ...{
        kind: "step",
        step: n,
        loss: 0.5,
        epoch: 0.1,
        gradNorm: 1,
        learningRate: 1,
        tokens: 9,
        tokensPerSecond: 9,
      },
    },
  });
};
const reports = () => fake.progress[0]?.reports ?? [];

test("a run is listed from its start to its end, and remembered for a window that opens later", async () => {
  const changes: number[] = [];
  trainings.onDidChange(() => changes.push(trainings.underWay.length));
  const training = trainings.start(request, () => undefined);
  expect(trainings.underWay).toEqual([run]);
  expect(trainings.remembered).toEqual([]);
  started();
  await settle();
  expect(trainings.remembered).toEqual([run]);
  expect(runs.begin).toHaveBeenCalledWith(run);
  expect(engine.logged).toContain("warn first: on the CPU");
  engine.end({ model: `${run}/model` });
  await training;
  expect(trainings.underWay).toEqual([]);
  expect(trainings.remembered).toEqual([]);
  expect(changes).toEqual([1, 0]);
  expect(runs.refresh).toHaveBeenCalled();
});

test("progress adds up to the whole, from where the run was resumed", async () => {
  void trainings.resume(run);
  engine.events?.started({
    run,
    folder: run,
    record: { ...record, step: 4 },
    notes: [],
    memory: {} as never,
  });
  for (let n = 5; n <= 10; n++) step(n);
  const sum = reports().reduce((total, { increment = 0 }) => total + increment, 0);
  expect(sum).toBeCloseTo(100);
  expect(runs.follow).toHaveBeenCalledTimes(6);
  expect(engine.asked).toEqual([{ run, folder: run, device: "auto" }]);
});

test("Cancel of its notification pauses it, and it can be resumed from there", async () => {
  const training = trainings.start(request, () => undefined);
  fake.progress[0]?.cancel();
  expect(engine.pause?.aborted).toBe(true);
  fake.answer = ({ actions }) =>
    actions.includes("Resume") && engine.asked.length === 1 ? "Resume" : undefined;
  engine.end({ record: { ...record, step: 3 } });
  await training;
  await vi.waitFor(() => expect(engine.asked).toHaveLength(2));
  expect(fake.messages[0]?.actions).toEqual(["Resume", "Show Runs"]);
  expect(trainings.underWay).toEqual([run]);
});

test("what the user asked for stays in the notification until it is done", async () => {
  void trainings.start(request, () => undefined);
  started();
  trainings.pause(run);
  step(1);
  const [asked, after] = reports()
    .slice(-2)
    .map(({ message }) => message);
  expect(asked).toBe(after);
  expect(engine.pause?.aborted).toBe(true);
  await trainings.stop(run);
  expect(engine.stopped).toEqual([run]);
});

test("a run of another window cannot be paused or stopped from here", async () => {
  expect(() => trainings.pause("/runs/other")).toThrow("not trained by this window");
  await expect(trainings.stop("/runs/other")).rejects.toThrow("not trained by this window");
  expect(engine.stopped).toEqual([]);
});

test("a run in progress is not started twice", async () => {
  void trainings.start(request, () => undefined);
  await trainings.resume(run);
  expect(engine.asked).toHaveLength(1);
});

test("a finished run offers its model", async () => {
  fake.answer = () => "Switch to It";
  const training = trainings.start(request, () => undefined);
  engine.end({ model: `${run}/model` });
  await training;
  await settle();
  expect(chosen).toEqual([{ model: `${run}/model` }]);
});

test("a failure says why, and offers to change the settings", async () => {
  const change = vi.fn();
  fake.answer = () => "Change Settings…";
  const training = trainings.start(request, change);
  engine.fail(new Error("the disk is full"));
  await training;
  await settle();
  expect(fake.messages).toMatchObject([{ kind: "error", text: expect.stringContaining("the disk is full") }]);
  expect(change).toHaveBeenCalledOnce();
  expect(trainings.underWay).toEqual([]);
});

test("a run that the user ended says nothing, and one that ends with the window is remembered", async () => {
  const ended = trainings.start(request, () => undefined);
  engine.fail(new CancellationError());
  await ended;
  expect(fake.messages).toEqual([]);
  const training = trainings.start(request, () => undefined);
  started();
  await settle();
  trainings.dispose();
  engine.fail(new Error("the engine ended"));
  await training;
  expect(fake.messages).toEqual([]);
  expect(trainings.remembered).toEqual([run]);
});
