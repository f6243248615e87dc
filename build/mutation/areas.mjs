/**
 * The areas that `npm run mutate` tests, each named after its folder. `tests` are the unit tests executed for each
 * mutant, which must be in-process and take seconds in total; `slow` excludes those that take longer.
 */
export const areas = [
  { folder: "extension/display", tests: ["test/unit/display/**/*.test.ts"], slow: [] },
  { folder: "extension/engine/goals", tests: ["test/unit/engine/goals/**/*.test.ts"], slow: [] },
  { folder: "extension/scores", tests: ["test/unit/scores/**/*.test.ts"], slow: [] },
  {
    folder: "extension/editor/documents/regions",
    tests: ["test/unit/editor/documents/regions/**/*.test.ts"],
    slow: ["test/unit/editor/documents/regions/shared-data.test.ts"],
  },
  { folder: "extension/engine/evaluation", tests: ["test/unit/engine/evaluation/**/*.test.ts"], slow: [] },
  {
    folder: "extension/engine/scoring",
    tests: ["test/unit/engine/scoring/**/*.test.ts"],
    // This test scores with the default model.
    slow: ["test/unit/engine/scoring/prefixes/prefix-reuse.test.ts"],
  },
];
