import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fieldsSetting } from "../../../../../extension/editor/documents/regions/field-choice";
import { fieldRoles } from "../../../../../extension/engine/data/fields/fields";

test("package.json offers every role that a field can be named as, and no other", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../../../package.json"), "utf8"));
  const { properties, additionalProperties } = manifest.contributes.configuration.properties[fieldsSetting];
  expect(Object.keys(properties)).toEqual(fieldRoles);
  expect(additionalProperties).toBe(false);
});
