/** Finds out from training runs and model cards whether a model was trained on a dataset. */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { TrainedOn } from "../../../protocol/evaluation";
import { fingerprintOf } from "../store/fingerprint";
import { recordFile } from "../store/run-folder";
import { parseRunRecord } from "../store/run-record";

/** What a model's training run, or the card of a published model, says of its training. */
interface Training extends TrainedOn {
  readonly bytes: number;
  readonly sha256: string;
  /** Model that the training started from; absent if a card does not say. */
  readonly base?: string;
}

/** Most models in a chain of models that were trained from one another. */
const longestChain = 8;

/**
 * Returns the training of the model, or of one it started from, on a file with the same bytes, or undefined if none is
 * known. A file with the same rows in another order, for example, is not recognized.
 *
 * @param folder the model's folder
 */
export async function trainedOn(folder: string, dataset: string): Promise<TrainedOn | undefined> {
  const bytes = (await stat(dataset).catch(() => undefined))?.size;
  let sha256: string | undefined;
  let model: string | undefined = folder;
  for (let i = 0; i < longestChain && model !== undefined; i++) {
    const training: Training | undefined = (await ofRun(model)) ?? (await ofCard(model));
    if (training && training.bytes === bytes) {
      // Hashing a large file takes a while, so only a file of the same size is hashed.
      sha256 ??= (await fingerprintOf(dataset)).sha256;
      if (training.sha256 === sha256) {
        const { run, pairs, heldOut } = training;
        return { run, pairs, heldOut };
      }
    }
    model = training?.base;
  }
  return undefined;
}

/** Reads the run that the model belongs to: models are in `<run>/model`, checkpoints in `<run>/checkpoints/<step>`. */
async function ofRun(model: string): Promise<Training | undefined> {
  for (const folder of [dirname(model), dirname(dirname(model))]) {
    const path = join(folder, recordFile);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    try {
      const { name, data, trainingPairs, evaluationPairs, model: base } = parseRunRecord(text, path);
      const { bytes, sha256 } = data;
      return { run: name, pairs: trainingPairs, heldOut: evaluationPairs, bytes, sha256, base };
    } catch {
      // A broken record tells nothing here. Opening the run reports what is wrong with it.
    }
  }
  return undefined;
}

/** Reads the table under "Training data" of the model card that a finished run writes. */
async function ofCard(model: string): Promise<Training | undefined> {
  const text = await readFile(join(model, "README.md"), "utf8").catch(() => undefined);
  const cell = (name: string): string | undefined =>
    text?.match(new RegExp(`^\\| *${name} *\\|([^|]*)\\|`, "m"))?.[1]?.trim();
  const bytes = cell("file")?.match(/([\d,]+) bytes$/)?.[1];
  const sha256 = cell("SHA-256")?.match(/[0-9a-f]{64}/)?.[0];
  if (bytes === undefined || sha256 === undefined) return undefined;
  return {
    run: basename(model),
    pairs: number(cell("pairs trained on") ?? "0"),
    heldOut: number(cell("pairs held out") ?? "0"),
    bytes: number(bytes),
    sha256,
  };
}

function number(text: string): number {
  return Number(text.replaceAll(",", ""));
}
