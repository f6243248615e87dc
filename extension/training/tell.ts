/** Failures of long work, with what to do next. */
import * as vscode from "vscode";
import type { EngineHost } from "../platform/engine-host";
import { errorText, manageTrust, nextSteps } from "../platform/error-wording";

/** What a button does. */
export type Actions = Readonly<Record<string, () => unknown>>;

/** Shows why work failed; nothing if the user ended it. The log is offered after the actions. */
export async function tellFailure(
  { log }: Pick<EngineHost, "log">,
  what: string,
  error: unknown,
  actions: Actions = {},
): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const message = errorText(error);
  log.error(`${what}: ${message}`);
  await offer(vscode.window.showErrorMessage, `Reward Inspector: ${what}: ${message}`, {
    ...(nextSteps(error).includes(manageTrust.command) && {
      [manageTrust.title]: () => vscode.commands.executeCommand(manageTrust.command),
    }),
    ...actions,
    "Show Engine Log": () => log.show(),
  });
}

/** Shows a message and does what is answered. */
export async function offer(
  show: (message: string, ...labels: string[]) => Thenable<string | undefined>,
  message: string,
  actions: Actions,
): Promise<void> {
  const answer = await show(message, ...Object.keys(actions));
  if (answer !== undefined) await actions[answer]?.();
}
