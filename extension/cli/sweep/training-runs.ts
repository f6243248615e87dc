/** The runs of a sweep: trained where there is none, gone on with where one was broken off, read where one is done. */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Checkpoint } from "../../engine/checkpoint/reading/checkpoint";
import { InputError, messageOf } from "../../engine/errors";
import type { TrainRequest, TrainStartedMessage } from "../../engine/protocol";
import { fingerprintOf } from "../../engine/training/store/fingerprint";
import { readMetrics } from "../../engine/training/store/metrics-file";
import type { RunRecord, RunStatus } from "../../engine/training/store/run";
import { RunFolder, recordFile } from "../../engine/training/store/run-folder";
import type { Tools } from "../flags/options";
import { TrainingProgress } from "../output/training-progress";
import type { SweepMeasures } from "./table";

/**
 * Brings one run as far as it goes: `failed` where it began and could not go on, as where its loss is no number any
 * more. header: what to say when it starts. Throws InputError where it cannot start.
 */
export async function sweepRun(
  { engine, terminal }: Tools,
  request: TrainRequest,
  header: (message: TrainStartedMessage) => string,
): Promise<RunStatus> {
  const { out, run, device } = request;
  const known = await knownRun(out);
  if (known) await checkOrigin(known, request);
  if (known?.status === "finished" || known?.status === "stopped") return known.status;
  const progress = new TrainingProgress(terminal, header, false);
  try {
    const { record } = await progress.during(
      known
        ? engine.resume({ run, folder: out, device }, progress, terminal.signal)
        : engine.train(request, progress, terminal.signal),
    );
    return record.status;
  } catch (error) {
    // Other combinations may do better; whatever keeps a run from starting would keep them too.
    if (!(error instanceof InputError) || !progress.isStarted || terminal.signal.aborted) throw error;
    terminal.warn(messageOf(error));
    return "failed";
  }
}

/** Of the best evaluation; empty where nothing was held out. */
export async function bestMeasures(folder: string): Promise<SweepMeasures> {
  const best = (await readMetrics(folder)).filter((row) => row.kind === "evaluation" && row.isBest).at(-1);
  if (!best) return {};
  const { accuracy, rankingLoss, contrastiveLoss, lmLoss, margin } = best;
  return { accuracy, rankingLoss, contrastiveLoss, lmLoss, margin };
}

async function knownRun(folder: string): Promise<RunRecord | undefined> {
  const isThere = await stat(join(folder, recordFile)).catch(() => undefined);
  return isThere ? (await RunFolder.open(folder)).record : undefined;
}

/** A table must not mix what was trained in different ways. */
async function checkOrigin(record: RunRecord, request: TrainRequest): Promise<void> {
  const { settings, fields, limit, chat = false, init, model = "", out, dataset } = request;
  const wanted = {
    settings,
    fields,
    limit,
    chat,
    model: init === undefined ? (await Checkpoint.open(model)).folder : resolve(join(out, "init")),
    data: (await fingerprintOf(dataset)).sha256,
  };
  const found = { ...record, data: record.data.sha256 };
  const names = Object.keys(wanted) as (keyof typeof wanted)[];
  const other = names.filter((name) => !isDeepStrictEqual(plain(found[name]), plain(wanted[name])));
  if (other.length > 0)
    throw new InputError(
      out,
      `holds a run with other ${other.join(" and ")} than this sweep's; give the sweep another --out`,
    );
}

/** As JSON would give it back: without what is undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
