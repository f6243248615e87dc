/** Reads records as the engine does, and writes what is expected of them. */
import type { Completion } from "../../../../../extension/engine/data/rows/row";
import { readRecord } from "../../../../../extension/engine/data/rows/row-formats";
import type { FieldNames } from "../../../../../extension/protocol/datasets";

export const user = (content: string) => ({ role: "user", content });
export const assistant = (content: string) => ({ role: "assistant", content });

export function read(record: unknown, names: FieldNames = {}): string | readonly Completion[] {
  try {
    return readRecord(record, names, false).completions;
  } catch (error) {
    return String(error).replace("Error: ", "");
  }
}

export function rowFormat(record: unknown, names: FieldNames = {}): string {
  const { kind, used } = readRecord(record, names, false);
  return `${kind} (${used.join(", ")})`;
}

export function pair(prompt: unknown, chosen: unknown, rejected: unknown): unknown {
  return [
    { role: "chosen", prompt, completion: chosen },
    { role: "rejected", prompt, completion: rejected },
  ];
}

export function one(prompt: unknown, completion: unknown, label?: boolean): unknown {
  return [{ role: "completion", prompt, completion, ...(label === undefined ? {} : { label }) }];
}
