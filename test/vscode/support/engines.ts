/** Finds and kills the engine processes of a workbench. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { OpenWorkbench } from "./workbench";

/** Returns the ids of all engine processes that descend from the workbench's server. */
export function engines({ serverPid }: OpenWorkbench): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const below = new Set([serverPid]);
  for (let before = 0; before !== below.size; ) {
    before = below.size;
    for (const [pid, parent] of rows) if (below.has(Number(parent))) below.add(Number(pid));
  }
  return rows
    .filter(([pid, , ...args]) => below.has(Number(pid)) && args.join(" ").endsWith("dist/engine.js"))
    .map(([pid]) => Number(pid));
}

/** Returns the id of the only engine process. */
export function engine(workbench: OpenWorkbench): number {
  const found = engines(workbench);
  expect(found).toHaveLength(1);
  return found[0] ?? 0;
}

/** Kills the engine after it has used about 0.3 seconds of CPU time. */
export async function killBusyEngine(workbench: OpenWorkbench, begin: () => Promise<unknown>): Promise<void> {
  const pid = engine(workbench);
  const before = ticks(pid);
  await begin();
  await expect.poll(() => ticks(pid) - before).toBeGreaterThan(30);
  process.kill(pid, "SIGKILL");
}

/** Returns the CPU time of a process in units of 10 ms. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
