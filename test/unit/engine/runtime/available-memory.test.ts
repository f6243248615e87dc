import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { availableMemory, type MemorySystem } from "../../../../extension/engine/runtime/available-memory";

const gibibyte = 2 ** 30;
const meminfo = "MemTotal:       16777216 kB\nMemFree:          500000 kB\nMemAvailable:   12582912 kB\n";

function linux(files: Readonly<Record<string, string>>): MemorySystem {
  return {
    platform: "linux",
    readText: async (path) => ({ "/proc/meminfo": meminfo, ...files })[path],
    vmStat: async () => undefined,
    free: () => 500_000 * 1024,
    total: () => 16 * gibibyte,
  };
}

test("on Linux, the cache is available", async () => {
  expect(await availableMemory(linux({}))).toBe(12 * gibibyte);
  expect(await availableMemory(linux({ "/proc/meminfo": "" }))).toBe(500_000 * 1024);
});

test("a cgroup v2 limit applies, minus used memory that is not cache", async () => {
  const folder = "/sys/fs/cgroup/user.slice/app";
  const files = {
    "/proc/self/cgroup": "0::/user.slice/app\n",
    [`${folder}/memory.max`]: `${8 * gibibyte}\n`,
    [`${folder}/memory.current`]: `${7 * gibibyte}\n`,
    [`${folder}/memory.stat`]: `anon 1\nactive_file ${gibibyte}\ninactive_file ${3 * gibibyte}\nfile 0\n`,
    "/sys/fs/cgroup/user.slice/memory.max": "max\n",
    "/sys/fs/cgroup/user.slice/memory.current": `${9 * gibibyte}\n`,
  };
  expect(await availableMemory(linux(files))).toBe(5 * gibibyte);
  // The tightest limit applies, including those of ancestors.
  const tight = { ...files, "/sys/fs/cgroup/user.slice/memory.max": `${10 * gibibyte}` };
  expect(await availableMemory(linux(tight))).toBe(gibibyte);
  const over = { ...files, [`${folder}/memory.max`]: "1000" };
  expect(await availableMemory(linux(over))).toBe(0);
});

test("a cgroup v1 limit applies, also in a container that reports the host's path", async () => {
  const files = {
    "/proc/self/cgroup": "5:cpu,cpuacct:/docker/a\n4:memory:/docker/a\n1:name=systemd:/\n0::/\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": `${4 * gibibyte}\n`,
    "/sys/fs/cgroup/memory/memory.usage_in_bytes": `${2 * gibibyte}\n`,
    "/sys/fs/cgroup/memory/memory.stat": `total_active_file 0\ntotal_inactive_file ${gibibyte}\n`,
  };
  expect(await availableMemory(linux(files))).toBe(3 * gibibyte);
  const none = { ...files, "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n" };
  expect(await availableMemory(linux(none))).toBe(12 * gibibyte);
});

test("on macOS, reclaimable pages are available", async () => {
  const vmStat = [
    "Mach Virtual Memory Statistics: (page size of 16384 bytes)",
    "Pages free:                               10000.",
    "Pages active:                            400000.",
    "Pages inactive:                          300000.",
    "Pages speculative:                         2000.",
    "Pages purgeable:                           1000.",
  ].join("\n");
  const mac: MemorySystem = { ...linux({}), platform: "darwin", vmStat: async () => vmStat };
  expect(await availableMemory(mac)).toBe(16384 * 313_000);
  expect(await availableMemory({ ...mac, vmStat: async () => undefined })).toBe(16 * gibibyte);
});

test("on Windows, free memory is available", async () => {
  expect(await availableMemory({ ...linux({}), platform: "win32" })).toBe(500_000 * 1024);
});

test("on this machine it is positive and at most the total", async () => {
  const bytes = await availableMemory();
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(totalmem());
});
