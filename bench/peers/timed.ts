import type { Timing } from "../protocol";

/** Measures the wall and CPU time of some work. */
export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; timing: Timing }> {
  const used = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { result, timing: { seconds, busySeconds: (user + system) / 1e6 } };
}
