import { execFileSync } from "node:child_process";
import { link, mkdir, open, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EngineError, InputError } from "../../../extension/engine/errors";
import { NewFile, UnwrittenFile, writeWhole } from "../../../extension/engine/files";
import { temporaryFolder } from "../../support/temp-folder";

const isWindows = process.platform === "win32";

const say = (text: string) => (file: NewFile) => file.write(text);

/** Creates a memory device like /dev/null (minor number 3) or /dev/full (7); returns undefined if not permitted. */
async function madeDevice(path: string, minor: number): Promise<string | undefined> {
  try {
    execFileSync("mknod", [path, "c", "1", String(minor)], { stdio: "ignore" });
    await (await open(path, "a")).close();
    return path;
  } catch {
    return undefined;
  }
}

describe("an existing file", () => {
  test("is replaced once the new one is complete, and keeps its mode", async ({ skip }) => {
    skip(isWindows, "Windows has no modes");
    const folder = await temporaryFolder();
    const path = join(folder, "out");
    for (const mode of [0o600, 0o664, 0o755]) {
      await writeFile(path, "old");
      execFileSync("chmod", [mode.toString(8), path]);
      await writeWhole(path, async (file) => {
        await file.write("new");
        expect(await readFile(path, "utf8")).toBe("old");
      });
      expect(await readFile(path, "utf8")).toBe("new");
      expect((await stat(path)).mode & 0o777).toBe(mode);
    }
    expect(await readdir(folder)).toEqual(["out"]);
  });

  test("keeps its owner", async ({ skip }) => {
    skip(process.getuid?.() !== 0, "only root can give files away");
    const path = join(await temporaryFolder(), "out");
    await writeFile(path, "old");
    execFileSync("chown", ["1234:4321", path]);
    await writeWhole(path, say("new"));
    expect(await stat(path)).toMatchObject({ uid: 1234, gid: 4321 });
  });

  test("stays as it was if writing fails", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "out");
    await writeFile(path, "old");
    const failing = writeWhole(path, async (file) => {
      await file.write("new");
      throw new Error("no more");
    });
    await expect(failing).rejects.toThrow("no more");
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["out"]);
  });

  test("is refused if it is not writable", async ({ skip }) => {
    skip(isWindows || process.getuid?.() === 0, "root may write everything");
    const path = join(await temporaryFolder(), "out");
    await writeFile(path, "old", { mode: 0o400 });
    await expect(writeWhole(path, say("new"))).rejects.toThrow(UnwrittenFile);
    expect(await readFile(path, "utf8")).toBe("old");
  });

  test("is not overwritten if it has the temporary name", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "out");
    await writeFile(`${path}.${process.pid}.partial`, "of someone else");
    await writeWhole(path, say("new"));
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readFile(`${path}.${process.pid}.partial`, "utf8")).toBe("of someone else");
  });
});

describe("links", () => {
  test("stay, and their target is replaced", async ({ skip }) => {
    skip(isWindows, "links need rights there");
    const folder = await temporaryFolder();
    await mkdir(join(folder, "real"));
    await writeFile(join(folder, "real/file"), "old");
    await symlink("real", join(folder, "folder"));
    await symlink("../folder/file", join(folder, "real/second"));
    await symlink(join("folder", "second"), join(folder, "first"));
    await writeWhole(join(folder, "first"), say("new"));
    expect(await readlink(join(folder, "first"))).toBe("folder/second");
    expect(await readlink(join(folder, "real/second"))).toBe("../folder/file");
    expect(await readFile(join(folder, "real/file"), "utf8")).toBe("new");
  });

  test("to a missing file create that file", async ({ skip }) => {
    skip(isWindows, "links need rights there");
    const folder = await temporaryFolder();
    await symlink("later", join(folder, "link"));
    await writeWhole(join(folder, "link"), say("new"));
    expect(await readlink(join(folder, "link"))).toBe("later");
    expect(await readFile(join(folder, "later"), "utf8")).toBe("new");
  });

  test("in a circle are refused", async ({ skip }) => {
    skip(isWindows, "links need rights there");
    const folder = await temporaryFolder();
    await symlink("b", join(folder, "a"));
    await symlink("a", join(folder, "b"));
    await expect(writeWhole(join(folder, "a"), say("new"))).rejects.toThrow(EngineError);
  });
});

describe("what is not a regular file", () => {
  test("a pipe is written directly and stays", async ({ skip }) => {
    skip(isWindows, "Windows has no such pipes");
    const folder = await temporaryFolder();
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await symlink(pipe, join(folder, "link"));
    const read = readFile(pipe, "utf8");
    await writeWhole(join(folder, "link"), say("through"));
    expect(await read).toBe("through");
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(["link", "pipe"]);
  });

  test("the wait for a pipe's reader ends with the signal", async ({ skip }) => {
    skip(isWindows, "Windows has no such pipes");
    const pipe = join(await temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    const cancel = new AbortController();
    const created = NewFile.create(pipe, [], cancel.signal);
    cancel.abort();
    await expect(created).rejects.toThrow("aborted");
  });

  test("a device is written directly and stays", async ({ skip }) => {
    const folder = await temporaryFolder();
    const device = await madeDevice(join(folder, "null"), 3);
    skip(device === undefined, "no right to make a device");
    if (device === undefined) return;
    await writeWhole(device, say("gone"));
    expect((await stat(device)).isCharacterDevice()).toBe(true);
    expect(await readdir(folder)).toEqual(["null"]);
  });

  test("a full device is an error and stays", async ({ skip }) => {
    const device = await madeDevice(join(await temporaryFolder(), "full"), 7);
    skip(device === undefined, "no right to make a device");
    if (device === undefined) return;
    await expect(writeWhole(device, say("x"))).rejects.toThrow(/full: could not be written \(ENOSPC[^)]*\)$/);
    expect((await stat(device)).isCharacterDevice()).toBe(true);
  });

  test("an open file descriptor is appended to", async ({ skip }) => {
    skip(process.platform !== "linux", "only Linux shows the open files of processes");
    const path = join(await temporaryFolder(), "log");
    await writeFile(path, "before\n");
    const script = `
      const { writeWhole } = require(process.argv[1]);
      writeWhole("/dev/stdout", (file) => file.write("new\\n"));`;
    const bundle = join(await temporaryFolder(), "files.cjs");
    execFileSync("npx", [
      "esbuild",
      join(import.meta.dirname, "../../../extension/engine/files.ts"),
      "--bundle",
      "--platform=node",
      `--outfile=${bundle}`,
      "--log-level=error",
    ]);
    execFileSync("sh", ["-c", `"$0" -e '${script}' "$1" >> "$2"`, process.execPath, bundle, path]);
    expect(await readFile(path, "utf8")).toBe("before\nnew\n");
  });

  test("a folder is refused", async () => {
    const folder = await temporaryFolder();
    await expect(writeWhole(folder, say("x"))).rejects.toThrow("is a folder; name a file in it");
  });
});

describe("an input file", () => {
  test("is refused under any of its names", async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "data.jsonl");
    await writeFile(data, "rows");
    await link(data, join(folder, "hard"));
    if (!isWindows) await symlink("data.jsonl", join(folder, "soft"));
    const names = ["data.jsonl", "./data.jsonl", "hard", ...(isWindows ? [] : ["soft"])];
    for (const name of names) {
      const written = writeWhole(`${folder}/${name}`, say("new"), [data]);
      await expect(written).rejects.toThrow(/is an input file .*; name another file/);
    }
    expect(await readFile(data, "utf8")).toBe("rows");
    await writeWhole(join(folder, "other"), say("new"), [data]);
    expect(await readFile(join(folder, "other"), "utf8")).toBe("new");
  });

  test("is refused if it is in an input folder", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "config.json"), "{}");
    await expect(writeWhole(join(folder, "config.json"), say("new"), [folder])).rejects.toThrow(InputError);
    await writeWhole(join(folder, "scores.jsonl"), say("new"), [folder]);
    expect((await readdir(folder)).sort()).toEqual(["config.json", "scores.jsonl"]);
  });
});
