/** sweep.json and sweep.md: the results of a sweep, and how they were obtained. */
import { basename, join } from "node:path";
import { count } from "../../display/wording";
import { refuseSources } from "../../engine/file-target";
import { writeWhole } from "../../engine/files";
import { meansOf, type SweepRow, sweepMarkdown } from "./table";

const sweepFiles = ["sweep.json", "sweep.md"] as const;

export interface SweepFacts {
  readonly data: string;
  /** What the runs start from, in words. */
  readonly start: string;
  readonly seeds: number;
  /** Test set of the finished models. */
  readonly test: string | undefined;
}

/** Throws InputError if a sweep in this folder would overwrite a file that it reads. */
export async function checkSweepFiles(folder: string, sources: readonly string[]): Promise<void> {
  for (const name of sweepFiles) await refuseSources(join(folder, name), sources);
}

/** Writes both files into a folder, each whole. */
export async function writeSweep(
  folder: string,
  rows: readonly SweepRow[],
  facts: SweepFacts,
): Promise<void> {
  const title = `Sweep over ${basename(facts.data)}`;
  const texts = [`${sweepJson(rows, facts)}\n`, sweepMarkdown(rows, title, sweepNotes(facts))];
  for (const [i, name] of sweepFiles.entries())
    await writeWhole(join(folder, name), (file) => file.write(texts[i] ?? ""));
}

export function sweepJson(rows: readonly SweepRow[], facts: SweepFacts): string {
  const combinations = rows.map((row) => ({ ...row, means: meansOf(row) }));
  return JSON.stringify({ ...facts, combinations }, undefined, 2);
}

/** What a reader needs to know about the table. */
export function sweepNotes({ data, start, seeds, test }: SweepFacts): string[] {
  const held = "Accuracy, losses and margin are from each run's best evaluation on held-out pairs";
  return [
    `Trained on ${data} from ${start}, ${count(seeds, "seed")} each. ${held}${test === undefined ? "" : `; the test set is ${test}`}.`,
    ...(seeds > 1
      ? [
          "± is half of the 95% interval of the mean over seeds (Student's t). The seed also determines which prompts are held " +
            "out; gain is the accuracy minus that of the first line with the same seed, so it does not depend on them.",
        ]
      : []),
  ];
}
