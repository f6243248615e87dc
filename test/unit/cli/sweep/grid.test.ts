import { Command, InvalidArgumentError } from "commander";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addTrainingFlags } from "../../../../extension/cli/flags/train-flags";
import type { SettingFlags } from "../../../../extension/cli/flags/train-settings";
import { type Axis, combinations, gridAxis } from "../../../../extension/cli/sweep/grid";

function flags(...args: string[]): SettingFlags {
  return addTrainingFlags(new Command("sweep")).parse(args, { from: "user" }).opts<SettingFlags>();
}

function grid(...texts: string[]): Axis[] {
  return texts.reduce<Axis[]>((axes, text) => gridAxis(text, axes), []);
}

test("every combination is included, with values parsed like those of the flags", () => {
  const found = combinations(grid("head=linear,mlp", "goal-window=0:1,0.9:1"), flags("--lambda", "0.9"));
  expect(found.map(({ name }) => name)).toEqual([
    "head-linear-goal-window-0-1",
    "head-linear-goal-window-0.9-1",
    "head-mlp-goal-window-0-1",
    "head-mlp-goal-window-0.9-1",
  ]);
  expect(found[3]?.chosen).toEqual({ head: "mlp", "goal-window": "0.9:1" });
  expect(found[3]?.flags).toEqual(flags("--lambda", "0.9", "--head", "mlp", "--goal-window", "0.9:1"));
});

test("the baseline comes first and once, whatever the settings of the contrastive loss", () => {
  const found = combinations(grid("samples=8,16", "lambda=0.5,0", "all-pairs=false,true"), flags());
  expect(found.map(({ name }) => name)).toEqual([
    "lambda-0",
    "samples-8-lambda-0.5-all-pairs-false",
    "samples-8-lambda-0.5-all-pairs-true",
    "samples-16-lambda-0.5-all-pairs-false",
    "samples-16-lambda-0.5-all-pairs-true",
  ]);
  expect(found[2]?.flags.allPairs).toBe(true);
});

test("without a grid, the given flags are the only combination", () => {
  expect(combinations([], flags())).toEqual([{ name: "run", chosen: {}, flags: flags() }]);
});

test("for any grid, every effective combination is included once", () => {
  const values = {
    lambda: ["0", "0.1", "0.5"],
    samples: ["4", "8", "16"],
    head: ["linear", "mlp"],
    "goal-strategy": ["single", "average", "random"],
    "learning-rate": ["1e-3", "2e-3"],
  };
  const names = Object.keys(values) as (keyof typeof values)[];
  const axis = fc
    .constantFrom(...names)
    .chain((name) => fc.tuple(fc.constant(name), fc.subarray(values[name], { minLength: 1 })));
  const axes = fc.uniqueArray(axis, { selector: ([name]) => name, maxLength: 5 });
  fc.assert(
    fc.property(axes, fc.constantFrom("0", "0.5"), (chosen, lambda) => {
      const base = flags("--lambda", lambda);
      const found = combinations(grid(...chosen.map(([name, list]) => `${name}=${list.join(",")}`)), base);
      const all = chosen.reduce<Record<string, string>[]>(
        (before, [name, list]) => before.flatMap((one) => list.map((value) => ({ ...one, [name]: value }))),
        [{}],
      );
      const effective = all.map((one) => {
        if ((one.lambda ?? lambda) !== "0") return JSON.stringify(one);
        const { samples, "goal-strategy": goal, ...rest } = one;
        return JSON.stringify(rest);
      });
      expect(found.map((one) => JSON.stringify(one.chosen)).sort()).toEqual([...new Set(effective)].sort());
      expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
      const isBaseline = found.map((one) => one.flags.lambda === 0);
      expect(isBaseline).toEqual([...isBaseline].sort((a, b) => Number(b) - Number(a)));
    }),
  );
});

test.each([
  ["lambda", "It must look like lambda=0,0.5"],
  ["lambda=", "It must be a number of 0 or more"],
  ["lambda=0,-1", "lambda -1: It must be a number of 0 or more"],
  ["goal-window=0:1,1:0", "goal-window 1:0: It must be two shares"],
  ["head=linear,deep", "head deep: Allowed choices are linear, mlp"],
  ["all-pairs=yes", "all-pairs must be true or false"],
  ["lambda=0.5,0.50", "lists a value twice"],
  ["color=red", "with the name of a setting's flag"],
  ["seed=1,2", "with the name of a setting's flag"],
])("--grid %s is refused", (text, message) => {
  expect(() => grid(text)).toThrow(InvalidArgumentError);
  expect(() => grid(text)).toThrow(message);
});

test("a flag given twice is refused", () => {
  expect(() => grid("lambda=0", "lambda=1")).toThrow("lambda is given twice");
});
