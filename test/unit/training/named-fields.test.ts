import { expect, test, vi } from "vitest";
import { InputError } from "../../../extension/engine/errors";
import { namedFields } from "../../../extension/training/named-fields";

const settings = vi.hoisted((): { fields: unknown } => ({ fields: undefined }));

vi.mock("vscode", () => ({
  workspace: { getConfiguration: () => ({ get: () => settings.fields }) },
}));

test("requests read the fields that the settings name", () => {
  settings.fields = { prompt: "q" };
  expect(namedFields()).toEqual({ fields: { prompt: "q" } });
  settings.fields = undefined;
  expect(namedFields()).toEqual({ fields: {} });
});

test("a setting that is wrong ends the request before it begins", () => {
  settings.fields = { question: "q" };
  expect(() => namedFields()).toThrow(InputError);
  expect(() => namedFields()).toThrow(
    /^settings: the setting rewardInspector.fields is wrong: there is no role/,
  );
});
