/** Tests each execution provider in a process of its own, as a driver may crash it: whether it works, and how fast. */

import { fork } from "node:child_process";
import type { DeviceReport } from "../../protocol/models";
import { type Provider, providers } from "../../protocol/models";
import { listSupportedBackends } from "./onnxruntime";
import { withProbeFolder } from "./probe-model";

/** Milliseconds after which a provider counts as not working. */
const timeLimit = 60_000;

/** Tests every provider that this build of ONNX Runtime includes. probeFile: bundled entry point of the process. */
export async function probeDevices(probeFile: string): Promise<DeviceReport[]> {
  const built = listSupportedBackends().map(({ name }) => name);
  return withProbeFolder(async (folder) => {
    const reports: DeviceReport[] = [];
    // One at a time, so that they do not slow each other down.
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
    let errorOutput = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errorOutput = (errorOutput + chunk.toString()).slice(-4000);
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`did not respond within ${timeLimit / 1000} seconds`);
    }, timeLimit);
    child.once("message", (report) => resolve(report as DeviceReport));
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`crashed (${signal ?? `exit code ${code}`}) ${lastLine(errorOutput)}`.trim());
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
