/** Finds out, in throw-away processes, which execution providers work here and how fast they are. */

import { fork } from "node:child_process";
import type { DeviceReport } from "../../protocol/models";
import { type Provider, providers } from "../../protocol/models";
import { listSupportedBackends } from "./onnxruntime";
import { withProbeFolder } from "./probe-model";

/** A provider that answers no sooner is not worth having. */
const timeLimit = 60_000;

/** Tries every provider that the runtime was built with. probeFile: the bundled entry of the probe process. */
export async function probeDevices(probeFile: string): Promise<DeviceReport[]> {
  const built = listSupportedBackends().map(({ name }) => name);
  return withProbeFolder(async (folder) => {
    const reports: DeviceReport[] = [];
    // One at a time, so that they do not slow each other.
    for (const provider of providers.filter((name) => built.includes(name))) {
      reports.push(await tryProvider(probeFile, provider, folder));
    }
    return reports;
  });
}

function tryProvider(probeFile: string, provider: Provider, folder: string): Promise<DeviceReport> {
  return new Promise((resolve) => {
    const fail = (problem: string): void => resolve({ provider, works: false, problem });
    const child = fork(probeFile, [provider, folder], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [],
    });
    let complaints = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-4000);
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`gave no answer within ${timeLimit / 1000} seconds`);
    }, timeLimit);
    child.once("message", (report) => resolve(report as DeviceReport));
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`crashed (${signal ?? `exit code ${code}`}) ${lastLine(complaints)}`.trim());
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
