/** Which files of a workspace are likely datasets. Pure. */
import { basename } from "node:path";

/** For VS Code's search and file dialog. */
export const datasetEndings = ["jsonl", "ndjson", "json", "parquet", "csv", "tsv", "gz"] as const;

const endings = /\.(?:jsonl|ndjson|json|parquet|csv|tsv)(?:\.gz)?$/i;
/** JSON that is something else: settings of tools, and the files beside a model. */
const others =
  /^(?:package(?:-lock)?|tsconfig.*|jsconfig.*|.*config|tokenizer.*|special_tokens_map|added_tokens|vocab|.*\.index|run|trainer_state|reward_quantiles|biome|composer|deno|launch|tasks|settings|extensions)\.json$|^metrics\.jsonl$|^\./i;

/** By its name, which is all that is looked at. */
export function isDatasetName(path: string): boolean {
  const name = basename(path);
  return endings.test(name) && !others.test(name);
}

/** Name of a dataset without its endings: `pairs` of `data/pairs.jsonl.gz`. */
export function stemOf(path: string): string {
  return basename(path).replace(endings, "");
}
