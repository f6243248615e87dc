import { hasCode } from "./errors";

/**
 * Whether a process with this id exists on this machine, under any user. A zombie, which has ended but was not waited
 * for, counts as running.
 */
export function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}
