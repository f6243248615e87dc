/** Compares AdamW, clipping and schedules with PyTorch and transformers: test/fixtures/make_optimizer.py. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  AdamW,
  type AdamWSettings,
  gradientNorm,
  rateAt,
  type TrainedTensor,
} from "../../../../extension/engine/training/optimizer";
import type { Schedule } from "../../../../extension/protocol/train-settings";
import { root } from "../../../support/fixture";

interface Fixture {
  readonly adamw: AdamWSettings & {
    readonly learningRate: number;
    readonly maxNorm: number;
    readonly shapes: readonly (readonly number[])[];
    readonly start: readonly (readonly number[])[];
    readonly steps: readonly {
      readonly gradients: readonly (readonly number[])[];
      readonly norm: number;
      readonly values: readonly (readonly number[])[];
    }[];
  };
  readonly schedules: readonly {
    readonly schedule: Schedule;
    readonly steps: number;
    readonly warmup: number;
    readonly rates: readonly number[];
  }[];
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = JSON.parse(await readFile(join(root, "test/fixtures/optimizer.json"), "utf8"));
});

function startTensors(): TrainedTensor[] {
  const { shapes, start } = fixture.adamw;
  return start.map((values, i) => ({
    name: `tensor ${i}`,
    shape: shapes[i] ?? [],
    data: Float32Array.from(values),
  }));
}

function expectClose(tensors: readonly TrainedTensor[], values: readonly (readonly number[])[]): void {
  tensors.forEach(({ data }, i) => {
    expect(data.length).toBe(values[i]?.length);
    // Both store float32, but this optimizer computes in float64.
    for (const [k, value] of data.entries())
      expect(Math.abs(value - (values[i]?.[k] ?? 99))).toBeLessThan(2e-6);
  });
}

/** Gradient clipping as in the trainer. */
function factorOf(gradients: readonly Float32Array[], maxNorm: number): number {
  return Math.min(1, maxNorm / (gradientNorm(gradients) + 1e-6));
}

test("twenty clipped steps of AdamW equal PyTorch's; vectors do not decay", () => {
  const { steps, learningRate, maxNorm, ...settings } = fixture.adamw;
  const tensors = startTensors();
  const optimizer = new AdamW(tensors, settings);
  expect(steps.length).toBe(20);
  let clipped = 0;
  for (const { gradients, norm, values } of steps) {
    const own = gradients.map((gradient) => Float32Array.from(gradient));
    expect(gradientNorm(own)).toBeCloseTo(norm, 4);
    const factor = factorOf(own, maxNorm);
    if (factor < 1) clipped++;
    optimizer.step(own, factor, learningRate);
    expectClose(tensors, values);
  }
  expect(clipped).toBeGreaterThan(5);
  expect(clipped).toBeLessThan(20);
});

test("an optimizer that continues with the moments of another gives the same result", () => {
  const { steps, learningRate, maxNorm, ...settings } = fixture.adamw;
  const gradients = steps.map((step) => step.gradients.map((gradient) => Float32Array.from(gradient)));
  const tensors = startTensors();
  const first = new AdamW(tensors, settings);
  for (const own of gradients.slice(0, 10)) first.step(own, factorOf(own, maxNorm), learningRate);
  const second = new AdamW(tensors, settings, structuredClone(first.moments), 10);
  for (const own of gradients.slice(10)) second.step(own, factorOf(own, maxNorm), learningRate);
  expectClose(tensors, steps.at(-1)?.values ?? []);
});

describe("schedules", () => {
  test("cosine and linear equal those of transformers over one more step", () => {
    expect(fixture.schedules.length).toBe(6);
    for (const { schedule, steps, warmup, rates } of fixture.schedules) {
      expect(rates.length).toBe(steps);
      rates.forEach((rate, i) => {
        expect(rateAt(i + 1, steps, warmup, schedule)).toBeCloseTo(rate, 12);
      });
    }
  });

  test.each(["cosine", "linear", "constant"] as const)("%s rises to 1 over the warmup", (schedule) => {
    const rates = Array.from({ length: 100 }, (_, i) => rateAt(i + 1, 100, 0.1, schedule));
    expect(rates.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => (i + 1) / 10));
    if (schedule === "constant") expect(rates.slice(10)).toEqual(Array(90).fill(1));
    else {
      const falling = rates.slice(9);
      expect(falling).toEqual([...falling].sort((a, b) => b - a));
      expect(rates[99]).toBeGreaterThan(0);
      expect(rates[99]).toBeLessThan(0.012);
    }
  });
});
