/** Whether the active model has a chat template: asked when a chat is to be scored, and remembered. */
import type { ActiveModel } from "../../platform/active-model";
import type { DocumentRows } from "./document-rows";

export class ModelTemplate {
  #known: { readonly model: string; readonly isThere: boolean } | undefined;

  constructor(private readonly model: ActiveModel) {}

  /** false while it is not known. */
  get isThere(): boolean {
    return this.#known?.isThere ?? false;
  }

  /** Asks the engine where one of the documents is a chat. */
  async ask(documents: readonly DocumentRows[]): Promise<void> {
    const { model } = this.model;
    if (this.#known?.model === model || !documents.some(({ kind }) => kind === "markdown-chat")) return;
    try {
      const { template } = await this.model.inspect(model);
      if (model === this.model.model) this.#known = { model, isThere: template };
    } catch {
      // A model that cannot be opened says so where it is scored with.
    }
  }

  /** The model's files may have changed. */
  forget(): void {
    this.#known = undefined;
  }
}
