/** Assigns roles to a record's fields, by their usual names or as the user named them. */
import { type FieldNames, type FieldRole, fieldRoles } from "../../../protocol/datasets";
import { InputError } from "../../errors";
import { isObject, type JsonObject } from "../../json";
import { quotedList } from "../wording";
import type { FieldPath } from "./text";

/** The usual field names of each role. The first one that is present and not null is used. */
const aliases = {
  prompt: ["prompt", "question", "problem", "instruction", "query", "history", "input"],
  chosen: ["chosen", "chosen_response", "preferred"],
  rejected: ["rejected", "rejected_response", "dispreferred"],
  /** A single answer. */
  completion: ["completion", "response", "solution", "output", "generation", "answer", "text"],
  /** Several samples of one prompt. */
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
  /** Whether each sample, or each step, is correct. */
  labels: ["labels", "correct", "is_correct"],
  messages: ["messages", "conversation", "conversations"],
  steps: ["steps"],
  /** Index of the first incorrect step, from 0, or -1 if there is none. */
  firstError: ["first_error"],
  /** The row's source or subject. */
  group: ["source", "group", "subset", "domain"],
  /** How much better the chosen answer is than the rejected one. */
  margin: ["margin"],
} as const satisfies Readonly<Record<FieldRole, readonly string[]>>;

export interface Field {
  /** The name used in messages, such as `messages[3]`. */
  readonly name: string;
  /** The path from the record in the file. */
  readonly path: FieldPath;
  /** Never null or undefined. */
  readonly value: unknown;
}

/** Looks up a record's fields by role. */
export class Fields {
  constructor(
    readonly record: JsonObject,
    readonly names: FieldNames,
    /** Whether values are table cells, in which everything is text and lists are JSON. */
    readonly isTable: boolean,
    /** The path to the record, if it is nested in another. */
    private readonly base: FieldPath = [],
  ) {}

  /** Finds the field of a role; a null field counts as absent. */
  find(role: FieldRole): Field | undefined {
    return this.all(role)[0];
  }

  /** Lists all fields that may have a role, the likeliest first. */
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
  /** Null also for an undefined value from Parquet. */
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

/** The usual field names of all roles. */
export const roleNames: readonly string[] = Object.values(aliases).flat();

const answerNames: ReadonlySet<string> = new Set(
  [aliases.completion, aliases.completions, aliases.messages, aliases.steps].flat(),
);

/** Whether a field of this name holds answers. */
export function isAnswerName(name: string): boolean {
  return answerNames.has(name);
}

/** Throws InputError for an unknown role, because roles come from the command line. */
export function checkRoles(names: FieldNames): void {
  for (const role of Object.keys(names)) {
    if (!Object.hasOwn(aliases, role)) {
      throw new InputError("fields", `there is no role \`${role}\`: roles are ${quotedList(fieldRoles)}`);
    }
  }
}

/** Throws InputError if a named field is not in the dataset's first row. */
export function checkNames(names: FieldNames, record: JsonObject, place: string): void {
  const missing = missingName(names, record);
  if (!missing) return;
  throw new InputError(
    place,
    `has no field \`${missing.name}\`, which was named as ${missing.role}: its fields are ${quotedList(Object.keys(record))}`,
  );
}

/** Finds the first named field with one of the roles that a record lacks. A null field is present. */
export function missingName(
  names: FieldNames,
  record: JsonObject,
  roles: readonly string[] = fieldRoles,
): { readonly role: string; readonly name: string } | undefined {
  const named = Object.entries(names).filter(([role]) => roles.includes(role));
  const missing = named.find(([, name]) => !lookUp(record, name));
  return missing && { role: missing[0], name: missing[1] };
}
