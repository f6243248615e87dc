/** Flags that select what to read from a dataset. */
import { type Command, InvalidArgumentError } from "commander";
import { checkRoles } from "../../engine/data/fields/fields";
import { InputError } from "../../engine/errors";
import type { FieldNames } from "../../protocol/datasets";
import type { DatasetRequest } from "../../protocol/scoring";
import { wholeNumber } from "./options";

export interface DataFlags {
  readonly limit?: number;
  readonly field?: FieldNames;
}

export function addDataFlags(command: Command): Command {
  return command
    .option("--limit <rows>", "read at most this many rows", wholeNumber)
    .option(
      "-f, --field <role=name>",
      "name a field that is not recognized automatically, as in --field prompt=query (may be repeated)",
      fieldName,
    );
}

export function datasetRequest(
  dataset: string,
  { limit, field }: DataFlags,
): Pick<DatasetRequest, "run" | "dataset" | "fields" | "limit"> {
  return {
    run: "cli",
    dataset,
    ...(field ? { fields: field } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
}

function fieldName(text: string, previous: FieldNames = {}): FieldNames {
  const [role, name] = text.split("=", 2);
  if (!role || !name) throw new InvalidArgumentError("It must look like prompt=query.");
  const names: FieldNames = { ...previous, [role]: name };
  try {
    checkRoles(names);
  } catch (error) {
    throw error instanceof InputError ? new InvalidArgumentError(error.problem) : error;
  }
  return names;
}
