/** TRL's stored chat templates as transformers renders them, content that begins or ends in white space among them. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { ChatTemplate } from "../../extension/engine/data/chat/chat-template";
import type { Message } from "../../extension/engine/data/fields/text";
import { InputError } from "../../extension/engine/errors";

/** A Python with requirements.txt; without one the comparison is left out. */
const python = process.env.REWARD_INSPECTOR_PYTHON;

interface Rendering {
  readonly name: string;
  readonly template: string;
  readonly messages: readonly Message[];
  readonly opens: boolean;
  readonly tokens: Readonly<Record<string, string>>;
  /** What transformers renders, or why it does not. */
  readonly text: string | { readonly refusal: string };
}

/** undefined if the template is refused. */
function rendered({ name, template, messages, opens, tokens }: Rendering): string | undefined {
  try {
    return new ChatTemplate(template, tokens, name).render(messages, { addGenerationPrompt: opens });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

it.skipIf(python === undefined)(
  "TRL's templates render as in transformers (needs REWARD_INSPECTOR_PYTHON)",
  { timeout: 180_000 },
  async () => {
    const script = join(import.meta.dirname, "render_templates.py");
    const { stdout } = await promisify(execFile)(python ?? "", [script], { maxBuffer: 2 ** 28 });
    const renderings = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Rendering);
    const wrong: unknown[] = [];
    const refused = new Set<string>();
    let equal = 0;
    for (const rendering of renderings) {
      const expected = typeof rendering.text === "string" ? rendering.text : undefined;
      const text = rendered(rendering);
      if (text === expected) equal++;
      else if (text === undefined) refused.add(rendering.name);
      else wrong.push({ name: rendering.name, messages: rendering.messages, text, expected });
    }
    expect(wrong).toEqual([]);
    expect(equal).toBeGreaterThan(1000);
    // These are for images, and iterate over the characters of content that is text. The Jinja library refuses that.
    expect([...refused].filter((name) => !/^(idefics3|llava_next|smolvlm)/.test(name))).toEqual([]);
  },
);
