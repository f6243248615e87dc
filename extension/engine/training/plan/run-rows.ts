/** Reads the rows of a run's dataset. */
import type { RunRecord } from "../../../protocol/runs";
import { openDataset } from "../../data/dataset";
import type { BadRow, DatasetRow } from "../../data/rows/row";
import { isHeldOut } from "../pairs/pairs";

/** Location of a run's rows, as its record stores it. */
export interface RunData extends Pick<RunRecord, "fields" | "limit"> {
  readonly data: { readonly path: string };
}

/** Reads all rows, from the start of the dataset on each call. */
export async function* datasetRows({ data, fields, limit }: RunData): AsyncGenerator<DatasetRow | BadRow> {
  const dataset = await openDataset(data.path, {
    ...(fields && { fields }),
    ...(limit !== undefined && { limit }),
  });
  yield* dataset.rows();
}

/** Reads the rows that the run trains on: no unreadable rows, and no held-out prompts. */
export async function* trainingRows(record: RunRecord): AsyncGenerator<DatasetRow | BadRow> {
  const { settings } = record;
  for await (const row of datasetRows(record))
    if (!("problem" in row) && !isHeldOut(row, settings)) yield row;
}
