/** Rotary position embeddings and their length scalings, as in transformers' modeling_rope_utils. */

import { InputError } from "../errors";
import type { Config } from "../model-folder/config";

export interface RopeOptions {
  /** Rotated dimensions of a head; must be even. */
  readonly dim: number;
  readonly theta: number;
  /** The `rope_parameters` (formerly `rope_scaling`) section; undefined if the config has none. */
  readonly scaling: Config | undefined;
  readonly maxPositions: number;
  /** Name of the config in error messages. */
  readonly place: string;
}

/** cos and sin of the angles: [T, dim/2], row-major. */
export interface RopeTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

export class Rope {
  /** Width of a table row: half the rotated dimensions. */
  readonly half: number;
  #tables = new Map<boolean, RopeTables>();

  private constructor(
    private readonly frequencies: readonly number[],
    /** Attention temperature, which some scalings fold into cos and sin. */
    private readonly magnitude: number,
    /** LongRoPE: a sequence longer than this uses `longFrequencies` for all of its tokens. */
    readonly switchLength: number,
    private readonly longFrequencies: readonly number[],
  ) {
    this.half = frequencies.length;
  }

  static from({ dim, theta, scaling, maxPositions, place }: RopeOptions): Rope {
    if (dim < 2 || dim % 2 !== 0)
      throw new InputError(place, `rotates ${dim} dimensions of a head, expected an even number`);
    const plain = Array.from({ length: dim / 2 }, (_, i) => frequencyOf(theta, (2 * i) / dim));
    const simple = (frequencies: readonly number[], magnitude = 1): Rope =>
      new Rope(frequencies, magnitude, Number.POSITIVE_INFINITY, frequencies);
    const type = scaling?.string("rope_type", scaling.string("type", "default")) ?? "default";
    // Dynamic scaling starts after maxPositions, and longer sequences are not scored.
    if (!scaling || type === "default" || type === "dynamic") return simple(plain);
    const original = scaling.optionalSize("original_max_position_embeddings") ?? maxPositions;
    const factor = scaling.number("factor", maxPositions / original);
    switch (type) {
      case "linear":
        return simple(plain.map((f) => f / scaling.number("factor", 1)));
      case "llama3":
        return simple(plain.map((f) => llama3Frequency(f, scaling, original)));
      case "yarn":
        return simple(
          yarnFrequencies(plain, theta, scaling, original, factor),
          yarnMagnitude(scaling, factor),
        );
      case "longrope":
      case "su": {
        const [short, long] = (["short_factor", "long_factor"] as const).map((key) => {
          const factors = scaling.numbers(key);
          if (factors?.length !== plain.length) throw scaling.fault(key, `${plain.length} numbers`);
          return plain.map((f, i) => f / (factors[i] ?? 1));
        });
        return new Rope(
          short ?? plain,
          longropeMagnitude(scaling, original, factor),
          original,
          long ?? plain,
        );
      }
      default:
        throw new InputError(
          scaling.place,
          `rope_type "${type}" is not supported. Supported: default, dynamic, linear, llama3, yarn, longrope`,
        );
    }
  }

  /** Tables of the first `rows` positions, for sequences of up to `length` tokens. Calls share memory: do not write. */
  tables(length: number, rows = length): RopeTables {
    const isLong = length > this.switchLength;
    let tables = this.#tables.get(isLong);
    if (!tables || tables.cos.length < rows * this.half) {
      tables = this.#compute(
        isLong ? this.longFrequencies : this.frequencies,
        2 ** Math.ceil(Math.log2(rows)),
      );
      this.#tables.set(isLong, tables);
    }
    const end = rows * this.half;
    return { cos: tables.cos.subarray(0, end), sin: tables.sin.subarray(0, end) };
  }

  #compute(frequencies: readonly number[], length: number): RopeTables {
    const cos = new Float32Array(length * this.half);
    const sin = new Float32Array(length * this.half);
    frequencies.forEach((frequency, i) => {
      const f = Math.fround(frequency);
      for (let t = 0; t < length; t++) {
        const angle = Math.fround(t * f);
        cos[t * this.half + i] = Math.cos(angle) * this.magnitude;
        sin[t * this.half + i] = Math.sin(angle) * this.magnitude;
      }
    });
    return { cos, sin };
  }
}

/** 1 / theta^exponent, rounded to float32 after each operation as in PyTorch: one bit of error grows with position. */
function frequencyOf(theta: number, exponent: number): number {
  return Math.fround(1 / Math.fround(theta ** Math.fround(exponent)));
}

/** Llama 3.1 scaling: divides low frequencies by the factor, keeps high ones, and blends those in between. */
function llama3Frequency(frequency: number, scaling: Config, original: number): number {
  const factor = scaling.number("factor", 8);
  const low = scaling.number("low_freq_factor", 1);
  const high = scaling.number("high_freq_factor", 4);
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength < original / high) return frequency;
  if (wavelength > original / low) return frequency / factor;
  const blend = (original / wavelength - low) / (high - low);
  return ((1 - blend) * frequency) / factor + blend * frequency;
}

/** YaRN (arXiv 2309.00071): interpolates low frequencies, keeps high ones, with a linear ramp in between. */
function yarnFrequencies(
  plain: readonly number[],
  theta: number,
  scaling: Config,
  original: number,
  factor: number,
): readonly number[] {
  const dim = plain.length * 2;
  const correctionDim = (rotations: number): number =>
    (dim * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  let low = correctionDim(scaling.number("beta_fast", 32));
  let high = correctionDim(scaling.number("beta_slow", 1));
  if (scaling.flag("truncate", true)) [low, high] = [Math.floor(low), Math.ceil(high)];
  low = Math.max(low, 0);
  high = Math.min(high, dim - 1);
  if (low === high) high += 0.001;
  return plain.map((frequency, i) => {
    const slow = Math.min(1, Math.max(0, (i - low) / (high - low)));
    return (frequency / factor) * slow + frequency * (1 - slow);
  });
}

function yarnMagnitude(scaling: Config, factor: number): number {
  if (scaling.has("attention_factor")) return scaling.number("attention_factor", 1);
  const temperature = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  if (scaling.number("mscale", 0) && scaling.number("mscale_all_dim", 0)) {
    return temperature(scaling.number("mscale", 1)) / temperature(scaling.number("mscale_all_dim", 1));
  }
  return temperature(1);
}

function longropeMagnitude(scaling: Config, original: number, factor: number): number {
  if (scaling.has("attention_factor")) return scaling.number("attention_factor", 1);
  return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
}
