/**
 * Entry point of a child process, which starts the run of a plan, or resumes it if it exists. Prints each finished step
 * and how the run ended.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError, messageOf } from "../../extension/engine/errors";
import { cpu } from "../../extension/engine/runtime/device";
import { recordFile } from "../../extension/engine/training/store/run-folder";
import { type RunPlan, resumeRun, startRun } from "../../extension/engine/training/training-run";

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const watcher = {
  started: () => say("started"),
  metrics: ({ kind, step }: { kind: string; step: number }) => say(`${kind} ${step}`),
};

async function main(planFile: string): Promise<void> {
  const plan: RunPlan = JSON.parse(readFileSync(planFile, "utf8"));
  const isThere = existsSync(join(plan.folder, recordFile));
  const record = isThere
    ? await resumeRun(plan.folder, cpu, watcher, {})
    : await startRun(plan, cpu, watcher, {});
  say(`ended ${record.status}`);
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  say(`${error instanceof EngineError ? error.name : "fault"}: ${messageOf(error)}`);
  process.exitCode = 1;
});
