/** What a run of the bench is told. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export interface Settings {
  readonly model: string;
  /** A Python with requirements.txt installed. */
  readonly python: string;
  /** JSONL of problems and solutions; absent: neither named nor in its usual place. */
  readonly data: string | undefined;
  /** Where @huggingface/transformers is installed, and its export of the model; absent: not measured. */
  readonly transformersJs: { readonly folder: string; readonly exported: string } | undefined;
  /** Of every peer. The engine takes all cores by itself, so this should be their number. */
  readonly threads: number;
  readonly rounds: number;
  /** Seconds that a turn may wait, and be taken again, while other work disturbs it. */
  readonly patience: number;
  /** Of the whole processes, which run longer. */
  readonly fileRounds: number;
  /** Rows of the file that is scored end to end. */
  readonly fileRows: number;
  readonly parts: readonly Part[];
}

export const parts = ["peak", "batches", "file"] as const;
export type Part = (typeof parts)[number];

const usualData = "../shared/data/gsm8k_solutions.dev.jsonl.gz";

/** root: the project's folder. */
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
  if (model === undefined) throw new Error("name a reward model's folder with --model");
  if ((transformersjs === undefined) !== (exported === undefined))
    throw new Error("--transformersjs (where it is installed) and --exported (the model for it) go together");
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
