/** The rows of a run's dataset, as its record names them. */

import type { RunRecord } from "../../../protocol/runs";
import { openDataset } from "../../data/dataset";
import type { BadRow, DatasetRow } from "../../data/rows/row";
import { isHeldOut } from "../pairs/pairs";

/** Where the rows are, as a record has it. */
export interface RunData extends Pick<RunRecord, "fields" | "limit"> {
  readonly data: { readonly path: string };
}

/** All of them, anew with every call. */
export async function* datasetRows({ data, fields, limit }: RunData): AsyncGenerator<DatasetRow | BadRow> {
  const dataset = await openDataset(data.path, {
    ...(fields && { fields }),
    ...(limit !== undefined && { limit }),
  });
  yield* dataset.rows();
}

/** Those that were trained on: none that cannot be read, none of a prompt that is held out. */
export async function* trainingRows(record: RunRecord): AsyncGenerator<DatasetRow | BadRow> {
  const { settings } = record;
  for await (const row of datasetRows(record))
    if (!("problem" in row) && !isHeldOut(row, settings)) yield row;
}
