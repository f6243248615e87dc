/** Helpers that read tokenizer.json, whose parts are objects that name their own type. */
import { SplitPreTokenizer } from "@huggingface/tokenizers";
import { InputError, messageOf } from "../errors";
import { Config } from "../model-folder/config";

/** Returns the objects of a list. Throws InputError if an entry is not an object. */
export function sections(config: Config, key: string): readonly Config[] {
  const value = config.values[key] ?? [];
  if (!Array.isArray(value)) throw config.fault(key, "a list");
  return value.map((entry: unknown, i) => {
    const found = new Config(config.place, { [`${key}[${i}]`]: entry }).section(`${key}[${i}]`);
    if (!found) throw config.fault(key, "a list of objects");
    return found;
  });
}

/** Returns the one of `values` that a key names, ignoring case. Throws InputError for any other value. */
export function oneOf<T extends string>(config: Config, key: string, values: readonly T[], fallback: T): T {
  const name = config.string(key, fallback);
  const found = values.find((value) => value.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw config.fault(key, `one of ${values.join(", ")}`);
  return found;
}

export function unsupported(config: Config, part: string, type: string): InputError {
  return new InputError(config.place, `the ${part} type ${type || "(none)"} is not supported`);
}

/** Converts `pattern`, which is {String} or {Regex} in Oniguruma syntax, to a global regular expression. */
export function patternOf(config: Config): RegExp {
  const given = config.section("pattern");
  if (given?.has("String")) {
    return new RegExp(given.string("String", "").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "gu");
  }
  if (!given?.has("Regex")) throw config.fault("pattern", "an object with String or Regex");
  const Regex = given.string("Regex", "");
  try {
    const { pattern } = new SplitPreTokenizer({ type: "Split", pattern: { Regex }, behavior: "Isolated" });
    if (pattern) return pattern;
  } catch (error) {
    throw new InputError(config.place, `its regular expression is not supported (${messageOf(error)})`);
  }
  throw new InputError(config.place, "its regular expression is empty");
}
