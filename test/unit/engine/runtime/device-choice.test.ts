import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DeviceChooser } from "../../../../extension/engine/runtime/device-choice";
import { machineFingerprint } from "../../../../extension/engine/runtime/machine";
import { version } from "../../../../package.json";
import { temporaryFolder } from "../../../support/temp-folder";

/** A chooser with a fake probe process of the given behavior (JavaScript), and the number of processes started. */
async function chooserWith(
  behavior: string,
): Promise<{ chooser: () => DeviceChooser; starts: () => Promise<number> }> {
  const folder = await temporaryFolder();
  const log = join(folder, "starts.log");
  const probe = join(folder, "probe.js");
  await writeFile(log, "");
  await writeFile(
    probe,
    `const provider = process.argv[2];
     require("node:fs").appendFileSync(${JSON.stringify(log)}, provider + "\\n");
     const answer = (report) => process.send({ provider, ...report }, () => process.exit(0));
     ${behavior}`,
  );
  return {
    chooser: () => new DeviceChooser(probe, join(folder, "devices.json")),
    starts: async () => (await readFile(log, "utf8")).trim().split("\n").filter(Boolean).length,
  };
}

const webgpuIsFaster = `answer({ works: true, kernels: provider === "cpu" ? "fused" : "primitive",
  tokensPerSecond: provider === "webgpu" ? 900 : 100 });`;

test("auto chooses the fastest measured device, with its correct kernels", async () => {
  const { chooser } = await chooserWith(webgpuIsFaster);
  const { device, notes } = await chooser().choose("auto");
  expect(device).toMatchObject({ provider: "webgpu", kernels: "primitive" });
  expect(notes).toEqual([]);
});

test("choosing the CPU measures nothing", async () => {
  const { chooser, starts } = await chooserWith(webgpuIsFaster);
  expect((await chooser().choose("cpu")).device).toEqual({ provider: "cpu", kernels: "fused" });
  expect(await starts()).toBe(0);
});

test("chooseNow returns the CPU for auto until devices are measured", async () => {
  const { chooser, starts } = await chooserWith(webgpuIsFaster);
  const hasty = chooser();
  const first = await hasty.chooseNow("auto");
  expect(first).toMatchObject({ device: { provider: "cpu" }, isProvisional: true });
  expect(first.notes[0]).toMatch(/until the devices of this machine are measured/);
  expect(await starts()).toBe(0);

  const measuring = hasty.reports();
  expect((await hasty.chooseNow("auto")).device.provider).toBe("cpu");
  await measuring;
  const known = { device: { provider: "webgpu" }, notes: [] };
  expect(await hasty.chooseNow("auto")).toMatchObject(known);
  // Another process reads the saved measurements.
  expect(await chooser().chooseNow("auto")).toMatchObject(known);
});

test("chooseNow measures if a device is given by name", async () => {
  const { chooser } = await chooserWith(webgpuIsFaster);
  expect((await chooser().chooseNow("webgpu")).device.provider).toBe("webgpu");
});

test("measurements are saved until a refresh", async () => {
  const { chooser, starts } = await chooserWith(webgpuIsFaster);
  await chooser().choose("auto");
  const first = await starts();
  expect(first).toBeGreaterThan(0);
  await chooser().choose("auto");
  expect(await starts()).toBe(first);
  await chooser().reports(true);
  expect(await starts()).toBe(2 * first);
});

test("measurements of another machine or driver are ignored", async () => {
  const { chooser, starts } = await chooserWith(webgpuIsFaster);
  await chooser().choose("auto");
  const first = await starts();
  process.env.VK_DRIVER_FILES = "/some/other/driver.json";
  try {
    await chooser().choose("auto");
  } finally {
    delete process.env.VK_DRIVER_FILES;
  }
  expect(await starts()).toBe(2 * first);
});

test.each([
  ["says why it fails", `answer({ works: false, problem: "no adapter" })`, /no adapter/],
  ["is killed", `process.kill(process.pid, "SIGKILL")`, /crashed \(SIGKILL\)/],
  ["throws", `throw new Error("driver too old")`, /crashed \(exit code 1\)/],
])("a provider that %s is replaced by the CPU, with a note that says why", async (_, failing, reason) => {
  const { chooser } = await chooserWith(
    `if (provider === "cpu") answer({ works: true, kernels: "fused", tokensPerSecond: 1 }); else ${failing};`,
  );
  const named = await chooser().choose("webgpu");
  expect(named.device.provider).toBe("cpu");
  expect(named.notes).toHaveLength(1);
  expect(named.notes[0]).toMatch(/^webgpu cannot be used: /);
  expect(named.notes[0]).toMatch(reason);
  expect((await chooser().choose("auto")).device.provider).toBe("cpu");
});

test("if measuring fails, the CPU is used with a note, and the next call measures again", async () => {
  const { chooser } = await chooserWith(webgpuIsFaster);
  const { TMPDIR } = process.env;
  const one = chooser();
  process.env.TMPDIR = "/no/such/folder";
  try {
    const { device, notes } = await one.choose("auto");
    expect(device.provider).toBe("cpu");
    expect(notes).toEqual([
      expect.stringMatching(/^devices could not be measured \(ENOENT.*Using the CPU\.$/),
    ]);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  expect((await one.choose("auto")).device.provider).toBe("webgpu");
});

test("a provider that ONNX Runtime does not include is reported as such", async () => {
  const { chooser } = await chooserWith(webgpuIsFaster);
  const other = process.platform === "darwin" ? "dml" : "coreml";
  expect((await chooser().choose(other)).notes[0]).toMatch(/does not include this provider on this platform/);
});

test("the fingerprint changes with the version of Reward Inspector", async () => {
  const [own, same, other] = await Promise.all([
    machineFingerprint(),
    machineFingerprint(version),
    machineFingerprint("0.0.0-other"),
  ]);
  expect(same).toBe(own);
  expect(other).not.toBe(own);
});
