/** Offers to resume training runs that were interrupted when their window closed, once, when a window opens. */
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import type { EngineHost } from "../platform/engine/engine-host";
import { trusted } from "../platform/engine/trust";
import type { RunRecord } from "../protocol/runs";
import { interruptedText } from "./form/training-texts";
import { offer } from "./tell";
import { showRuns, type Trainings } from "./trainings";

/** Seconds to wait for the previous window's engine to exit. */
const patience = 10;

interface Interrupted {
  readonly folder: string;
  readonly record: RunRecord;
}

/** Call once, when the extension is activated. */
export async function offerToResume(engine: EngineHost, trainings: Trainings): Promise<void> {
  // Without trust, runs cannot resume.
  await trusted();
  const interrupted: Interrupted[] = [];
  for (const folder of trainings.remembered) {
    const record = await recordOfInterrupted(engine, folder);
    if (record) interrupted.push({ folder, record });
    if (!trainings.underWay.includes(folder)) await trainings.forget(folder);
  }
  if (interrupted.length === 0) return;
  const resume = interrupted.length === 1 ? "Resume" : "Resume All";
  const text = interruptedText(interrupted.map(({ record }) => record));
  await offer(vscode.window.showInformationMessage, `Reward Inspector: ${text}`, {
    [resume]: () => {
      for (const { folder } of interrupted) void trainings.resume(folder);
    },
    "Show Runs": showRuns,
  });
}

/** Record of an interrupted run; undefined if it was not interrupted, is trained elsewhere, or no longer exists. */
async function recordOfInterrupted({ client }: EngineHost, folder: string): Promise<RunRecord | undefined> {
  for (let second = 0; second <= patience; second++) {
    const run = await client.findRun({ folder }).catch(() => null);
    if (!run || "problem" in run) return undefined;
    if (run.status === "interrupted") return run.record;
    if (run.status !== "running") return undefined;
    await setTimeout(1000);
  }
  return undefined;
}
