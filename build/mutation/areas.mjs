/**
 * The areas that `npm run mutate` tests. An area is named after its folder. `tests` are the unit tests that are near
 * enough to be run for each mutant: in-process, and seconds in all. `without` names files that no such test can hold,
 * with the reason beside them. To add an area, add a line.
 */
export const areas = [
  { folder: "extension/tokens", tests: ["test/unit/tokens/**/*.test.ts"], without: [] },
  {
    folder: "extension/engine/evaluation",
    tests: ["test/unit/engine/evaluation/**/*.test.ts"],
    without: [],
  },
  {
    folder: "extension/engine/scoring",
    tests: ["test/unit/engine/scoring/**/*.test.ts"],
    without: [],
  },
];
