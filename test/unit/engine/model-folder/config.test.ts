import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Config } from "../../../../extension/engine/model-folder/config";
import { temporaryFolder } from "../../../support/temp-folder";

const config = new Config("config.json", {
  size: 4,
  none: null,
  text: "x",
  list: [1, 2],
  section: { a: "b" },
});

it("reads settings and treats null as not set", () => {
  expect(config.size("missing", "size")).toBe(4);
  expect(config.optionalSize("none")).toBeUndefined();
  expect(config.number("none", 7)).toBe(7);
  expect(config.numbers("list")).toEqual([1, 2]);
  expect(config.section("section")?.string("a", "")).toBe("b");
  expect(config.with({ none: 1, other: 2, size: 3 }).values).toMatchObject({ none: null, other: 2, size: 4 });
});

it.each([
  [() => config.size("missing"), "config.json: has no missing"],
  [() => config.size("text"), 'config.json: text is "x", expected a positive integer'],
  [() => config.flag("size", true), "config.json: size is 4, expected true or false"],
  [() => config.strings("list"), "config.json: list is [1,2], expected a list of strings"],
  [() => config.section("list"), "config.json: list is [1,2], expected an object"],
  [() => config.section("section")?.number("a", 0), 'config.json section: a is "b", expected a number'],
  [() => config.with({ layers: 10_001 }).layers("layers"), "layers is 10001, expected at most 10000"],
])("names the incorrect key (%#)", (read, message) => {
  expect(read).toThrow(
    expect.objectContaining({ name: "InputError", message: expect.stringContaining(message) }),
  );
});

it.each([
  ["{", "config.json: is not valid JSON"],
  ["[]", "config.json: is not a JSON object"],
])("refuses a file that contains %s", async (text, message) => {
  const path = join(await temporaryFolder(), "config.json");
  await writeFile(path, text);
  await expect(Config.read(path)).rejects.toThrow(message);
});

it("refuses a missing file and a folder", async () => {
  const path = join(await temporaryFolder(), "config.json");
  await expect(Config.read(path)).rejects.toThrow("config.json: cannot be read (ENOENT");
  await mkdir(path);
  await expect(Config.read(path)).rejects.toThrow("config.json: cannot be read (EISDIR");
});
