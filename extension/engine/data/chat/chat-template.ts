/** The checkpoint's own chat template: Jinja, as https://huggingface.co/docs/transformers/chat_templating says. */
import { Template } from "@huggingface/jinja";
import { oneLine } from "../../../display/one-line";
import { InputError, messageOf } from "../../errors";
import type { Message } from "../fields/text";
import { replaceStripCalls, stripFunctions } from "./template-strip";

export class ChatTemplate {
  readonly #template: Template;
  readonly #specialTokens: Readonly<Record<string, string>>;

  /**
   * @param source Jinja
   * @param specialTokens by the names that templates use, as `bos_token`
   * @param place what to call the template in errors, as `qwen chat template`
   *
   * Throws InputError if the source is not Jinja that can be read.
   */
  constructor(
    source: string,
    specialTokens: Readonly<Record<string, string>>,
    private readonly place: string,
  ) {
    this.#specialTokens = specialTokens;
    try {
      this.#template = new Template(source);
      replaceStripCalls(this.#template.parsed);
    } catch (error) {
      throw new InputError(place, `cannot be read: ${oneLine(messageOf(error))}`);
    }
  }

  /** Throws InputError if the template refuses the conversation, or uses what the Jinja library lacks. */
  render(messages: readonly Message[], options: { readonly addGenerationPrompt: boolean }): string {
    try {
      return this.#template.render({
        ...this.#specialTokens,
        ...stripFunctions,
        messages,
        add_generation_prompt: options.addGenerationPrompt,
      });
    } catch (error) {
      throw new InputError(this.place, `cannot render this conversation: ${oneLine(messageOf(error))}`);
    }
  }
}
