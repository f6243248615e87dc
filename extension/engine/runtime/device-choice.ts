/** Chooses a device: by name, or the fastest that was measured on this machine. */
import { mkdir, readFile } from "node:fs/promises";
import { homedir, platform } from "node:os";
import { dirname, join } from "node:path";
import type { DeviceReport, Provider } from "../../protocol/models";
import { messageOf } from "../errors";
import { writeWhole } from "../files";
import { cpu, type Device } from "./device";
import { machineFingerprint } from "./machine";
import { probeDevices } from "./probe";

export interface DeviceChoice {
  readonly device: Device;
  /** Why the requested device is not used; empty if it is. */
  readonly notes: readonly string[];
  /** True if devices are not measured yet, so that the choice may change. */
  readonly isProvisional?: boolean;
}

/** Content of the file of measurements. */
interface Memory {
  readonly fingerprint: string;
  readonly reports: readonly DeviceReport[];
}

export class DeviceChooser {
  #reports: Promise<readonly DeviceReport[]> | undefined;
  #isMeasured = false;

  constructor(
    /** The bundled entry of the probe process. */
    private readonly probeFile: string,
    /** File in which measurements are saved. */
    private readonly memoryFile: string = join(cacheFolder(), "devices.json"),
  ) {}

  async choose(wanted: "auto" | Provider): Promise<DeviceChoice> {
    if (wanted === "cpu") return { device: cpu, notes: [] };
    let reports: readonly DeviceReport[];
    try {
      reports = await this.reports();
    } catch (error) {
      return {
        device: cpu,
        notes: [`devices could not be measured (${messageOf(error)}). Using the CPU.`],
      };
    }
    if (wanted === "auto") return { device: fastest(reports), notes: [] };
    const report = reports.find(({ provider }) => provider === wanted);
    if (report?.works) return { device: report, notes: [] };
    const reason = report ? report.problem : "ONNX Runtime does not include this provider on this platform";
    return {
      device: cpu,
      notes: [`${wanted} cannot be used: ${reason}. Using the CPU.`],
    };
  }

  /** Like `choose`, but does not wait for measurements, which take seconds: until they exist, `auto` is the CPU. */
  async chooseNow(wanted: "auto" | Provider): Promise<DeviceChoice> {
    if (wanted !== "auto" || (await this.#isKnown())) return this.choose(wanted);
    const note = "using the CPU until the devices of this machine are measured, which happens once";
    return { device: cpu, notes: [note], isProvisional: true };
  }

  /** One report per provider: as saved for this machine and its drivers, or measured now. refresh: always measure. */
  reports(refresh = false): Promise<readonly DeviceReport[]> {
    if (refresh) this.#reports = undefined;
    this.#reports ??= this.#remembered(refresh).then(
      (reports) => {
        this.#isMeasured = true;
        return reports;
      },
      (error: unknown) => {
        // The next call tries again, as the cause may be temporary (a full disk, for example).
        this.#reports = undefined;
        throw error;
      },
    );
    return this.#reports;
  }

  async #isKnown(): Promise<boolean> {
    if (this.#reports) return this.#isMeasured;
    const memory = await readMemory(this.memoryFile);
    return memory?.fingerprint === (await machineFingerprint());
  }

  async #remembered(refresh: boolean): Promise<readonly DeviceReport[]> {
    const fingerprint = await machineFingerprint();
    const memory = refresh ? undefined : await readMemory(this.memoryFile);
    if (memory?.fingerprint === fingerprint) return memory.reports;
    const reports = await probeDevices(this.probeFile);
    // If saving fails, the next process measures again.
    await this.#keep({ fingerprint, reports }).catch(() => undefined);
    return reports;
  }

  async #keep(memory: Memory): Promise<void> {
    await mkdir(dirname(this.memoryFile), { recursive: true });
    await writeWhole(this.memoryFile, (file) => file.write(JSON.stringify(memory, undefined, 2)));
  }
}

function fastest(reports: readonly DeviceReport[]): Device {
  const working = reports.filter((report) => report.works);
  return (
    working.reduce<(DeviceReport & { works: true }) | undefined>(
      (best, report) => (best && best.tokensPerSecond >= report.tokensPerSecond ? best : report),
      undefined,
    ) ?? cpu
  );
}

async function readMemory(path: string): Promise<Memory | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Memory;
  } catch {
    return undefined;
  }
}

/** This product's folder in the platform's cache folder. */
function cacheFolder(): string {
  const home = homedir();
  if (platform() === "win32")
    return join(process.env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "reward-inspector");
  if (platform() === "darwin") return join(home, "Library", "Caches", "reward-inspector");
  return join(process.env.XDG_CACHE_HOME || join(home, ".cache"), "reward-inspector");
}
