/** The runs of a sweep: new ones are trained, interrupted ones resumed, finished ones read. */
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../engine/errors";
import { fingerprintOf } from "../../engine/training/store/fingerprint";
import type { RewardEngine } from "../../protocol/engine";
import type { RunRecord, RunStatus } from "../../protocol/runs";
import type { TrainRequest, TrainStartedMessage } from "../../protocol/training";
import type { Tools } from "../flags/options";
import { terminalErrorText } from "../output/error-wording";
import { ProgressLines } from "../output/training/training-progress";
import type { SweepMeasures } from "./table";

/**
 * Trains or resumes one run. Returns `failed` if it started but could not finish, for instance because its loss became
 * NaN. Throws InputError if it cannot start.
 * @param header what to print when the run starts
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
  const progress = new ProgressLines(terminal, header, false);
  try {
    const { record } = await progress.during(
      known
        ? engine.resume({ run, folder: out, device }, progress, terminal.signal)
        : engine.train(request, progress, terminal.signal),
    );
    return record.status;
  } catch (error) {
    // Other combinations may do better. What keeps this run from starting would keep them from starting too.
    if (!(error instanceof InputError) || !progress.isStarted || terminal.signal.aborted) throw error;
    terminal.warn(terminalErrorText(error));
    return "failed";
  }
}

/** Measures of the best evaluation; empty if nothing was held out. */
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

/** A table must not mix runs that were trained in different ways. */
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
  const different = names.filter((name) => !isDeepStrictEqual(plain(found[name]), plain(wanted[name])));
  if (different.length > 0)
    throw new InputError(
      out,
      `holds a run that differs from this sweep in ${different.join(" and ")}; give the sweep another --out`,
    );
}

/** The value as JSON restores it: without undefined properties. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
