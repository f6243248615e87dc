/**
 * Installs what the tests need in addition to Node: Chromium, a Vulkan loader for WebGPU without a GPU, and a compiler
 * for the native modules of the headless workbench.
 */
import { messageOf } from "../extension/engine/errors";

export interface TestMachine {
  readonly hasChromium: boolean;
  /** Whether Debian packages can be installed: apt-get exists and the user is root. */
  readonly mayInstallPackages: boolean;
  readonly isLinux: boolean;
  /** Debian packages, other than Chromium, that the tests need and the machine lacks. */
  readonly lackedPackages: readonly string[];
}

export interface Step {
  readonly says: string;
  readonly command: readonly [program: string, ...args: string[]];
}

/** The step that installs the missing Debian packages; empty if none is missing or they cannot be installed. */
export function packageSteps(machine: TestMachine): readonly Step[] {
  const packages = [...(machine.hasChromium ? [] : ["chromium"]), ...machine.lackedPackages];
  if (packages.length === 0 || !machine.isLinux || !machine.mayInstallPackages) return [];
  const install = "DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends";
  return [
    {
      says: `Installing ${packages.join(", ")} for the tests`,
      command: ["sh", "-c", `apt-get update -q && ${install} ${packages.join(" ")}`],
    },
  ];
}

/** Downloads Playwright's Chromium into the user's cache. */
export const download: Step = {
  says: "Downloading Chromium for the tests (once; about 170 MB)",
  command: ["node", "node_modules/playwright-core/cli.js", "install", "chromium", "--no-shell"],
};

/**
 * Installs what the tests need. A failed step is reported but is not an error: tests that need it are skipped.
 * @param look returns the current state of the machine
 * @param run throws if a step fails
 */
export async function prepareMachine(
  look: () => TestMachine,
  run: (step: Step) => Promise<unknown>,
  say: (text: string) => void,
): Promise<void> {
  const attempt = async (step: Step): Promise<void> => {
    say(step.says);
    try {
      await run(step);
    } catch (error) {
      say(messageOf(error));
    }
  };
  for (const step of packageSteps(look())) await attempt(step);
  if (!look().hasChromium) await attempt(download);
}
