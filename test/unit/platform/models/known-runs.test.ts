/** The runs that the editor lists. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Uri } from "vscode";
import { listRuns } from "../../../../extension/engine/training/store/run-list";
import { KnownRuns } from "../../../../extension/platform/models/known-runs";
import type { StepMetrics } from "../../../../extension/protocol/metrics";
import type { RunRecord } from "../../../../extension/protocol/runs";
import { runRecord } from "../../../support/runs";
import { temporaryFolder } from "../../../support/temp-folder";
import { FakeMemento, fake } from "../../../support/vscode-fake";

let workspace: string;
let storage: string;
/** The engine as far as runs are listed. */
const engine = {
  client: { listRuns: ({ folders }: { readonly folders: readonly string[] }) => listRuns(folders) },
};
let memory: FakeMemento;
let runs: KnownRuns;

beforeEach(async () => {
  fake.reset();
  workspace = await temporaryFolder();
  storage = await temporaryFolder();
  fake.workspaceFolders = [{ uri: Uri.file(workspace) as never }];
  memory = new FakeMemento();
  runs = new KnownRuns(engine, memory, storage);
});
afterEach(() => {
  runs.dispose();
  vi.useRealTimers();
});

async function write(folder: string, parts: Partial<RunRecord>): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "run.json"), JSON.stringify(runRecord(parts)));
  return folder;
}

const names = async (): Promise<string[]> =>
  (await runs.list()).map((run) => ("record" in run ? run.record.name : "broken"));
const day = (n: number) => `2026-01-0${n}T00:00:00.000Z`;

test("are those of the workspace, of the window without one, and those that were begun elsewhere", async () => {
  await write(join(workspace, "runs", "a"), { name: "a", created: day(1) });
  await write(join(storage, "runs", "b"), { name: "b", created: day(3) });
  const elsewhere = await write(join(await temporaryFolder(), "c"), { name: "c", created: day(2) });
  await mkdir(join(workspace, "runs", "broken"));
  await writeFile(join(workspace, "runs", "broken", "run.json"), "{");
  expect(await names()).toEqual(["b", "a", "broken"]);
  await runs.begin(elsewhere);
  expect(await names()).toEqual(["b", "c", "a", "broken"]);
  // Another window knows it too.
  const other = new KnownRuns(engine, memory, storage);
  expect(await other.list()).toHaveLength(4);
  other.dispose();
  await rm(dirname(elsewhere), { recursive: true });
  expect(await names()).toEqual(["b", "a", "broken"]);
});

test("of a workspace that is not trusted are left out, but not one's own", async () => {
  await write(join(workspace, "runs", "a"), { name: "a" });
  await write(join(storage, "runs", "b"), { name: "b" });
  fake.isTrusted = false;
  expect(await names()).toEqual(["b"]);
});

test("have the row that was reported last, if the file does not have it yet", async () => {
  const folder = await write(join(workspace, "runs", "a"), { name: "a", step: 4 });
  const row: StepMetrics = {
    ...{
      kind: "step",
      step: 7,
      loss: 1,
      epoch: 1,
      gradNorm: 1,
      learningRate: 1,
      tokens: 1,
      tokensPerSecond: 1,
    },
  };
  runs.follow(folder, row);
  expect(await runs.list()).toMatchObject([{ last: { step: 7 } }]);
  await writeFile(join(folder, "metrics.jsonl"), `${JSON.stringify({ ...row, step: 9 })}\n`);
  expect(await runs.list()).toMatchObject([{ last: { step: 9 } }]);
  // A run that is started again has no metrics yet.
  await rm(join(folder, "metrics.jsonl"));
  await runs.begin(folder);
  expect(await runs.list()).not.toMatchObject([{ last: { step: 7 } }]);
});

test("are told to have changed once a second, whatever happens in it", () => {
  vi.useFakeTimers();
  const own = new KnownRuns(engine, memory, storage);
  let times = 0;
  own.onDidChange(() => times++);
  for (let i = 0; i < 50; i++) own.refresh();
  vi.advanceTimersByTime(999);
  expect(times).toBe(0);
  vi.advanceTimersByTime(1);
  expect(times).toBe(1);
  fake.trust.fire();
  vi.advanceTimersByTime(1000);
  expect(times).toBe(2);
  own.refresh();
  own.dispose();
  vi.advanceTimersByTime(5000);
  expect(times).toBe(2);
});

test("are made in the workspace, or in the window's own folder", () => {
  expect(runs.root).toBe(join(workspace, "runs"));
  fake.workspaceFolders = undefined;
  expect(runs.root).toBe(join(storage, "runs"));
});
