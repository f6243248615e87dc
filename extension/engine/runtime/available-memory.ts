/** Determines how much memory a process can still allocate: free memory, and caches that the system can reclaim. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { posix } from "node:path";
import { promisify } from "node:util";

/** Queries of the operating system; replaced in tests. */
export interface MemorySystem {
  readonly platform: NodeJS.Platform;
  /** Undefined if the file cannot be read. */
  readText(path: string): Promise<string | undefined>;
  /** Output of macOS' `vm_stat`; undefined if the command fails. */
  vmStat(): Promise<string | undefined>;
  free(): number;
  total(): number;
}

const thisSystem: MemorySystem = {
  platform: process.platform,
  readText: (path) => readFile(path, "utf8").catch(() => undefined),
  vmStat: () =>
    promisify(execFile)("/usr/bin/vm_stat").then(
      ({ stdout }) => stdout,
      () => undefined,
    ),
  free: freemem,
  total: totalmem,
};

/** Available memory in bytes, within the limits of control groups. */
export async function availableMemory(system: MemorySystem = thisSystem): Promise<number> {
  if (system.platform === "linux") return Math.min(await linuxMemory(system), ...(await groupMemory(system)));
  if (system.platform === "darwin") return macMemory(await system.vmStat()) ?? system.total();
  // On Windows, free memory includes the cache.
  return system.free();
}

/** MemAvailable, because some versions of Node count the cache as used in os.freemem. */
async function linuxMemory(system: MemorySystem): Promise<number> {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec((await system.readText("/proc/meminfo")) ?? "")?.[1];
  return kibibytes === undefined ? system.free() : 1024 * Number(kibibytes);
}

/** Files of a control group with its memory limit and usage. */
interface GroupFiles {
  readonly root: string;
  readonly limit: string;
  readonly usage: string;
  /** Entries of memory.stat that count reclaimable cache. */
  readonly cache: readonly string[];
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files */
const version2: GroupFiles = {
  root: "/sys/fs/cgroup",
  limit: "memory.max",
  usage: "memory.current",
  cache: ["active_file", "inactive_file"],
};

/** https://docs.kernel.org/admin-guide/cgroup-v1/memory.html */
const version1: GroupFiles = {
  root: "/sys/fs/cgroup/memory",
  limit: "memory.limit_in_bytes",
  usage: "memory.usage_in_bytes",
  cache: ["total_active_file", "total_inactive_file"],
};

/** Bytes left in the control group of this process and in each of its ancestors, if limited. */
async function groupMemory(system: MemorySystem): Promise<number[]> {
  const left: number[] = [];
  for (const line of ((await system.readText("/proc/self/cgroup")) ?? "").split("\n")) {
    const [, id, controllers = "", path = "/"] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (id === undefined) continue;
    const files = id === "0" ? version2 : controllers.split(",").includes("memory") ? version1 : undefined;
    if (!files) continue;
    // In a container, the path may be the host's and not exist; the root is then the container's own group.
    for (let group = posix.join("/", path); ; group = posix.dirname(group)) {
      const bytes = await leftIn(posix.join(files.root, group), files, system);
      if (bytes !== undefined) left.push(bytes);
      if (group === "/") break;
    }
  }
  return left;
}

async function leftIn(
  folder: string,
  { limit, usage, cache }: GroupFiles,
  system: MemorySystem,
): Promise<number | undefined> {
  const number = async (file: string): Promise<number> =>
    Number.parseInt((await system.readText(posix.join(folder, file))) ?? "", 10);
  const [most, used] = [await number(limit), await number(usage)];
  // Version 2 writes "max" for no limit; version 1 a number larger than any memory.
  if (Number.isNaN(most) || Number.isNaN(used)) return undefined;
  const stat = (await system.readText(posix.join(folder, "memory.stat"))) ?? "";
  const reclaimable = cache.reduce((sum, name) => {
    const bytes = new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1];
    return sum + Number(bytes ?? 0);
  }, 0);
  return Math.max(0, most - Math.max(0, used - reclaimable));
}

/** Bytes in free and reclaimable pages; undefined if the output has another format. */
function macMemory(vmStat: string | undefined): number | undefined {
  const pageSize = /page size of (\d+) bytes/.exec(vmStat ?? "")?.[1];
  if (vmStat === undefined || pageSize === undefined) return undefined;
  const pages = ["free", "inactive", "speculative", "purgeable"].map((kind) =>
    Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)\\.`, "m").exec(vmStat)?.[1] ?? 0),
  );
  return Number(pageSize) * pages.reduce((sum, count) => sum + count, 0);
}
