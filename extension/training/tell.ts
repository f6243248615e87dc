/** Failures of long work, with what to do next. */
import * as vscode from "vscode";
import { messageOf } from "../engine/errors";
import type { EngineHost } from "../platform/engine-host";
import { manageTrust, UntrustedModel } from "../platform/trust";
import { inEditorWords } from "./form/training-texts";

/** What a button does. */
export type Actions = Readonly<Record<string, () => unknown>>;

/** Shows why work failed; nothing where the user ended it. The log is offered behind the actions. */
export async function tellFailure(
  { log }: Pick<EngineHost, "log">,
  what: string,
  error: unknown,
  actions: Actions = {},
): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const message = inEditorWords(messageOf(error));
  log.error(`${what}: ${message}`);
  await offer(vscode.window.showErrorMessage, `Reward Inspector: ${what}: ${message}`, {
    ...(error instanceof UntrustedModel && {
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
