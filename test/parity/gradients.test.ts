/** Losses and gradients of whole training steps against PyTorch's, which make_gradient_fixtures.py wrote. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readDecoder } from "../../extension/engine/architecture/families";
import { Checkpoint } from "../../extension/engine/checkpoint/checkpoint";
import { readTensorAsFloats } from "../../extension/engine/checkpoint/float-tensor";
import { findRewardHead } from "../../extension/engine/checkpoint/reward-head";
import {
  readSafetensors,
  readTensor,
  type StoredTensor,
} from "../../extension/engine/checkpoint/safetensors";
import { type Batch, makeBatch, widthOf } from "../../extension/engine/training/batch";
import { packPair, rejectedPlace } from "../../extension/engine/training/packed-pair";
import { defaultLora, defaultLoss, type LossSettings } from "../../extension/engine/training/settings";
import { outputNames } from "../../extension/engine/training/training-graph";
import { GraphRunner, type Numbers } from "../support/training";
import { fixtureFolder } from "./fixture";

const folder = join(import.meta.dirname, "gradients");
const names = readdirSync(folder).map((file) => file.replace(".safetensors", ""));

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

  /** float32 holds 0.01 and its like only nearly. */
  async setting(name: string): Promise<number> {
    return Number((await this.number(name)).toPrecision(6));
  }

  #tensor(name: string): StoredTensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`the fixture has no ${name}`);
    return tensor;
  }
}

const float32 = { dtype: "float32" as const, tolerance: 1e-4 };
/** The fixtures themselves are rounded to float32. */
const float64 = { dtype: "float64" as const, tolerance: 3e-6 };

/** The runtime's Erf, which these models' GELU needs, knows float32 only. */
const hasErf = (name: string): boolean => name.startsWith("gpt-neox");

describe.each(names)("%s", (name) => {
  test.each(hasErf(name) ? [float32] : [float64, float32])(
    "losses and gradients are PyTorch's in $dtype",
    async ({ dtype, tolerance }) => {
      const fixture = await Fixture.read(name);
      const checkpoint = await Checkpoint.open(fixtureFolder(fixture.checkpoint));
      const decoder = readDecoder(checkpoint.config);
      const head = findRewardHead(checkpoint.tensors, decoder.shape.hiddenSize);
      const isLora = fixture.tensors.has("lora_alpha");
      const rank = [...fixture.tensors].find(([key]) => key.endsWith("lora_A.weight"))?.[1].shape[0] ?? 1;
      const runner = await GraphRunner.create(
        { checkpoint, decoder, head },
        {
          dtype,
          objective: "reward",
          method: isLora ? "lora" : "full",
          head: "linear",
          lora: { ...defaultLora, rank, alpha: isLora ? await fixture.number("lora_alpha") : 1 },
          loss: await lossOf(fixture),
        },
      );
      const parameters = new Map<string, Numbers>();
      for (const { name: own, start } of runner.graph.parameters) {
        const stored =
          fixture.tensors.get(published(own)) ?? (start.kind === "stored" ? start.tensor : undefined);
        if (!stored) throw new Error(`${own} has no values`);
        parameters.set(own, await readTensorAsFloats(stored));
      }
      const outputs = await runner.run(await batchOf(fixture), parameters);
      await runner.release();

      const close = (actual: Numbers | undefined, expected: Float32Array, scale: number): void => {
        if (!actual) throw new Error("an output is missing");
        expect(actual.length).toBe(expected.length);
        const worst = expected.reduce(
          (most, x, i) => Math.max(most, Math.abs(x - (actual[i] ?? Number.NaN))),
          0,
        );
        expect(worst / scale).toBeLessThan(tolerance);
      };
      for (const [output, key] of [
        [outputNames.loss, "loss"],
        [outputNames.rankingLoss, "ranking"],
        [outputNames.contrastiveLoss, "contrastive"],
        [outputNames.rewards, "rewards"],
      ] as const)
        close(outputs.get(output), await fixture.floats(key), 1);
      if ((await fixture.number("mu")) > 0)
        close(outputs.get(outputNames.lmLoss), await fixture.floats("lm"), await fixture.number("lm"));
      const gradients = [...fixture.tensors.keys()].filter((key) => key.startsWith("grad:"));
      expect(gradients.length).toBe(runner.graph.parameters.length);
      for (const { name: own } of runner.graph.parameters) {
        const expected = await fixture.floats(`grad:${published(own)}`);
        const size = Math.max(...expected.map(Math.abs));
        close(outputs.get(`gradient ${own}`), expected, size);
      }
    },
  );
});

/** As PEFT calls an adapter's tensors; other names are the checkpoint's. */
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

/** Both pairs as one batch, with the fixture's own state pairs put where the packed rows have them. */
async function batchOf(fixture: Fixture): Promise<Batch> {
  const prompts = await fixture.integers("prompt_lengths");
  const margins = await fixture.floats("margins");
  const rows = await Promise.all(
    Array.from(prompts, async (firstToken, i) =>
      packPair(
        {
          chosen: { ids: await fixture.integers(`chosen_${i}`), firstToken },
          rejected: { ids: await fixture.integers(`rejected_${i}`), firstToken },
          margin: margins[i] ?? 0,
        },
        true,
      ),
    ),
  );
  const width = widthOf(rows);
  const states = { positive: emptyPairs(), negative: emptyPairs() };
  for (const [b, row] of rows.entries()) {
    expect(row.trunk).toBeGreaterThan(prompts[b] ?? 0);
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
