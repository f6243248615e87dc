/** The search for the next low span, through rows that may not be scored yet. Pure. */

export type SearchDirection = "next" | "previous";

/** Rows in the order of the search. */
export interface Pass<Row> {
  /** The rows of a group are scored together. */
  readonly groups: Iterable<readonly Row[]>;
  /** Whether a span that begins at this offset counts. */
  readonly accepts: (start: number) => boolean;
}

export interface SearchOptions<Row> {
  readonly passes: readonly Pass<Row>[];
  readonly direction: SearchDirection;
  /** Offsets at which the row's low spans begin, ascending; undefined if the row is not scored yet. */
  readonly startsIn: (row: Row) => readonly number[] | undefined;
  /** Scores rows; resolves with false if it will not score any more. */
  readonly score: (rows: readonly Row[]) => Promise<boolean>;
}

/** `none` if all rows were searched; `stopped` if the next row is not scored. */
export type SearchOutcome =
  | { readonly kind: "found"; readonly start: number }
  | { readonly kind: "none" | "stopped" };

export async function searchLowToken<Row>(options: SearchOptions<Row>): Promise<SearchOutcome> {
  const { passes, direction, startsIn, score } = options;
  for (const { groups, accepts } of passes) {
    for (const group of groups) {
      for (const [i, row] of group.entries()) {
        const isOpen = (each: Row): boolean => startsIn(each) === undefined;
        if (isOpen(row) && !(await score(group.slice(i).filter(isOpen)))) return { kind: "stopped" };
        // A row that could not be scored has no spans.
        const starts = (startsIn(row) ?? []).filter(accepts);
        const start = direction === "next" ? starts[0] : starts.at(-1);
        if (start !== undefined) return { kind: "found", start };
      }
    }
  }
  return { kind: "none" };
}
