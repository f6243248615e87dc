import type { ScoredDocuments } from "../editor/scores/scored-documents";
import type { Preferences } from "../platform/settings/preferences";
import { activeEditor } from "./register";
import { scoreDocument } from "./run-model";

/** Highlight Low-Q Tokens: switches between shading only low tokens and shading all tokens. */
export async function toggleLowTokens(documents: ScoredDocuments, preferences: Preferences): Promise<void> {
  const { document } = activeEditor();
  const isScored = documents.get(document) !== undefined;
  const isLow = isScored && preferences.chosen.shading === "low";
  await preferences.choose({ shading: isLow ? "heat" : "low" });
  if (!isScored) await scoreDocument(documents, document);
}
