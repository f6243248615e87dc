/** Typed access to config.json and similar files. Errors name the key that is missing or has the wrong type. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { InputError, messageOf } from "../errors";
import { isObject } from "../json";

export class Config {
  constructor(
    /** Name in error messages: `config.json`, `config.json rope_scaling`. */
    readonly place: string,
    readonly values: Readonly<Record<string, unknown>>,
  ) {}

  static async read(path: string): Promise<Config> {
    const place = basename(path);
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      throw new InputError(place, `cannot be read (${messageOf(error)})`);
    });
    let values: unknown;
    try {
      values = JSON.parse(text);
    } catch (error) {
      throw new InputError(place, `is not valid JSON (${messageOf(error)})`);
    }
    if (!isObject(values)) throw new InputError(place, "is not a JSON object");
    return new Config(place, values);
  }

  /** A positive integer. Keys after the first are alternative names. Throws InputError if all are missing. */
  size(...keys: [string, ...string[]]): number {
    const found = this.optionalSize(...keys);
    if (found === undefined) throw new InputError(this.place, `has no ${keys[0]}`);
    return found;
  }

  optionalSize(...keys: string[]): number | undefined {
    const key = keys.find((k) => this.has(k));
    if (key === undefined) return undefined;
    const value = this.values[key];
    if (typeof value !== "number" || !Number.isInteger(value) || value <= 0) {
      throw this.fault(key, "a positive integer");
    }
    return value;
  }

  /** Number of layers. Limited, because callers allocate arrays of that length. */
  layers(...keys: [string, ...string[]]): number {
    const layers = this.size(...keys);
    if (layers > 10_000) throw this.fault(keys.find((key) => this.has(key)) ?? keys[0], "at most 10000");
    return layers;
  }

  number(key: string, fallback: number): number {
    const value = this.values[key] ?? fallback;
    if (typeof value !== "number") throw this.fault(key, "a number");
    return value;
  }

  optionalNumber(key: string): number | undefined {
    return this.has(key) ? this.number(key, 0) : undefined;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.values[key] ?? fallback;
    if (typeof value !== "boolean") throw this.fault(key, "true or false");
    return value;
  }

  string(key: string, fallback: string): string {
    const value = this.values[key] ?? fallback;
    if (typeof value !== "string") throw this.fault(key, "a string");
    return value;
  }

  numbers(key: string): readonly number[] | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((n) => typeof n === "number"))
      throw this.fault(key, "a list of numbers");
    return value;
  }

  strings(key: string): readonly string[] | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((s) => typeof s === "string"))
      throw this.fault(key, "a list of strings");
    return value;
  }

  /** A nested object; undefined if the key is missing or null. */
  section(key: string): Config | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.fault(key, "an object");
    return new Config(`${this.place} ${key}`, value);
  }

  /** A copy with `defaults` for missing keys; null is kept. */
  with(defaults: Readonly<Record<string, unknown>>): Config {
    return new Config(this.place, { ...defaults, ...this.values });
  }

  /** Whether a key is present and not null, which is how transformers writes "not set". */
  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  fault(key: string, expected: string): InputError {
    return new InputError(this.place, `${key} is ${JSON.stringify(this.values[key])}, expected ${expected}`);
  }
}
