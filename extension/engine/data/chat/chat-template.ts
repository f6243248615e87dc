/** The checkpoint's chat template, in Jinja (https://huggingface.co/docs/transformers/chat_templating). */
import { Template } from "@huggingface/jinja";
import { oneLine } from "../../../display/one-line";
import type { Message } from "../../../protocol/datasets";
import { InputError, messageOf } from "../../errors";
import { replaceStripCalls, stripFunctions } from "./template-strip";

export class ChatTemplate {
  readonly #template: Template;
  readonly #specialTokens: Readonly<Record<string, string>>;

  /**
   * @param source the template's Jinja source
   * @param specialTokens special tokens by the names that templates use, such as `bos_token`
   * @param place what errors call the template, such as `qwen chat template`
   * @throws InputError if the source cannot be parsed as Jinja
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

  /** Throws InputError if the template rejects the conversation or uses a feature that the Jinja library lacks. */
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
