import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { modelPath } from "../../../../extension/platform/models/model-path";

const context = {
  workspaceFolders: ["/work one", "/second"].map((folder) => resolve(folder)),
  isFolder: (path: string) =>
    [join("/work one", "m1"), join("/second", "m2")].map((one) => resolve(one)).includes(path),
};
const variable = (name: string): string => `$${`{${name}}`}`;

test.each([
  ["", ""],
  ["  ", ""],
  ["m1", "/work one/m1"],
  [" m1 ", "/work one/m1"],
  ["./m1", "/work one/m1"],
  ["../m3", "/m3"],
  [`${variable("workspaceFolder")}/m1`, "/work one/m1"],
  ["m2", "/second/m2"],
  ["/models/m4/", "/models/m4"],
  ["~/m5", join(homedir(), "m5")],
  [`${variable("userHome")}/m5`, join(homedir(), "m5")],
])("%j resolves to %j", (written, path) => {
  expect(modelPath(written, context)).toBe(path === "" ? "" : resolve(path));
});

test("a name that is not a folder in the workspace is left as it is, for the Hugging Face cache", () => {
  expect(modelPath("owner/name", context)).toBe("owner/name");
  expect(modelPath("~owner/name", context)).toBe("~owner/name");
  expect(modelPath("m1", { ...context, workspaceFolders: [] })).toBe("m1");
});
