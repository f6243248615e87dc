/** Which browser the tests take, and what is installed before them, on machines made up for it. */
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { findChromium, type Surroundings } from "../../build/chromium";
import {
  download,
  packageSteps,
  prepareMachine,
  type Step,
  type TestMachine,
} from "../../build/test-machine";

/** @param programs that are there and start */
function found(programs: readonly string[], env: Surroundings["env"]): string | undefined {
  const downloaded = "/cache/chrome";
  return findChromium({ env, downloaded, starts: (path) => programs.includes(path) });
}

const env = { PATH: ["/first", "", "/second"].join(process.platform === "win32" ? ";" : ":") };

test.each<[string, readonly string[], Surroundings["env"], string | undefined]>([
  ["the first on the PATH", ["/second/chromium", "/first/google-chrome"], env, "/first/google-chrome"],
  ["a name before another", ["/first/chromium-browser", "/first/chromium"], env, "/first/chromium"],
  ["the PATH before the download", ["/cache/chrome", "/second/chromium"], env, "/second/chromium"],
  ["the download", ["/cache/chrome"], env, "/cache/chrome"],
  [
    "the one that is named",
    ["/own", "/first/chromium"],
    { ...env, REWARD_INSPECTOR_CHROMIUM: "/own" },
    "/own",
  ],
  [
    "no other in place of the one named",
    ["/first/chromium"],
    { ...env, REWARD_INSPECTOR_CHROMIUM: "/own" },
    undefined,
  ],
  [
    "an empty name is none",
    ["/first/chromium"],
    { ...env, REWARD_INSPECTOR_CHROMIUM: "" },
    "/first/chromium",
  ],
  ["none in the current folder", ["chromium"], env, undefined],
  ["none without a PATH", ["/first/chromium"], {}, undefined],
])("%s", (_, programs, surroundings, expected) => {
  expect(
    found(
      programs.map((path) => path.replaceAll("/", join("/"))),
      surroundings,
    ),
  ).toBe(expected?.replaceAll("/", join("/")));
});

const bare: TestMachine = {
  hasChromium: false,
  isLinux: true,
  mayInstallPackages: true,
  lackedPackages: ["g++", "libvulkan1"],
};

test("root gets Debian's packages, only those that are lacking", () => {
  const shell = (machine: TestMachine): string => packageSteps(machine)[0]?.command.at(-1) ?? "";
  expect(shell(bare)).toMatch(/^apt-get update -q && .*apt-get install .* chromium g\+\+ libvulkan1$/);
  expect(shell({ ...bare, hasChromium: true })).toMatch(/--no-install-recommends g\+\+ libvulkan1$/);
  expect(packageSteps({ ...bare, hasChromium: true, lackedPackages: [] })).toEqual([]);
  expect(packageSteps({ ...bare, mayInstallPackages: false })).toEqual([]);
  expect(packageSteps({ ...bare, isLinux: false })).toEqual([]);
});

/** @param brings the steps that bring a browser; others fail. @returns the steps that were tried, and what was said */
async function prepared(machine: TestMachine, brings: (step: Step) => boolean) {
  let { hasChromium } = machine;
  const tried: string[] = [];
  const say = vi.fn<(text: string) => void>();
  await prepareMachine(
    () => ({ ...machine, hasChromium }),
    async (step) => {
      tried.push(step.command[0]);
      if (!brings(step)) throw new Error("no network");
      hasChromium = true;
    },
    say,
  );
  return { tried, said: say.mock.calls.flat() };
}

test("Playwright's download follows if the packages bring no browser, or may not be installed", async () => {
  expect((await prepared(bare, () => true)).tried).toEqual(["sh"]);
  const second = await prepared(bare, (step) => step === download);
  expect(second.tried).toEqual(["sh", "node"]);
  expect(second.said).toEqual([
    "Installing chromium, g++, libvulkan1 for the tests",
    "no network",
    download.says,
  ]);
  expect((await prepared({ ...bare, mayInstallPackages: false }, () => true)).tried).toEqual(["node"]);
});

test("a machine on which nothing can be installed is no error, and one that has all is left alone", async () => {
  expect((await prepared(bare, () => false)).tried).toEqual(["sh", "node"]);
  const whole = { ...bare, hasChromium: true, lackedPackages: [] };
  expect(await prepared(whole, () => false)).toEqual({ tried: [], said: [] });
});
