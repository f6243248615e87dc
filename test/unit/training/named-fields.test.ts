import { expect, test, vi } from "vitest";
import { InputError } from "../../../extension/engine/errors";
import { namedFields } from "../../../extension/training/named-fields";

const settings = vi.hoisted((): { fields: unknown } => ({ fields: undefined }));

vi.mock("vscode", () => ({
  workspace: { getConfiguration: () => ({ get: () => settings.fields }) },
}));

test("requests use the fields named in the settings", () => {
  settings.fields = { prompt: "q" };
  expect(namedFields()).toEqual({ fields: { prompt: "q" } });
  settings.fields = undefined;
  expect(namedFields()).toEqual({ fields: {} });
});

test("an invalid setting is refused before the request", () => {
  settings.fields = { question: "q" };
  expect(() => namedFields()).toThrow(InputError);
  expect(() => namedFields()).toThrow(
    /^settings: the setting rewardInspector.fields is wrong: there is no role/,
  );
});
