/**
 * The areas that `npm run mutate` tests. An area is named after its folder. `tests` are the unit tests that are near
 * enough to be run for each mutant: in-process, and seconds in all; `slow` are those among them that are not. To add
 * an area, add a line.
 */
export const areas = [
  { folder: "extension/display", tests: ["test/unit/display/**/*.test.ts"], slow: [] },
  { folder: "extension/engine/goals", tests: ["test/unit/engine/goals/**/*.test.ts"], slow: [] },
  { folder: "extension/engine/evaluation", tests: ["test/unit/engine/evaluation/**/*.test.ts"], slow: [] },
  {
    folder: "extension/engine/scoring",
    tests: ["test/unit/engine/scoring/**/*.test.ts"],
    // Scores with the default model.
    slow: ["test/unit/engine/scoring/prefixes/prefix-reuse.test.ts"],
  },
];
