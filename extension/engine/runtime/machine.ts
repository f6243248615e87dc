/** Identifies what device measurements depend on: machine, graphics drivers, ONNX Runtime and product version. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { arch, cpus, platform, release } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { version } from "../../../package.json";
import { env } from "./onnxruntime";

/**
 * A hash that changes with the machine, a graphics driver, ONNX Runtime or the product.
 * product: version of Reward Inspector, because different versions build different graphs.
 */
export async function machineFingerprint(product = version): Promise<string> {
  const processors = cpus();
  const facts = [
    platform(),
    arch(),
    // On macOS, graphics drivers are part of the system, so the kernel release identifies them.
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

/** NVIDIA's kernel driver version, PCI ids of the graphics cards, and names of the installed Vulkan drivers. */
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
