/** What a row says about itself besides its answers, whatever its format. */
import type { Field, Fields } from "./fields";
import { described, numberOf, RowProblem } from "./values";

export interface RowValues {
  readonly group?: string;
  readonly margin?: number;
}

/** A field found by its usual name that is of the wrong kind counts as absent; one that the user named is a fault. */
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
    // An empty cell of a table is how it leaves a value out.
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
