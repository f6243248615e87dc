/** Finds choices that are not in effect: invalid settings, and a device or goal state that is unavailable. Pure. */
import type { RunSettings } from "../../protocol/scoring";
import type { SettingProblem, Settings } from "./setting-values";

/**
 * Returns sentences for the user, which stay the same as long as their cause does.
 *
 * @param settings settings of the last request; undefined before the first
 */
export function choiceProblems(
  invalid: readonly SettingProblem[],
  { device, goalState }: Pick<Settings, "device" | "goalState">,
  settings: Pick<RunSettings, "device" | "goals" | "notes"> | undefined,
): readonly string[] {
  const problems = invalid.map(({ problem }) => `${problem}.`);
  if (!settings) return problems;
  if (device !== "auto" && settings.device !== device) {
    const why = settings.notes.find((note) => note.startsWith(`${device} `));
    problems.push(`The device ${device} is not used: ${why ?? `models run on ${settings.device}.`}`);
  }
  if (goalState !== "" && !settings.goals.includes(goalState))
    problems.push(goalProblem(goalState, settings.goals));
  return problems;
}

function goalProblem(name: string, goals: readonly string[]): string {
  const used = goals.length === 0 ? "without one" : `with ${goals.join(", ")}`;
  return `The goal state ${name} is not used: files are scored ${used}.`;
}
