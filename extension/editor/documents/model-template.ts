/** Whether the active model has a chat template. The engine is asked when a chat is scored, and once per model. */
import type { ActiveModel } from "../../platform/models/active-model";
import type { DocumentRows } from "./document-rows";

export class ModelTemplate {
  #known: { readonly model: string; readonly isThere: boolean } | undefined;

  constructor(private readonly model: ActiveModel) {}

  /** Whether the active model has a chat template; false until it is known. */
  get isThere(): boolean {
    return this.isKnown && (this.#known?.isThere ?? false);
  }

  /** Whether the engine has answered for the active model. */
  get isKnown(): boolean {
    return this.#known?.model === this.model.model;
  }

  /** Asks the engine, provided that one of the documents is a chat. */
  async ask(documents: readonly DocumentRows[]): Promise<void> {
    const { model } = this.model;
    if (this.#known?.model === model || !documents.some(({ kind }) => kind === "markdown-chat")) return;
    // If the model cannot be opened, scoring reports the error.
    const inspection = await this.model.inspect(model).catch(() => undefined);
    if (model === this.model.model) this.#known = { model, isThere: inspection?.template ?? false };
  }

  /** Call when the model's files may have changed. */
  forget(): void {
    this.#known = undefined;
  }
}
