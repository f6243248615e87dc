import { expect, test } from "vitest";
import {
  type SettingName,
  settingDefaults,
  settingNames,
  settingOf,
  settingProblemOf,
} from "../../../../extension/platform/settings/setting-values";

const wrong: readonly (readonly [SettingName, unknown])[] = [
  ...[-5, 0, 1, 7, 40.5, "lots", null, Number.MAX_SAFE_INTEGER + 1].map(
    (value) => ["maxLength", value] as const,
  ),
  ...["NaN", "0.1", 2, -7, 1, -1, Number.NaN].map((value) => ["threshold", value] as const),
  ...["paragraph", "", 3].map((value) => ["granularity", value] as const),
  ["device", "foo"],
  ["metric", "reward"],
  ["shading", "on"],
  ["liveDelay", -1],
  ["model", 3],
  ["modelFolders", "models"],
  ["modelFolders", ["models", 3]],
  ["codeLens", "yes"],
];

test.each(wrong)("the default replaces %s: %j, and the problem names both", (name, value) => {
  expect(settingOf(name, value)).toEqual(settingDefaults[name]);
  const { problem } = settingProblemOf(name, value) ?? {};
  expect(problem).toContain(`rewardInspector.${name} is ${JSON.stringify(value)}, `);
  expect(problem).toContain(`using ${JSON.stringify(settingDefaults[name])}`);
});

test("a whole number of tokens, a threshold, and every default are valid", () => {
  expect(settingOf("maxLength", 8)).toBe(8);
  expect(settingOf("threshold", -0.999)).toBe(-0.999);
  expect(settingOf("device", "cuda")).toBe("cuda");
  for (const name of settingNames) {
    expect(settingProblemOf(name, settingDefaults[name])).toBeUndefined();
    expect(settingProblemOf(name, undefined)).toBeUndefined();
  }
});
