/** The fields that the user named in the settings, for requests that read a dataset file. */
import { fieldChoice } from "../editor/documents/regions/field-choice";
import { InputError } from "../engine/errors";
import { readSetting } from "../platform/settings";
import type { FieldNames } from "../protocol/datasets";

/** Throws InputError if the setting is wrong. */
export function namedFields(): { readonly fields: FieldNames } {
  const { names, problem } = fieldChoice(readSetting("fields"));
  if (problem !== undefined) throw new InputError("settings", problem);
  return { fields: names };
}
