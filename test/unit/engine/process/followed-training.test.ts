/** Rows that a crashed engine wrote but did not report; test/process/engine-training.test.ts kills real engines. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { CancellationToken, createMessageConnection } from "vscode-jsonrpc";
import { StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { FollowedTraining } from "../../../../extension/engine/process/followed-training";
import { readMetrics } from "../../../../extension/engine/training/store/metrics-file";
import { MetricsLog } from "../../../../extension/engine/training/store/metrics-log";
import { RunFolder } from "../../../../extension/engine/training/store/run-folder";
import { findRun } from "../../../../extension/engine/training/store/run-list";
import type { TrainStartedMessage } from "../../../../extension/protocol/training";
import { temporaryFolder } from "../../../support/temp-folder";
import { evaluationRow, record, stepRow } from "../training/run-examples";

/** A run of three steps, of which only the first was reported. */
async function lostRun(told: number[]): Promise<{ followed: FollowedTraining; run: RunFolder }> {
  const folder = join(await temporaryFolder(), "run");
  const { settings } = record;
  const followed = FollowedTraining.train(
    { run: "test", dataset: "pairs.jsonl", model: "base", device: "cpu", out: folder, settings },
    { started: () => undefined, metrics: ({ row }) => told.push(row.step) },
    {
      findRun: (request) => findRun(request.folder),
      readMetrics: (request) => readMetrics(request.folder),
    },
  );
  await followed.next();
  const run = await RunFolder.create(folder, record);
  const log = await MetricsLog.create(folder);
  for (const row of [stepRow(1), stepRow(2), evaluationRow(2), stepRow(3)]) await log.append(row);
  await log.close();
  const memory: TrainStartedMessage["memory"] = {
    weights: 1,
    optimizer: 1,
    activations: 1,
    total: 3,
    available: 4,
  };
  followed.started({ run: "test", folder, record, notes: [], memory });
  followed.metrics({ run: "test", row: stepRow(1) });
  return { followed, run };
}

test("rows that were written but not reported are reported once", async () => {
  const told: number[] = [];
  const { followed } = await lostRun(told);
  await followed.next();
  await followed.next();
  expect(told).toEqual([1, 2, 2, 3]);
  expect(followed.newSteps).toBe(3);
});

test("a run that finished before its engine crashed needs no engine", async () => {
  const { followed, run } = await lostRun([]);
  await mkdir(run.model);
  await run.update({ status: "finished" });
  // Sending anything over this connection fails.
  const connection = createMessageConnection(
    new StreamMessageReader(new PassThrough()),
    new StreamMessageWriter(new PassThrough()),
  );
  const answer = await followed.next();
  expect(await answer(connection, CancellationToken.None)).toEqual({
    folder: run.folder,
    record: run.record,
    model: run.model,
  });
});
