/** Which field of a record is what: found by its name, or named by the user. */
import type { FieldNames, FieldRole } from "../../../protocol/datasets";
import { InputError } from "../../errors";
import { quoted } from "../wording";

/**
 * The names that are looked for, first come first served: among fields that are there and not null, the first
 * of the list is taken.
 */
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
  /** Whether the answer is right. */
  label: ["label", "correct", "is_correct"],
  /** The same by sample, or by step. */
  labels: ["labels", "correct", "is_correct"],
  messages: ["messages", "conversation", "conversations"],
  steps: ["steps"],
  /** Index of the first wrong step, from 0; -1: there is none. */
  firstError: ["first_error"],
  /** Where the row comes from, or what it is about. */
  group: ["source", "group", "subset", "domain"],
  /** By how much the chosen answer is better than the rejected one. */
  margin: ["margin"],
} as const satisfies Readonly<Record<FieldRole, readonly string[]>>;

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Field {
  readonly name: string;
  /** Never null or undefined. */
  readonly value: unknown;
}

/** A record whose fields are looked up by role. */
export class Fields {
  constructor(
    readonly record: JsonObject,
    readonly names: FieldNames,
    /** Whether values are the cells of a table, where all is text and lists are written as JSON. */
    readonly isTable: boolean,
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
    const value = lookUp(this.record, name);
    return value === undefined || value === null ? undefined : { name, value };
  }

  isNull(name: string): boolean {
    return lookUp(this.record, name) === null;
  }

  isNamed(...roles: readonly FieldRole[]): boolean {
    return roles.some((role) => this.names[role] !== undefined);
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** undefined: there is no such field; Parquet's undefined values are nulls. */
function lookUp(record: JsonObject, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name] ?? null;
  const dot = name.indexOf(".");
  if (dot < 0) return undefined;
  const outer = name.slice(0, dot);
  const inner = Object.hasOwn(record, outer) ? record[outer] : undefined;
  return isObject(inner) ? lookUp(inner, name.slice(dot + 1)) : undefined;
}

/** Names that shapes look for beside the roles', with those of the objects that fields are found in. */
const otherNames = [
  "row",
  "row_idx",
  "question",
  "label",
  "final_answer_correct",
  "preference",
  "winner",
  "better_response_id",
  ...["response_a", "response_b", "conversation_a", "conversation_b"],
  ...["response_0", "response_1", "human_ref_A", "human_ref_B"],
];
const knownNames: ReadonlySet<string> = new Set([...Object.values(aliases).flat(), ...otherNames]);

const answerNames: ReadonlySet<string> = new Set(
  [aliases.completion, aliases.completions, aliases.messages, aliases.steps].flat(),
);

/** Whether a field of this name holds answers. */
export function isAnswerName(name: string): boolean {
  return answerNames.has(name);
}

/** Whether any shape looks for a field of this name. */
export function isKnownName(name: string): boolean {
  return knownNames.has(name);
}

/** Throws InputError for a role that does not exist: names come from a command line. */
export function checkRoles(names: FieldNames): void {
  for (const role of Object.keys(names)) {
    if (!Object.hasOwn(aliases, role)) {
      throw new InputError(
        "fields",
        `there is no role \`${role}\`: roles are ${quoted(Object.keys(aliases))}`,
      );
    }
  }
}

/** Throws InputError where a named field is not in the dataset's first row. */
export function checkNames(names: FieldNames, record: JsonObject, place: string): void {
  for (const [role, name] of Object.entries(names)) {
    if (lookUp(record, name) === undefined) {
      throw new InputError(
        place,
        `has no field \`${name}\`, which was named as ${role}: its fields are ${quoted(Object.keys(record))}`,
      );
    }
  }
}
