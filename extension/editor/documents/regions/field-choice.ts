/** The fields that the user named in the settings, like `--field` on the command line. */
import { checkRoles, missingName } from "../../../engine/data/fields/fields";
import { RowProblem } from "../../../engine/data/fields/values";
import type { UnknownFields } from "../../../engine/data/rows/row-formats";
import { quotedList } from "../../../engine/data/wording";
import { InputError } from "../../../engine/errors";
import { isObject, type JsonObject } from "../../../engine/json";
import type { FieldNames, FieldRole } from "../../../protocol/datasets";

export const fieldsSetting = "rewardInspector.fields";

export interface FieldChoice {
  readonly names: FieldNames;
  /** Problem of the setting. If there is one, no row is read. */
  readonly problem?: string;
}

export const noFields: FieldChoice = { names: {} };

/** @param setting the value in the settings, which may be anything that a user typed */
export function fieldChoice(setting: unknown): FieldChoice {
  const problem = (text: string): FieldChoice => ({
    names: {},
    problem: `the setting ${fieldsSetting} ${text}`,
  });
  if (setting === undefined || setting === null) return noFields;
  if (!isObject(setting)) return problem(`is not an object; write, for example, {"completion": "answer"}`);
  const wrong = Object.entries(setting).find(([, name]) => typeof name !== "string" || name === "");
  if (wrong) return problem(`must name a field for ${wrong[0]}, for example {"${wrong[0]}": "answer"}`);
  const names: FieldNames = setting;
  try {
    checkRoles(names);
  } catch (error) {
    if (error instanceof InputError) return problem(`is wrong: ${error.problem}`);
    throw error;
  }
  return Object.keys(names).length === 0 ? noFields : { names };
}

/** The roles whose texts are scored. A missing label does not change a score. */
const textRoles: readonly FieldRole[] = [
  "prompt",
  "chosen",
  "rejected",
  "completion",
  "completions",
  "messages",
  "steps",
];

/** Throws RowProblem if the setting is wrong, or if the row lacks a text that it names and would be scored without. */
export function checkChoice({ names, problem }: FieldChoice, record: JsonObject): void {
  if (problem !== undefined) throw new RowProblem(problem);
  const missing = missingName(names, record, textRoles);
  if (!missing) return;
  throw new RowProblem(
    `has no field \`${missing.name}\`, which the setting ${fieldsSetting} names as ${missing.role}: its fields are ${quotedList(Object.keys(record))}`,
  );
}

/** Words the problem for the editor: with the setting in place of the command line's flag. */
export function inEditorTerms({ reason, record }: UnknownFields): string {
  const texts = Object.keys(record).filter((name) => typeof record[name] === "string");
  const roles = texts.length > 1 ? ["prompt", "completion"] : ["completion"];
  const example = Object.fromEntries(roles.map((role, i) => [role, texts[i] ?? "answer"]));
  return `${reason}; name them in the setting ${fieldsSetting}, as in ${JSON.stringify(example)}`;
}
