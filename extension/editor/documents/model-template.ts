/** Whether the active model has a chat template: asked when a chat is to be scored, and remembered. */
import type { ActiveModel } from "../../platform/active-model";
import type { DocumentRows } from "./document-rows";

export class ModelTemplate {
  #known: { readonly model: string; readonly isThere: boolean } | undefined;

  constructor(private readonly model: ActiveModel) {}

  /** false while it is not known. */
  get isThere(): boolean {
    return this.isKnown && (this.#known?.isThere ?? false);
  }

  /** Whether it is known of the active model. */
  get isKnown(): boolean {
    return this.#known?.model === this.model.model;
  }

  /** Asks the engine if one of the documents is a chat. */
  async ask(documents: readonly DocumentRows[]): Promise<void> {
    const { model } = this.model;
    if (this.#known?.model === model || !documents.some(({ kind }) => kind === "markdown-chat")) return;
    // A model that cannot be opened says so when rows are scored with it.
    const inspection = await this.model.inspect(model).catch(() => undefined);
    if (model === this.model.model) this.#known = { model, isThere: inspection?.template ?? false };
  }

  /** The model's files may have changed. */
  forget(): void {
    this.#known = undefined;
  }
}
