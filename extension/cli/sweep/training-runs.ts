/** The runs of a sweep: trained where there is none, gone on with where one was broken off, read where one is done. */
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../engine/errors";
import { fingerprintOf } from "../../engine/training/store/fingerprint";
import type { RewardEngine } from "../../protocol/engine";
import type { RunRecord, RunStatus } from "../../protocol/runs";
import type { TrainRequest, TrainStartedMessage } from "../../protocol/training";
import type { Tools } from "../flags/options";
import { errorText } from "../output/error-wording";
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
  const known = await knownRun(engine, out);
  if (known) await checkOrigin(engine, known, request);
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
    terminal.warn(errorText(error));
    return "failed";
  }
}

/** Of the best evaluation; empty where nothing was held out. */
export async function bestMeasures(engine: RewardEngine, folder: string): Promise<SweepMeasures> {
  const best = (await engine.readMetrics({ folder }))
    .filter((row) => row.kind === "evaluation" && row.isBest)
    .at(-1);
  if (!best) return {};
  const { accuracy, rankingLoss, contrastiveLoss, lmLoss, margin } = best;
  return { accuracy, rankingLoss, contrastiveLoss, lmLoss, margin };
}

async function knownRun(engine: RewardEngine, folder: string): Promise<RunRecord | undefined> {
  const found = await engine.findRun({ folder });
  if (found && "problem" in found) throw new InputError(folder, found.problem);
  return found?.record;
}

/** A table must not mix what was trained in different ways. */
async function checkOrigin(engine: RewardEngine, record: RunRecord, request: TrainRequest): Promise<void> {
  const { settings, fields, limit, chat = false, init, model = "", out, dataset } = request;
  const wanted = {
    settings,
    fields,
    limit,
    chat,
    model:
      init === undefined
        ? (await engine.inspect({ model, device: "cpu" })).folder
        : resolve(join(out, "init")),
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
