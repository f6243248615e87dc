/** The editor's engine: its process, its log, and a notification if it crashes. */
import { join } from "node:path";
import * as vscode from "vscode";
import { EngineClient } from "../../engine/process/client";
import type { RewardEngine } from "../../protocol/engine";
import { workspaceTrust } from "./trust";
import { trustedEngine } from "./trusted-engine";

export class EngineHost implements vscode.Disposable {
  /** Answers the editor's requests, except those that `trusted-engine` refuses. */
  readonly client: RewardEngine;
  readonly #process: EngineClient;
  readonly log: vscode.LogOutputChannel;
  #isWanted = false;

  /** @param folder folder of the extension */
  constructor(folder: string) {
    this.log = vscode.window.createOutputChannel("Reward Inspector", { log: true });
    const options = {
      engineFile: join(folder, "dist", "engine.js"),
      onCrash: (reason: string) => this.#tell(reason),
      onLog: (text: string) => this.log.info(text.trimEnd()),
    };
    this.#process = new EngineClient(options);
    this.client = trustedEngine<RewardEngine>(this.#process, workspaceTrust(folder));
  }

  /** Ends the process. The next request starts a new one, and unanswered requests are repeated. */
  restart(): void {
    // If no process is running, none ends now, and the next crash must be reported.
    this.#isWanted = this.#process.pid !== undefined;
    this.log.info("Restarting the engine.");
    this.#process.restart();
  }

  dispose(): void {
    this.#process.dispose();
    this.log.dispose();
  }

  #tell(reason: string): void {
    if (this.#isWanted) {
      this.#isWanted = false;
      return;
    }
    this.log.error(`The engine crashed (${reason}); restarting it and repeating its requests.`);
    const show = "Show Engine Log";
    void vscode.window
      .showWarningMessage(
        `Reward Inspector: the engine crashed (${reason}) and is restarting; its requests will be repeated.`,
        show,
      )
      .then((choice) => {
        if (choice === show) this.log.show();
      });
  }
}
