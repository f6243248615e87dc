import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { placesOfModel, placesOfRun } from "../../../extension/engine/places";
import { firstInside } from "../../../extension/platform/engine/inside";
import { runRecord } from "../../support/runs";
import { temporaryFolder } from "../../support/temp-folder";

/** A workspace folder with content from elsewhere, and a folder of the user's own next to it. */
async function folders(): Promise<{ readonly workspace: string; readonly own: string }> {
  const root = await temporaryFolder();
  const [workspace, own] = [join(root, "workspace"), join(root, "own")];
  await mkdir(join(workspace, "model", "goal_states"), { recursive: true });
  await writeFile(join(workspace, "model", "model.safetensors"), "");
  await mkdir(own);
  return { workspace, own };
}

const isIn = async (model: string, workspace: string, base?: string): Promise<boolean> =>
  (await firstInside(await placesOfModel(model, base), [workspace])) !== undefined;

test("a model in the workspace is found by any path that leads to it", async () => {
  const { workspace, own } = await folders();
  await symlink(join(workspace, "model"), join(own, "link"));
  await symlink(workspace, join(own, "way"));
  expect(await isIn(join(workspace, "model"), workspace)).toBe(true);
  expect(await isIn(`${workspace}/../workspace/./model/`, workspace)).toBe(true);
  expect(await isIn(join(own, "link"), workspace)).toBe(true);
  expect(await isIn(join(own, "way", "model"), workspace)).toBe(true);
  // The workspace itself may be opened through a link.
  expect(await isIn(join(workspace, "model"), join(own, "way"))).toBe(true);
});

test("a folder outside is not in the workspace, nor one whose name starts with the workspace's", async () => {
  const { workspace, own } = await folders();
  await mkdir(`${workspace}-2/model`, { recursive: true });
  expect(await isIn(own, workspace)).toBe(false);
  expect(await isIn(join(`${workspace}-2`, "model"), workspace)).toBe(false);
});

test("a folder whose name begins with two dots is in the workspace", async () => {
  const { workspace } = await folders();
  await mkdir(join(workspace, "..model"));
  expect(await isIn(join(workspace, "..model"), workspace)).toBe(true);
});

test("files that are links into the workspace count", async () => {
  const { workspace, own } = await folders();
  for (const name of ["weights", "goals"]) await mkdir(join(own, name, "goal_states"), { recursive: true });
  await symlink(join(workspace, "model", "model.safetensors"), join(own, "weights", "model.safetensors"));
  await symlink(
    join(workspace, "model", "model.safetensors"),
    join(own, "goals", "goal_states", "a.safetensors"),
  );
  await symlink(join(workspace, "gone"), join(own, "gone"));
  expect(await isIn(join(own, "weights"), workspace)).toBe(true);
  expect(await isIn(join(own, "goals"), workspace)).toBe(true);
  expect(await isIn(own, workspace)).toBe(false);
});

test("an adapter counts with its base, unless another is named", async () => {
  const { workspace, own } = await folders();
  const adapter = join(own, "adapter");
  await mkdir(adapter);
  for (const base of [join(workspace, "model"), "../../workspace/model"]) {
    await writeFile(join(adapter, "adapter_config.json"), JSON.stringify({ base_model_name_or_path: base }));
    expect(await isIn(adapter, workspace)).toBe(true);
  }
  expect(await isIn(adapter, workspace, own)).toBe(false);
});

test("a model of the Hugging Face cache counts by the location of its files", async () => {
  const { workspace, own } = await folders();
  const repository = join(own, "models--someone--model");
  await mkdir(join(repository, "refs"), { recursive: true });
  await writeFile(join(repository, "refs", "main"), "abc\n");
  const snapshot = join(repository, "snapshots", "abc");
  await mkdir(snapshot, { recursive: true });
  vi.stubEnv("HF_HUB_CACHE", own);
  expect(await isIn("someone/model", workspace)).toBe(false);
  await symlink(join(workspace, "model", "model.safetensors"), join(snapshot, "model.safetensors"));
  expect(await isIn("someone/model", workspace)).toBe(true);
  vi.unstubAllEnvs();
});

test("a run counts with the model that it started from, and with its checkpoints", async () => {
  const { workspace, own } = await folders();
  const run = join(own, "run");
  await mkdir(join(run, "checkpoints"), { recursive: true });
  const isRunIn = async (model: string): Promise<boolean> => {
    await writeFile(join(run, "run.json"), JSON.stringify(runRecord({ model })));
    return (await firstInside(await placesOfRun(run), [workspace])) !== undefined;
  };
  expect(await isRunIn(own)).toBe(false);
  expect(await isRunIn(join(workspace, "model"))).toBe(true);
  await symlink(join(workspace, "model"), join(run, "checkpoints", "step-000001"));
  expect(await isRunIn(own)).toBe(true);
});

test("missing models and runs are errors", async () => {
  const { own } = await folders();
  await expect(placesOfModel(join(own, "nothing"))).rejects.toThrow("there is no such model folder");
  await expect(placesOfRun(join(own, "nothing"))).rejects.toThrow("this run folder does not exist");
});
