import { hasCode } from "./errors";

/** Whether a process of this machine is there, whoever's it is. One that has ended but was not waited for still counts. */
export function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}
