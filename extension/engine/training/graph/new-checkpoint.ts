/** Creates a model with random weights from a config.json. */
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkCanBeNew, readDecoder } from "../../architecture/families/families";
import { newWeights } from "../../architecture/new-weights";
import { type NewTensor, writeSafetensors } from "../../checkpoint/publishing/safetensors-writer";
import { InputError, messageOf } from "../../errors";
import { UnwrittenFile } from "../../files";
import { Config } from "../../model-folder/config";
import { randomSequence } from "../../random";
import { normalNumber } from "../random-draws";

/** Standard deviation of new weights if config.json has no initializer_range; the default of transformers. */
const defaultDeviation = 0.02;

/**
 * Writes a complete model folder: the given config.json, the tokenizer files from its folder, and weights drawn from
 * N(0, initializer_range²), with norm weights at 1. Throws InputError if there is no tokenizer.json or if new models of
 * this family cannot be created.
 */
export async function createCheckpoint(config: string, folder: string, seed: number): Promise<void> {
  const settings = await Config.read(config);
  checkCanBeNew(settings);
  const decoder = readDecoder(settings);
  const deviation = settings.number("initializer_range", defaultDeviation);
  const random = randomSequence(seed);
  const tensors: Record<string, NewTensor> = {};
  for (const { name, shape } of newWeights(decoder)) {
    const data = new Float32Array(shape.reduce((count, dim) => count * dim, 1));
    if (name.endsWith("norm.weight")) data.fill(1);
    else for (let i = 0; i < data.length; i++) data[i] = deviation * normalNumber(random);
    tensors[`model.${name}`] = { shape, data };
  }
  const source = dirname(config);
  const files = (await readdir(source)).filter((file) =>
    /^(tokenizer.*|special_tokens_map|chat_template)\.(json|jinja)$/.test(file),
  );
  if (!files.includes("tokenizer.json"))
    throw new InputError(source, "has no tokenizer.json; put the tokenizer's files next to config.json");
  try {
    await mkdir(folder, { recursive: true });
    for (const file of files) await copyFile(join(source, file), join(folder, file));
    await copyFile(config, join(folder, "config.json"));
  } catch (error) {
    throw new UnwrittenFile(folder, `could not be written (${messageOf(error)})`);
  }
  await writeSafetensors(join(folder, "model.safetensors"), tensors, { format: "pt" });
}
