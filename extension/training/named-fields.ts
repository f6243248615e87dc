/** Field names from the settings, for requests that read a dataset file. */
import { fieldChoice } from "../editor/documents/regions/field-choice";
import { InputError } from "../engine/errors";
import { readSetting } from "../platform/settings/settings";
import type { FieldNames } from "../protocol/datasets";

/** The field names in the settings. Throws InputError if the setting is invalid. */
export function namedFields(): { readonly fields: FieldNames } {
  const { names, problem } = fieldChoice(readSetting("fields"));
  if (problem !== undefined) throw new InputError("settings", problem);
  return { fields: names };
}
