/** The engine as the editor has it: its process, its log, and a word to the user when it crashes. */
import { join } from "node:path";
import * as vscode from "vscode";
import type { EngineClient } from "../engine/process/client";
import { TrustedClient } from "./trusted-client";

export class EngineHost implements vscode.Disposable {
  readonly client: EngineClient;
  readonly log: vscode.LogOutputChannel;
  #isWanted = false;

  /** @param folder of the extension */
  constructor(folder: string) {
    this.log = vscode.window.createOutputChannel("Reward Inspector", { log: true });
    const options = {
      engineFile: join(folder, "dist", "engine.js"),
      onCrash: (reason: string) => this.#tell(reason),
      onLog: (text: string) => this.log.info(text.trimEnd()),
    };
    this.client = new TrustedClient(options, folder);
  }

  /** Ends the process; the next request starts another, and what is under way is asked again. */
  restart(): void {
    // Without a process there is nothing to end, and the next crash is a crash.
    this.#isWanted = this.client.pid !== undefined;
    this.log.info("Restarting the engine.");
    this.client.restart();
  }

  dispose(): void {
    this.client.dispose();
    this.log.dispose();
  }

  #tell(reason: string): void {
    if (this.#isWanted) {
      this.#isWanted = false;
      return;
    }
    this.log.error(`The engine ended (${reason}); it is started again for what was under way.`);
    const show = "Show Engine Log";
    void vscode.window
      .showWarningMessage(
        `Reward Inspector: the engine ended (${reason}) and starts again. What was under way is asked for anew.`,
        show,
      )
      .then((choice) => {
        if (choice === show) this.log.show();
      });
  }
}
