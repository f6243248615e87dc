/** Texts of a document's regions, for tests. */
import { type RegionOptions, regionsOf } from "../../../../../extension/editor/documents/regions/documents";
import type { DocumentKind, Region } from "../../../../../extension/editor/documents/regions/region";

/** Returns all regions of a document; throws if one is a BadRegion. */
export function goodRegions(kind: DocumentKind, text: string, options?: RegionOptions): Region[] {
  return regionsOf(kind, text, "a.txt", options).map((region) => {
    if ("problem" in region) throw new Error(region.problem);
    return region;
  });
}

/** Returns the document's characters of each completion's texts. */
export function completionsIn(text: string, regions: readonly Region[]): string[][] {
  return regions.map(({ start, completions }) =>
    completions.flatMap(({ texts }) =>
      texts.map((placed) => text.slice(start + placed.at(0), start + placed.at(placed.text.length))),
    ),
  );
}

export function promptsIn(text: string, regions: readonly Region[]): string[][] {
  return regions.map(({ start, prompt }) =>
    prompt.map((range) => text.slice(start + range.start, start + range.end)),
  );
}
