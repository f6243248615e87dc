/** Tests devices that pass the probe but refuse a training graph. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cpu, type Device } from "../../../../../extension/engine/runtime/device";
import { DeviceChooser } from "../../../../../extension/engine/runtime/device-choice";
import { machineFingerprint } from "../../../../../extension/engine/runtime/machine";
import { listSupportedBackends } from "../../../../../extension/engine/runtime/onnxruntime";
import { TrainingRuns } from "../../../../../extension/engine/training-runs";
import { providers } from "../../../../../extension/protocol/models";
import { Heard, request, settings } from "../../../../support/engine-training";
import { temporaryFolder } from "../../../../support/temp-folder";

/** A provider that the runtime lacks. No platform's build has all of them, so there always is one. */
function refused(): Device {
  const built = listSupportedBackends().map(({ name }) => name);
  const provider = providers.find((name) => !built.includes(name));
  if (!provider) throw new Error("the runtime has every provider here");
  return { provider, kernels: "fused" };
}

/** A chooser that has stored the device as the fastest one. */
async function remembering(device: Device): Promise<DeviceChooser> {
  const memory = join(await temporaryFolder(), "devices.json");
  const report = { ...device, works: true, tokensPerSecond: 1e9 };
  await writeFile(memory, JSON.stringify({ fingerprint: await machineFingerprint(), reports: [report] }));
  return new DeviceChooser("no probe is run", memory);
}

test("a run trains on the CPU and says why if its device refuses the graph", async () => {
  const device = refused();
  const runs = new TrainingRuns(await remembering(device));
  const asked = await request({ device: "auto", settings: { ...settings, maxSteps: 2 } });
  const heard = new Heard();
  const { record } = await runs.train(asked, heard);
  expect(record).toMatchObject({ status: "finished", step: 2, device: "cpu" });
  expect(heard.starts[0]?.record.device).toBe("cpu");
  expect(heard.starts[0]?.notes).toEqual([
    expect.stringMatching(`^${device.provider} cannot train this model \\(.+\\); training on the CPU\\.$`),
  ]);
}, 120_000);

test("a run whose device accepts the graph has no notes", async () => {
  const runs = new TrainingRuns(await remembering(cpu));
  const heard = new Heard();
  await runs.train(await request({ device: "auto", settings: { ...settings, maxSteps: 1 } }), heard);
  expect(heard.starts.map(({ notes }) => notes)).toEqual([[]]);
}, 120_000);
