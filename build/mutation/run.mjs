/**
 * Mutation testing: reports small changes of the code that no unit test detects. `npm run mutate` tests every area in
 * areas.mjs, `npm run mutate -- display evaluation` some areas, `npm run mutate -- extension/display/metric.ts` one
 * file. Reports and results are written to reports/mutation/; later calls test only what has changed, unless `--fresh`
 * is given. Fails if fewer than 85% of the mutants of an area are killed.
 */
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { areas } from "./areas.mjs";

const leastKilled = 85;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: "string" }, fresh: { type: "boolean", default: false } },
});
process.chdir(join(import.meta.dirname, "../.."));

const wanted = positionals.length > 0 ? positionals.map(found) : areas.map((area) => ({ area }));
const results = [];
for (const { area, file } of wanted) results.push(await mutate(area, file));
for (const { name, killed, valid, ignored } of results)
  console.log(
    `${name}: ${killed} of ${valid} mutants killed (${((100 * killed) / valid).toFixed(1)}%), ${ignored} ignored`,
  );
if (results.some(({ killed, valid }) => 100 * killed < leastKilled * valid)) process.exitCode = 1;

/** Finds an area by its name or by one of its files. */
function found(argument) {
  const area = areas.find(({ folder }) => basename(folder) === argument || argument.startsWith(`${folder}/`));
  if (area) return { area, file: argument.includes("/") ? argument : undefined };
  console.error(
    `${argument}: unknown area. Areas: ${areas.map(({ folder }) => basename(folder)).join(", ")}`,
  );
  process.exit(1);
}

async function mutate({ folder, tests, slow }, file) {
  const name = basename(folder);
  const report = `reports/mutation/${name}`;
  if (values.fresh) await rm(`${report}.incremental.json`, { force: true });
  process.env.MUTATION_TESTS = JSON.stringify({ include: tests, exclude: slow });
  const stryker = new Stryker({
    mutate: [file ?? `${folder}/**/*.ts`],
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "build/mutation/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    incremental: true,
    incrementalFile: `${report}.incremental.json`,
    reporters: ["clear-text", "html"],
    clearTextReporter: { reportTests: false, allowColor: false },
    htmlReporter: { fileName: `${report}.html` },
    // Only what the unit tests read is copied. Stryker cannot rewrite tsconfig.json with TypeScript 7.
    ignorePatterns: [
      "*",
      "!build/mutation/**",
      "!extension/**",
      "!models/**",
      "!test/{unit,support,fixtures}/**",
      "!package.json",
    ],
    // Generous, because a timeout on a busy machine would count as a killed mutant.
    timeoutMS: 10_000,
    tempDirName: "reports/mutation/copies",
    disableTypeChecks: false,
    ...(values.concurrency ? { concurrency: Number(values.concurrency) } : {}),
  });
  const mutants = await stryker.runMutationTest();
  const count = (...states) => mutants.filter(({ status }) => states.includes(status)).length;
  const killed = count("Killed", "Timeout");
  return {
    name: file ?? name,
    killed,
    valid: killed + count("Survived", "NoCoverage"),
    ignored: count("Ignored"),
  };
}
