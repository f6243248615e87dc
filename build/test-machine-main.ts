/** Entry point of the step before `npm test` that installs the programs and libraries the tests need. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findChromium, swiftShaderFolder } from "./chromium";
import { prepareMachine, type Step, type TestMachine } from "./test-machine";
import { runCommand } from "./workbench/command";

function look(): TestMachine {
  const browser = findChromium();
  const programs = { "g++": "g++", make: "make", python3: "python3" };
  const lacked = Object.entries(programs).filter(([program]) => !isOnPath(program));
  return {
    hasChromium: browser !== undefined,
    isLinux: process.platform === "linux",
    mayInstallPackages: process.getuid?.() === 0 && isOnPath("apt-get"),
    lackedPackages: [...lacked.map(([, name]) => name), ...(hasVulkan(browser) ? [] : ["libvulkan1"])],
  };
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Whether there is a Vulkan loader, from the system or included in the browser. */
function hasVulkan(browser: string | undefined): boolean {
  const own = swiftShaderFolder(browser);
  if (own !== undefined && existsSync(join(own, "libvulkan.so.1"))) return true;
  const { stdout } = spawnSync("ldconfig", ["-p"], { encoding: "utf8" });
  return stdout?.includes("libvulkan.so.1") ?? false;
}

function run({ command: [program, ...args] }: Step): Promise<unknown> {
  const remedy = "tests that need it are skipped and listed at the end";
  return runCommand(program === "node" ? process.execPath : program, args, { cwd: process.cwd(), remedy });
}

void prepareMachine(look, run, (text) => console.log(text));
