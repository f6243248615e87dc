/** Reads the group and margin of a row of any format. */
import type { Field, Fields } from "./fields";
import { described, numberOf, RowProblem } from "./values";

export interface RowValues {
  readonly group?: string;
  readonly margin?: number;
}

/** Ignores a field with a usual name if its type is wrong; throws RowProblem if the user named it. */
export function valuesOfRow(fields: Fields): RowValues {
  const group = first(fields, "group", groupOf, "text or a number");
  const margin = first(fields, "margin", ({ value }) => numberOf(value), "a finite number");
  return { ...(group === undefined ? {} : { group }), ...(margin === undefined ? {} : { margin }) };
}

function first<T>(
  fields: Fields,
  role: "group" | "margin",
  read: (field: Field) => T | undefined,
  wanted: string,
): T | undefined {
  for (const field of fields.all(role)) {
    const value = read(field);
    if (value !== undefined) return value;
    // An empty table cell is a missing value.
    if (fields.isNamed(role) && field.value !== "") {
      throw new RowProblem(`\`${field.name}\` is ${described(field.value)}, not ${wanted}`);
    }
  }
  return undefined;
}

function groupOf({ value }: Field): string | undefined {
  if (value === "" || typeof value === "object") return undefined;
  return String(value);
}
