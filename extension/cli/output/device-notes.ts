/** Prints the engine's notes about the device, and how to measure again if another device was requested. */
import type { ModelRequest, Provider } from "../../protocol/models";
import type { Terminal } from "./terminal/terminal";

export function warnOfDevice(
  terminal: Pick<Terminal, "warn" | "note">,
  wanted: ModelRequest["device"],
  { device, notes }: { readonly device: Provider; readonly notes: readonly string[] },
): void {
  for (const note of notes) terminal.warn(note);
  if (wanted !== "auto" && wanted !== device)
    terminal.note("`reward-inspector devices --refresh` measures the devices again");
}
