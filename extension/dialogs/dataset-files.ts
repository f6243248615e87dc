/** Recognizes datasets by their file names. Pure. */
import { basename } from "node:path";

/** File extensions for VS Code's search and file dialog. */
export const datasetEndings = ["jsonl", "ndjson", "json", "parquet", "csv", "tsv", "gz"] as const;

const endings = /\.(?:jsonl|ndjson|json|parquet|csv|tsv)(?:\.gz)?$/i;
/** JSON files that are not datasets: settings of tools, and files of models and runs. */
const others =
  /^(?:package(?:-lock)?|tsconfig.*|jsconfig.*|.*config|tokenizer.*|special_tokens_map|added_tokens|vocab|.*\.index|run|trainer_state|reward_quantiles|biome|composer|deno|launch|tasks|settings|extensions)\.json$|^metrics\.jsonl$|^\./i;

/** Whether a file is probably a dataset, judging by its name alone. */
export function isDatasetName(path: string): boolean {
  const name = basename(path);
  return endings.test(name) && !others.test(name);
}

/** Name of a dataset without its file extensions: `pairs` for `data/pairs.jsonl.gz`. */
export function stemOf(path: string): string {
  return basename(path).replace(endings, "");
}
