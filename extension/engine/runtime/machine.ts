/** What a measurement of devices depends on: the machine, its graphics drivers, the runtime, and this product. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { arch, cpus, platform, release } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { version } from "../../../package.json";
import { env } from "./onnxruntime";

/**
 * A short text that changes when the machine, a graphics driver or the runtime does.
 * product: the version of Reward Inspector, whose graphs are what was measured.
 */
export async function machineFingerprint(product = version): Promise<string> {
  const processors = cpus();
  const facts = [
    platform(),
    arch(),
    // On macOS graphics drivers come with the system, and the kernel's release tells them apart.
    release(),
    processors[0]?.model ?? "",
    String(processors.length),
    env.versions.node ?? "",
    product,
    process.env.VK_ICD_FILENAMES ?? "",
    process.env.VK_DRIVER_FILES ?? "",
    ...(await graphicsDrivers()),
  ];
  return createHash("sha256").update(facts.join("\n")).digest("hex").slice(0, 16);
}

async function graphicsDrivers(): Promise<string[]> {
  if (platform() === "linux") return linuxDrivers();
  if (platform() !== "win32") return [];
  const query = "Get-CimInstance Win32_VideoController | ForEach-Object { $_.Name + ' ' + $_.DriverVersion }";
  const answer = await promisify(execFile)("powershell.exe", ["-NoProfile", "-Command", query], {
    timeout: 10_000,
  }).catch(() => ({ stdout: "" }));
  return [answer.stdout];
}

/** Kernel drivers by their version files, cards by PCI numbers, and the Vulkan drivers installed for them. */
async function linuxDrivers(): Promise<string[]> {
  const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
  const text = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
  const cards = (await list("/sys/class/drm")).filter((name) => /^card\d+$/.test(name)).sort();
  const identities = cards.flatMap((card) =>
    ["vendor", "device"].map((part) => text(join("/sys/class/drm", card, "device", part))),
  );
  const manifests = (await Promise.all(["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"].map(list))).flat();
  return [await text("/proc/driver/nvidia/version"), ...(await Promise.all(identities)), ...manifests.sort()];
}
