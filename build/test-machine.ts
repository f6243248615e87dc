/**
 * What tests need of a machine beyond Node: a Chromium, a Vulkan loader for WebGPU without a GPU, and the compiler that
 * builds the headless workbench's native modules. Decides what to install, and installs it.
 */
import { messageOf } from "../extension/engine/errors";

export interface TestMachine {
  readonly hasChromium: boolean;
  /** Whether Debian's packages can be installed: apt-get is there, and the user is root. */
  readonly mayInstallPackages: boolean;
  readonly isLinux: boolean;
  /** Debian's packages, Chromium apart, that the tests need and the machine lacks. */
  readonly lackedPackages: readonly string[];
}

export interface Step {
  readonly says: string;
  readonly command: readonly [program: string, ...args: string[]];
}

/** Debian's packages for a machine, in one step; none if nothing is lacking or the user may not. */
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

/** Playwright's download of Chromium, into the user's cache. */
export const download: Step = {
  says: "Downloading Chromium for the tests (once; about 170 MB)",
  command: ["node", "node_modules/playwright-core/cli.js", "install", "chromium", "--no-shell"],
};

/**
 * Installs what the tests need. A step that fails is told of and is no error: the tests that lack it skip, and say so.
 * @param look looks at the machine anew
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
