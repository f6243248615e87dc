/** `--grid lambda=0,0.5 --grid head=linear,mlp`: the combinations of settings that a sweep trains. */
import { CommanderError, InvalidArgumentError, type Option } from "commander";
import { settingOptions } from "../flags/setting-flags";
import type { SettingFlags } from "../flags/train-settings";

/** One flag and the values that it takes in turn. */
export interface Axis {
  /** Name as typed, without the dashes: `goal-window`. */
  readonly flag: string;
  /** Name of its property in SettingFlags. */
  readonly attribute: string;
  readonly values: readonly { readonly text: string; readonly value: unknown }[];
}

export interface Combination {
  /** Used as a folder name. */
  readonly name: string;
  /** Values that this combination sets, as typed, by flag. */
  readonly chosen: Readonly<Record<string, string>>;
  /** All flags, including those that the combination sets. */
  readonly flags: SettingFlags;
}

/** Flags that have no effect without the contrastive loss. */
const contrastiveFlags = [
  "samples",
  "goal-strategy",
  "negatives",
  "all-pairs",
  "source-window",
  "goal-window",
];

/** Parses `--grid` for commander. Values are checked by the parsers of their own flags. */
export function gridAxis(text: string, previous: readonly Axis[] = []): Axis[] {
  const [flag = "", list] = text.split("=", 2);
  const option = settingOptions().find((one) => one.name() === flag);
  if (!option || flag === "seed" || list === undefined)
    throw new InvalidArgumentError("It must look like lambda=0,0.5, with the name of a setting's flag.");
  if (previous.some((axis) => axis.flag === flag))
    throw new InvalidArgumentError(`${flag} is given twice; list all of its values at once.`);
  const values = list.split(",").map((value) => ({ text: value, value: parsed(option, value) }));
  if (new Set(values.map(({ value }) => JSON.stringify(value))).size < values.length)
    throw new InvalidArgumentError("It lists a value twice.");
  return [...previous, { flag, attribute: option.attributeName(), values }];
}

function parsed(option: Option, text: string): unknown {
  if (option.isBoolean()) {
    if (text !== "true" && text !== "false")
      throw new InvalidArgumentError(`${option.name()} must be true or false.`);
    return text === "true";
  }
  try {
    return option.parseArg?.(text, undefined);
  } catch (error) {
    throw error instanceof CommanderError
      ? new InvalidArgumentError(`${option.name()} ${text}: ${error.message}`)
      : error;
  }
}

/**
 * Every combination once, baselines (lambda 0) first. A baseline ignores the settings of the contrastive loss,
 * so combinations that differ only in those are merged.
 */
export function combinations(axes: readonly Axis[], flags: SettingFlags): Combination[] {
  const all = axes.reduce<Combination[]>(
    (before, axis) => before.flatMap((combination) => extended(combination, axis)),
    [{ name: "", chosen: {}, flags }],
  );
  const byName = new Map<string, Combination>();
  for (const { chosen, flags: own } of all) {
    const kept = Object.entries(chosen).filter(
      ([flag]) => own.lambda > 0 || !contrastiveFlags.includes(flag),
    );
    const name = kept.map(([flag, text]) => `${flag}-${text.replace(/[^\w.]+/g, "-")}`).join("-") || "run";
    if (!byName.has(name)) byName.set(name, { name, chosen: Object.fromEntries(kept), flags: own });
  }
  return [...byName.values()].sort((a, b) => Number(a.flags.lambda > 0) - Number(b.flags.lambda > 0));
}

function extended({ name, chosen, flags }: Combination, { flag, attribute, values }: Axis): Combination[] {
  return values.map(({ text, value }) => ({
    name,
    chosen: { ...chosen, [flag]: text },
    flags: { ...flags, [attribute]: value },
  }));
}
