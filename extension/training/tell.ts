/** Shows why long work failed, and what to do next. */
import * as vscode from "vscode";
import type { EngineHost } from "../platform/engine/engine-host";
import { errorText, manageTrust, nextSteps } from "../platform/error-wording";

/** Actions by the title of their button. */
export type Actions = Readonly<Record<string, () => unknown>>;

/** A notification has at most two buttons. */
const mostActions = 2;

/** Shows why work failed, or nothing if the user canceled it. Offers the log if there are fewer than two actions. */
export async function tellFailure(
  { log }: Pick<EngineHost, "log">,
  what: string,
  error: unknown,
  actions: Actions = {},
): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const message = errorText(error);
  log.error(`${what}: ${message}`);
  const offered: Actions = {
    ...(nextSteps(error).includes(manageTrust.command) && {
      [manageTrust.title]: () => vscode.commands.executeCommand(manageTrust.command),
    }),
    ...actions,
    "Show Engine Log": () => log.show(),
  };
  const shown = Object.fromEntries(Object.entries(offered).slice(0, mostActions));
  await offer(vscode.window.showErrorMessage, `Reward Inspector: ${what}: ${message}`, shown);
}

/** Shows a message and performs the chosen action. */
export async function offer(
  show: (message: string, ...labels: string[]) => Thenable<string | undefined>,
  message: string,
  actions: Actions,
): Promise<void> {
  const answer = await show(message, ...Object.keys(actions));
  if (answer !== undefined) await actions[answer]?.();
}
