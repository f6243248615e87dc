/** How much memory a process here can still get: what is free, and what the system would free for it. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { posix } from "node:path";
import { promisify } from "node:util";

/** What is asked of the operating system; replaced in tests. */
export interface MemorySystem {
  readonly platform: NodeJS.Platform;
  /** undefined: there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** The output of macOS' `vm_stat`; undefined if it cannot be run. */
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

/** Bytes. In a container, no more than its limits leave. */
export async function availableMemory(system: MemorySystem = thisSystem): Promise<number> {
  if (system.platform === "linux") return Math.min(await linuxMemory(system), ...(await groupMemory(system)));
  if (system.platform === "darwin") return macMemory(await system.vmStat()) ?? system.total();
  // Windows counts its cache as free.
  return system.free();
}

/** os.freemem counts the cache as taken, on some versions of Node; MemAvailable does not. */
async function linuxMemory(system: MemorySystem): Promise<number> {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec((await system.readText("/proc/meminfo")) ?? "")?.[1];
  return kibibytes === undefined ? system.free() : 1024 * Number(kibibytes);
}

/** The files of a control group that tell its limit, what it uses, and how much of that is cache. */
interface GroupFiles {
  readonly root: string;
  readonly limit: string;
  readonly usage: string;
  /** In memory.stat. */
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

/** What each limit on this process leaves: those of its control group and of the groups around it. */
async function groupMemory(system: MemorySystem): Promise<number[]> {
  const left: number[] = [];
  for (const line of ((await system.readText("/proc/self/cgroup")) ?? "").split("\n")) {
    const [, id, controllers = "", path = "/"] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (id === undefined) continue;
    const files = id === "0" ? version2 : controllers.split(",").includes("memory") ? version1 : undefined;
    if (!files) continue;
    // Inside a container the path may be the host's, which is not there; the root is then the container's own group.
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
  // No limit is "max", or a number beyond any memory.
  if (Number.isNaN(most) || Number.isNaN(used)) return undefined;
  const stat = (await system.readText(posix.join(folder, "memory.stat"))) ?? "";
  const reclaimable = cache.reduce((sum, name) => {
    const bytes = new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1];
    return sum + Number(bytes ?? 0);
  }, 0);
  return Math.max(0, most - Math.max(0, used - reclaimable));
}

/** Pages that are free or hold what lies on disk too; undefined for an output of another form. */
function macMemory(vmStat: string | undefined): number | undefined {
  const pageSize = /page size of (\d+) bytes/.exec(vmStat ?? "")?.[1];
  if (vmStat === undefined || pageSize === undefined) return undefined;
  const pages = ["free", "inactive", "speculative", "purgeable"].map((kind) =>
    Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)\\.`, "m").exec(vmStat)?.[1] ?? 0),
  );
  return Number(pageSize) * pages.reduce((sum, count) => sum + count, 0);
}
