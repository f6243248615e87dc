/** The search for the next run of low tokens, over rows of which some are not scored yet. Pure. */

export type SearchDirection = "next" | "previous";

/** A way through rows, in the order of the search. */
export interface Pass<Row> {
  /** Rows of a group are scored together. */
  readonly groups: Iterable<readonly Row[]>;
  /** Whether a run that begins here is looked for. */
  readonly accepts: (start: number) => boolean;
}

export interface SearchOptions<Row> {
  readonly passes: readonly Pass<Row>[];
  readonly direction: SearchDirection;
  /** Where the row's low runs begin, in the document's order; undefined: it is not scored yet. */
  readonly startsIn: (row: Row) => readonly number[] | undefined;
  /** Scores rows; false: it scores no more. */
  readonly score: (rows: readonly Row[]) => Promise<boolean>;
}

/** `none`: all rows were looked at. `stopped`: what comes next is not scored. */
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
        // A row that could not be scored has no runs.
        const starts = (startsIn(row) ?? []).filter(accepts);
        const start = direction === "next" ? starts[0] : starts.at(-1);
        if (start !== undefined) return { kind: "found", start };
      }
    }
  }
  return { kind: "none" };
}
