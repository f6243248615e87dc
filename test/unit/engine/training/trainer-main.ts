/** Entry point of a process that writes a run folder as training does, until it is killed. It trains nothing. */
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../../../extension/engine/errors";
import { Checkpoints } from "../../../../extension/engine/training/store/checkpoints";
import { MetricsLog } from "../../../../extension/engine/training/store/metrics-log";
import { RunFolder } from "../../../../extension/engine/training/store/run-folder";
import { record, stepRow } from "./run-examples";

async function main(folder: string): Promise<void> {
  const isNew = !existsSync(folder);
  const run = isNew ? await RunFolder.create(folder, record) : await RunFolder.open(folder);
  await run.lock();
  const checkpoints = await Checkpoints.open(folder);
  const last = (await checkpoints.latest())?.step ?? 0;
  const log = isNew ? await MetricsLog.create(folder) : await MetricsLog.resume(folder, last);
  for (let step = last + 1; ; step++) {
    await log.append(stepRow(step));
    // Written twice, so that the process is also killed while replacing a checkpoint.
    for (let i = 0; i < 2; i++) await checkpoints.write(step, (partial) => fill(partial, step));
    await run.update({ step });
    await checkpoints.prune({ keep: 2, protect: [1] });
    if (step === last + 3) process.stdout.write("three steps\n");
  }
}

/** Every byte is derived from the step. */
async function fill(folder: string, step: number): Promise<void> {
  for (const name of ["model.safetensors", "state.safetensors"]) {
    const file = await open(join(folder, name), "w");
    for (let i = 0; i < 10; i++) await file.write(Buffer.alloc(1000, step % 251));
    await file.close();
  }
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  process.stdout.write(`fault: ${messageOf(error)}\n`);
});
