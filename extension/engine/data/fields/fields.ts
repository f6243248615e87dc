/** Which field of a record is what: found by its name, or named by the user. */
import type { FieldNames, FieldRole } from "../../../protocol/datasets";
import { InputError } from "../../errors";
import { isObject, type JsonObject } from "../../json";
import { quoted } from "../wording";
import type { FieldPath } from "./text";

/** The names that are looked for. Of the fields that are there and not null, the first of the list is taken. */
const aliases = {
  prompt: ["prompt", "question", "problem", "instruction", "query", "history", "input"],
  chosen: ["chosen", "chosen_response", "preferred"],
  rejected: ["rejected", "rejected_response", "dispreferred"],
  /** One answer. */
  completion: ["completion", "response", "solution", "output", "generation", "answer", "text"],
  /** N samples of one prompt. */
  completions: [
    "completions",
    "responses",
    "solutions",
    "outputs",
    "generations",
    "answers",
    "samples",
    "candidates",
  ],
  /** Whether the answer is correct. */
  label: ["label", "correct", "is_correct"],
  /** The same for each sample, or for each step. */
  labels: ["labels", "correct", "is_correct"],
  messages: ["messages", "conversation", "conversations"],
  steps: ["steps"],
  /** Index of the first incorrect step, from 0, or -1 if there is none. */
  firstError: ["first_error"],
  /** Where the row comes from, or what it is about. */
  group: ["source", "group", "subset", "domain"],
  /** By how much the chosen answer is better than the rejected one. */
  margin: ["margin"],
} as const satisfies Readonly<Record<FieldRole, readonly string[]>>;

export interface Field {
  /** As messages write it: `messages[3]`. */
  readonly name: string;
  /** From the record that the file holds. */
  readonly path: FieldPath;
  /** Never null or undefined. */
  readonly value: unknown;
}

/** A record whose fields are looked up by role. */
export class Fields {
  constructor(
    readonly record: JsonObject,
    readonly names: FieldNames,
    /** Whether values are the cells of a table, where everything is text and lists are written as JSON. */
    readonly isTable: boolean,
    /** The way to the record, if it is inside of another. */
    private readonly base: FieldPath = [],
  ) {}

  /** The field of a role; a null one counts as absent. */
  find(role: FieldRole): Field | undefined {
    return this.all(role)[0];
  }

  /** All fields that may play a role, the likeliest first. */
  all(role: FieldRole): readonly Field[] {
    const named = this.names[role];
    const names = named === undefined ? aliases[role] : [named];
    return names.map((name) => this.get(name)).filter((field) => field !== undefined);
  }

  get(name: string): Field | undefined {
    const found = lookUp(this.record, name);
    if (!found || found.value === null) return undefined;
    return { name, path: [...this.base, ...found.path], value: found.value };
  }

  isNull(name: string): boolean {
    return lookUp(this.record, name)?.value === null;
  }

  isNamed(...roles: readonly FieldRole[]): boolean {
    return roles.some((role) => this.names[role] !== undefined);
  }
}

interface Found {
  readonly path: FieldPath;
  /** Parquet's undefined values are nulls. */
  readonly value: unknown;
}

function lookUp(record: JsonObject, name: string): Found | undefined {
  if (Object.hasOwn(record, name)) return { path: [name], value: record[name] ?? null };
  const dot = name.indexOf(".");
  if (dot < 0) return undefined;
  const outer = name.slice(0, dot);
  const inner = Object.hasOwn(record, outer) ? record[outer] : undefined;
  const found = isObject(inner) ? lookUp(inner, name.slice(dot + 1)) : undefined;
  return found && { path: [outer, ...found.path], value: found.value };
}

export const fieldRoles: readonly string[] = Object.keys(aliases);

/** Every name that a role is found by. */
export const roleNames: readonly string[] = Object.values(aliases).flat();

const answerNames: ReadonlySet<string> = new Set(
  [aliases.completion, aliases.completions, aliases.messages, aliases.steps].flat(),
);

/** Whether a field of this name holds answers. */
export function isAnswerName(name: string): boolean {
  return answerNames.has(name);
}

/** Throws InputError for a role that does not exist: names come from a command line. */
export function checkRoles(names: FieldNames): void {
  for (const role of Object.keys(names)) {
    if (!Object.hasOwn(aliases, role)) {
      throw new InputError("fields", `there is no role \`${role}\`: roles are ${quoted(fieldRoles)}`);
    }
  }
}

/** Throws InputError if a named field is not in the dataset's first row. */
export function checkNames(names: FieldNames, record: JsonObject, place: string): void {
  const missing = missingName(names, record);
  if (!missing) return;
  throw new InputError(
    place,
    `has no field \`${missing.name}\`, which was named as ${missing.role}: its fields are ${quoted(Object.keys(record))}`,
  );
}

/** The first named field that a record lacks, of those with one of the roles. A null is a field. */
export function missingName(
  names: FieldNames,
  record: JsonObject,
  roles: readonly string[] = fieldRoles,
): { readonly role: string; readonly name: string } | undefined {
  const named = Object.entries(names).filter(([role]) => roles.includes(role));
  const missing = named.find(([, name]) => !lookUp(record, name));
  return missing && { role: missing[0], name: missing[1] };
}
