/** Reads and checks the `vocab` of a BPE or WordPiece model. */
import { InputError } from "../../errors";
import type { Config } from "../../model-folder/config";

/** Reads `vocab` as an object of ids by token. Throws InputError if it is missing or an id is invalid. */
export function readVocabulary(config: Config): Map<string, number> {
  const vocab = config.section("vocab");
  if (!vocab) throw new InputError(config.place, "has no vocab");
  const ids = new Map<string, number>();
  for (const [token, id] of Object.entries(vocab.values)) {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0) throw vocab.fault(token, "an id");
    ids.set(token, id);
  }
  return ids;
}

export function highestId(vocabulary: ReadonlyMap<string, number>): number {
  let highest = -1;
  for (const id of vocabulary.values()) highest = Math.max(highest, id);
  return highest;
}
