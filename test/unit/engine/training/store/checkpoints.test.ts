import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../../../../../extension/engine/errors";
import { UnwrittenFile } from "../../../../../extension/engine/files";
import { Checkpoints, listCheckpoints } from "../../../../../extension/engine/training/store/checkpoints";
import { missing } from "../../../../support/machine";
import { temporaryFolder } from "../../../../support/temp-folder";

async function filled(...steps: readonly number[]): Promise<{ folder: string; checkpoints: Checkpoints }> {
  const folder = await temporaryFolder();
  const checkpoints = await Checkpoints.open(folder);
  for (const step of steps) await checkpoints.write(step, fillWith(String(step)));
  return { folder, checkpoints };
}

function fillWith(text: string): (folder: string) => Promise<void> {
  return async (folder) => {
    await mkdir(join(folder, "trainer"));
    await writeFile(join(folder, "trainer/state"), text);
  };
}

async function steps(checkpoints: Checkpoints): Promise<number[]> {
  return (await checkpoints.list()).map(({ step }) => step);
}

const state = "trainer/state";

test("checkpoints are sorted by step, even beyond six digits", async () => {
  const { folder, checkpoints } = await filled(1_000_000, 20, 999_999);
  expect(await steps(checkpoints)).toEqual([20, 999_999, 1_000_000]);
  expect(await listCheckpoints(folder)).toEqual(await checkpoints.list());
  expect(await readdir(join(folder, "checkpoints"))).toEqual(["step-000020", "step-1000000", "step-999999"]);
  const latest = await checkpoints.latest();
  expect(await readFile(join(latest?.folder ?? "", state), "utf8")).toBe("1000000");
});

test("a run without checkpoints has none", async () => {
  const folder = await temporaryFolder();
  expect(await listCheckpoints(folder)).toEqual([]);
  expect(await (await Checkpoints.open(folder)).latest()).toBeUndefined();
});

test("a checkpoint does not exist before it is complete", async () => {
  const { folder, checkpoints } = await filled(1);
  await checkpoints.write(2, async () => {
    expect(await steps(checkpoints)).toEqual([1]);
    // Listing does not disturb the checkpoint that is being written.
    expect(await listCheckpoints(folder)).toHaveLength(1);
  });
  expect(await steps(checkpoints)).toEqual([1, 2]);
});

test("a checkpoint of the same step is replaced, or kept if the new one fails", async () => {
  const { folder, checkpoints } = await filled(5);
  await checkpoints.write(5, fillWith("new"));
  const path = join(folder, "checkpoints/step-000005", state);
  expect(await readFile(path, "utf8")).toBe("new");
  await expect(checkpoints.write(5, () => Promise.reject(new InputError("x", "y")))).rejects.toThrow();
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(join(folder, "checkpoints"))).toEqual(["step-000005"]);
});

test("a full disk loses nothing, and the error says where the last good checkpoint is", async ({ skip }) => {
  skip(missing.fullDevice !== undefined, missing.fullDevice);
  const { folder, checkpoints } = await filled();
  const fill = async (partial: string) => {
    await writeFile(join(partial, "half"), "half");
    await writeFile("/dev/full", "the rest");
  };
  await expect(checkpoints.write(1, fill)).rejects.toThrow(
    /step-000001: could not be written \(ENOSPC.*\); the run has no checkpoint yet; fix the cause/,
  );
  await checkpoints.write(100, fillWith("good"));
  const failed = checkpoints.write(200, fill);
  await expect(failed).rejects.toThrow(UnwrittenFile);
  await expect(failed).rejects.toThrow(
    /step-000200: could not be written \(ENOSPC.*\); nothing was lost: the last good checkpoint is .*step-000100;/,
  );
  expect(await readdir(join(folder, "checkpoints"))).toEqual(["step-000100"]);
});

test("an error that is not the disk's is thrown unchanged, and leaves no files", async () => {
  const { folder, checkpoints } = await filled();
  const fault = new TypeError("x is not a function");
  await expect(checkpoints.write(1, () => Promise.reject(fault))).rejects.toBe(fault);
  expect(await readdir(join(folder, "checkpoints"))).toEqual([]);
});

test("what a crash left is removed, and a checkpoint that was being replaced is restored", async () => {
  const { folder } = await filled(1, 2);
  const root = join(folder, "checkpoints");
  for (const name of [".step-000003.77.partial", ".step-000002.77.replaced", ".step-000004.77.replaced"]) {
    await mkdir(join(root, name, "trainer"), { recursive: true });
    await writeFile(join(root, name, state), "old");
  }
  await mkdir(join(root, "my own"));
  const checkpoints = await Checkpoints.open(folder);
  expect(await readdir(root)).toEqual(["my own", "step-000001", "step-000002", "step-000004"]);
  expect(await readFile(join(root, "step-000002", state), "utf8")).toBe("2");
  expect(await readFile(join(root, "step-000004", state), "utf8")).toBe("old");
  expect(await steps(checkpoints)).toEqual([1, 2, 4]);
});

test.each([
  [{ keep: 2, protect: [] }, [30, 40]],
  [{ keep: 1, protect: [10, 99] }, [10, 40]],
  [{ keep: 0, protect: [20] }, [20, 40]],
  [{ keep: 9, protect: [] }, [10, 20, 30, 40]],
])("pruning by %j leaves %j", async (which, left) => {
  const { checkpoints } = await filled(10, 20, 30, 40);
  await checkpoints.prune(which);
  expect(await steps(checkpoints)).toEqual(left);
});

test("a run that resumes from an earlier checkpoint drops the later ones", async () => {
  const { checkpoints } = await filled(10, 20, 30);
  await checkpoints.rewind(10);
  expect(await steps(checkpoints)).toEqual([10]);
});

test("a folder that cannot be written is an UnwrittenFile, not an InputError", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "checkpoints"), "");
  await expect(Checkpoints.open(folder)).rejects.toThrow(UnwrittenFile);
});
