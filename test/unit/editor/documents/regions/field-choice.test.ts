import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fieldsSetting } from "../../../../../extension/editor/documents/regions/field-choice";
import { fieldRoles } from "../../../../../extension/protocol/datasets";

test("package.json offers exactly the roles that a field can have", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../../../package.json"), "utf8"));
  const { properties, additionalProperties } = manifest.contributes.configuration.properties[fieldsSetting];
  expect(Object.keys(properties)).toEqual(fieldRoles);
  expect(additionalProperties).toBe(false);
});
