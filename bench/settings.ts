/** Reads the command line of the scoring benchmark. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export interface Settings {
  readonly model: string;
  /** Path of a Python that has requirements.txt installed. */
  readonly python: string;
  /** JSONL file of problems and solutions; undefined if it is neither given nor at the default path. */
  readonly data: string | undefined;
  /** Folder with @huggingface/transformers installed, and the exported model; if undefined, it is not measured. */
  readonly transformersJs: { readonly folder: string; readonly exported: string } | undefined;
  /** Number of threads per peer; it should be the number of cores, because the engine uses all of them. */
  readonly threads: number;
  readonly rounds: number;
  /** Seconds that a turn may spend waiting and retrying while other work disturbs it. */
  readonly patience: number;
  /** Number of rounds of the whole processes, which take longer. */
  readonly fileRounds: number;
  /** Number of rows in the file that is scored end to end. */
  readonly fileRows: number;
  readonly parts: readonly Part[];
}

export const parts = ["peak", "batches", "file"] as const;
export type Part = (typeof parts)[number];

const usualData = "../shared/data/gsm8k_solutions.dev.jsonl.gz";

/** @param root folder of the project */
export function readSettings(root: string): Settings {
  const { values } = parseArgs({
    options: {
      model: { type: "string", short: "m" },
      python: { type: "string", default: "python3" },
      data: { type: "string" },
      transformersjs: { type: "string" },
      exported: { type: "string" },
      threads: { type: "string", default: "2" },
      rounds: { type: "string", default: "5" },
      patience: { type: "string", default: "60" },
      "file-rounds": { type: "string", default: "3" },
      "file-rows": { type: "string", default: "100" },
      only: { type: "string", multiple: true },
    },
  });
  const { model, transformersjs, exported } = values;
  if (model === undefined) throw new Error("specify a reward model folder with --model");
  if ((transformersjs === undefined) !== (exported === undefined))
    throw new Error(
      "--transformersjs (folder where it is installed) and --exported (model for it) must be used together",
    );
  const usual = join(root, usualData);
  return {
    model: resolve(model),
    python: values.python,
    data: values.data ?? (existsSync(usual) ? usual : undefined),
    transformersJs:
      transformersjs === undefined || exported === undefined
        ? undefined
        : { folder: resolve(transformersjs), exported: resolve(exported) },
    threads: Number(values.threads),
    rounds: Number(values.rounds),
    patience: Number(values.patience),
    fileRounds: Number(values["file-rounds"]),
    fileRows: Number(values["file-rows"]),
    parts: values.only ? parts.filter((part) => values.only?.includes(part)) : parts,
  };
}
