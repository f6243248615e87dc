import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diskPlaces, expandedPath } from "../../../../extension/training/form/run-places";
import { missing } from "../../../support/machine";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reward-inspector-places-"));
  await mkdir(join(folder, "runs/first"), { recursive: true });
  await writeFile(join(folder, "file"), "");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("a folder that is there, or can be made, takes runs", () => {
  for (const path of ["runs", "new", "new/below"])
    expect(diskPlaces.problem(join(folder, path))).toBeUndefined();
  expect(diskPlaces.taken(join(folder, "runs"))).toEqual(["first"]);
  expect(diskPlaces.taken(join(folder, "new"))).toEqual([]);
});

test("says why a place takes no run", () => {
  expect(diskPlaces.problem("runs")).toMatch(/^Give the whole path/);
  expect(diskPlaces.problem("")).toMatch(/^Give the whole path/);
  for (const path of ["file", "file/below"])
    expect(diskPlaces.problem(join(folder, path))).toBe(`${join(folder, "file")} is a file: give a folder.`);
});

test("a folder of others takes no run", async ({ skip }) => {
  skip(missing.closedFolders !== undefined, missing.closedFolders);
  const closed = join(folder, "closed");
  await mkdir(closed);
  await chmod(closed, 0o500);
  expect(diskPlaces.problem(join(closed, "runs"))).toMatch(/closed cannot be written to/);
});

test("~ is the user's folder", () => {
  expect(expandedPath("~/runs")).toBe(join(homedir(), "runs"));
  expect(expandedPath("~")).toBe(homedir());
  expect(expandedPath("/a/~/b")).toBe("/a/~/b");
});
