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

test("runs can be created in a folder that exists or can be created", () => {
  for (const path of ["runs", "new", "new/below"])
    expect(diskPlaces.problem(join(folder, path))).toBeUndefined();
  expect(diskPlaces.taken(join(folder, "runs"))).toEqual(["first"]);
  expect(diskPlaces.taken(join(folder, "new"))).toEqual([]);
});

test("reports why no run can be created in a place", () => {
  expect(diskPlaces.problem("runs")).toMatch(/^Enter an absolute path/);
  expect(diskPlaces.problem("")).toMatch(/^Enter an absolute path/);
  for (const path of ["file", "file/below"])
    expect(diskPlaces.problem(join(folder, path))).toBe(`${join(folder, "file")} is a file; enter a folder.`);
});

test("no run can be created in a folder that is not writable", async ({ skip }) => {
  skip(missing.closedFolders !== undefined, missing.closedFolders);
  const closed = join(folder, "closed");
  await mkdir(closed);
  await chmod(closed, 0o500);
  expect(diskPlaces.problem(join(closed, "runs"))).toMatch(/closed is not writable/);
});

test("~ is expanded to the user's home folder", () => {
  expect(expandedPath("~/runs")).toBe(join(homedir(), "runs"));
  expect(expandedPath("~")).toBe(homedir());
  expect(expandedPath("/a/~/b")).toBe("/a/~/b");
});
