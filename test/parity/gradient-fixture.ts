/** Reads a fixture of make_gradient_fixtures.py and runs its training step with the engine. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readDecoder } from "../../extension/engine/architecture/families/families";
import { findRewardHead } from "../../extension/engine/checkpoint/heads/reward-head";
import { Checkpoint } from "../../extension/engine/checkpoint/reading/checkpoint";
import { readTensorAsFloats } from "../../extension/engine/checkpoint/reading/float-tensor";
import {
  readSafetensors,
  readTensor,
  type StoredTensor,
} from "../../extension/engine/model-folder/safetensors";
import { type Batch, makeBatch, widthOf } from "../../extension/engine/training/graph/batch";
import { outputNames } from "../../extension/engine/training/graph/training-graph";
import { packPair, rejectedPlace, type Sequence } from "../../extension/engine/training/pairs/packed-pair";
import type { Provider } from "../../extension/protocol/models";
import { defaultLora, defaultLoss, type LossSettings } from "../../extension/protocol/train-settings";
import { GraphRunner, type Numbers } from "../support/training";
import { fixtureFolder } from "./fixture";

const folder = join(import.meta.dirname, "gradients");
export const gradientFixtures = readdirSync(folder).map((file) => file.replace(".safetensors", ""));

/** The absolute or relative difference of an output from PyTorch's. */
export interface OutputDifference {
  readonly output: string;
  readonly difference: number;
}

/**
 * Compares losses and rewards by absolute difference, the language-model loss by relative difference, and gradients
 * relative to the largest entry of each tensor. Throws if an output is missing or its size differs from PyTorch's.
 */
export async function gradientDifferences(
  name: string,
  dtype: "float32" | "float64",
  provider: Provider = "cpu",
): Promise<OutputDifference[]> {
  const fixture = await Fixture.read(name);
  const runner = await runnerOf(fixture, dtype, provider);
  const parameters = new Map<string, Numbers>();
  for (const { name: own, start } of runner.graph.parameters) {
    const stored =
      fixture.tensors.get(published(own)) ?? (start.kind === "stored" ? start.tensor : undefined);
    if (!stored) throw new Error(`${own} has no values`);
    parameters.set(own, await readTensorAsFloats(stored));
  }
  const outputs = await runner.run(await batchOf(fixture), parameters);
  await runner.release();

  const found: OutputDifference[] = [];
  const compare = (output: string, expected: Float32Array, scale: number): void => {
    const actual = outputs.get(output);
    if (actual?.length !== expected.length) throw new Error(`${output} is missing or has another size`);
    const worst = largest(expected.map((x, i) => x - (actual[i] ?? Number.NaN)));
    found.push({ output, difference: worst / scale });
  };
  compare(outputNames.loss, await fixture.floats("loss"), 1);
  compare(outputNames.rankingLoss, await fixture.floats("ranking"), 1);
  compare(outputNames.contrastiveLoss, await fixture.floats("contrastive"), 1);
  compare(outputNames.rewards, await fixture.floats("rewards"), 1);
  if ((await fixture.number("mu")) > 0)
    compare(outputNames.lmLoss, await fixture.floats("lm"), await fixture.number("lm"));
  const gradients = [...fixture.tensors.keys()].filter((key) => key.startsWith("grad:"));
  if (gradients.length !== runner.graph.parameters.length)
    throw new Error(`${gradients.length} gradients for ${runner.graph.parameters.length} parameters`);
  for (const { name: own } of runner.graph.parameters) {
    const expected = await fixture.floats(`grad:${published(own)}`);
    compare(`gradient ${own}`, expected, largest(expected));
  }
  return found;
}

/** The largest absolute value, or NaN if any value is NaN. */
function largest(values: Float32Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

class Fixture {
  private constructor(
    readonly tensors: ReadonlyMap<string, StoredTensor>,
    readonly checkpoint: string,
  ) {}

  static async read(name: string): Promise<Fixture> {
    const { tensors, metadata } = await readSafetensors(join(folder, `${name}.safetensors`));
    return new Fixture(tensors, metadata.checkpoint ?? name);
  }

  async integers(name: string): Promise<Int32Array> {
    return new Int32Array((await readTensor(this.#tensor(name))).buffer);
  }

  floats(name: string): Promise<Float32Array> {
    return readTensorAsFloats(this.#tensor(name));
  }

  async number(name: string): Promise<number> {
    const [value] = name === "average_goal" ? await this.integers(name) : await this.floats(name);
    return value ?? Number.NaN;
  }

  /** Rounds the scalar, because float32 stores values such as 0.01 only approximately. */
  async setting(name: string): Promise<number> {
    return Number((await this.number(name)).toPrecision(6));
  }

  #tensor(name: string): StoredTensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`the fixture has no ${name}`);
    return tensor;
  }
}

async function runnerOf(
  fixture: Fixture,
  dtype: "float32" | "float64",
  provider: Provider,
): Promise<GraphRunner> {
  const checkpoint = await Checkpoint.open(fixtureFolder(fixture.checkpoint));
  const decoder = readDecoder(checkpoint.config);
  const head = findRewardHead(checkpoint.tensors, decoder.shape.hiddenSize);
  const isLora = fixture.tensors.has("lora_alpha");
  const rank = [...fixture.tensors].find(([key]) => key.endsWith("lora_A.weight"))?.[1].shape[0] ?? 1;
  return GraphRunner.create(
    { checkpoint, decoder, head },
    {
      dtype,
      objective: "reward",
      method: isLora ? "lora" : "full",
      head: "linear",
      lora: { ...defaultLora, rank, alpha: isLora ? await fixture.number("lora_alpha") : 1 },
      loss: await lossOf(fixture),
    },
    provider,
  );
}

/** PEFT's name of an adapter's tensor, or the unchanged name of a checkpoint's tensor. */
function published(name: string): string {
  return /\.lora_[AB]$/.test(name) ? `base_model.model.${name}.weight` : name;
}

async function lossOf(fixture: Fixture): Promise<LossSettings> {
  return {
    ...defaultLoss,
    lambda: await fixture.setting("lambda"),
    lmWeight: await fixture.setting("mu"),
    rewardCentering: await fixture.setting("centering"),
    goal: (await fixture.number("average_goal")) === 1 ? "average" : "single",
  };
}

/** Packs both pairs into one batch, with the fixture's state pairs at their positions in the packed rows. */
async function batchOf(fixture: Fixture): Promise<Batch> {
  const prompts = await fixture.integers("prompt_lengths");
  const margins = await fixture.floats("margins");
  const side = async (name: string, firstToken: number): Promise<Sequence> => {
    const ids = await fixture.integers(name);
    return { ids, firstToken, rewardToken: ids.length - 1 };
  };
  const rows = await Promise.all(
    Array.from(prompts, async (firstToken, i) =>
      packPair(
        {
          chosen: await side(`chosen_${i}`, firstToken),
          rejected: await side(`rejected_${i}`, firstToken),
          margin: margins[i] ?? 0,
        },
        true,
      ),
    ),
  );
  const width = widthOf(rows);
  const states = { positive: emptyPairs(), negative: emptyPairs() };
  for (const [b, row] of rows.entries()) {
    if (row.trunk <= (prompts[b] ?? 0)) throw new Error("the completions must share a token");
    for (const kind of ["positive", "negative"] as const) {
      const flat = await fixture.integers(`${kind}_${b}`);
      for (let i = 0; i < flat.length; i += 2) {
        const [source, goal] = [flat[i] ?? 0, flat[i + 1] ?? 0];
        states[kind].sources.push(b * width + source);
        states[kind].goals.push(b * width + (kind === "negative" ? rejectedPlace(row, goal) : goal));
      }
    }
  }
  return makeBatch(rows, states);
}

function emptyPairs(): { sources: number[]; goals: number[] } {
  return { sources: [], goals: [] };
}
