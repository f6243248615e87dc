import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fingerprint } from "../../../../../extension/engine/checkpoint/reading/fingerprint";
import { temporaryFolder } from "../../../../support/temp-folder";

test("a goal state that is stored beside a model leaves its fingerprint, and a file of the model changes it", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "config.json"), "{}");
  const places = { folder, baseFolder: folder };
  const before = await fingerprint(places);
  await mkdir(join(folder, "goal_states"));
  await writeFile(join(folder, "goal_states", "good.safetensors"), "");
  expect(await fingerprint(places)).toBe(before);
  await writeFile(join(folder, "config.json"), "{ }");
  expect(await fingerprint(places)).not.toBe(before);
});
