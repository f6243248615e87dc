/** TRL's stored chat templates render as in transformers, also if content begins or ends with whitespace. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { ChatTemplate } from "../../extension/engine/data/chat/chat-template";
import { InputError } from "../../extension/engine/errors";
import type { Message } from "../../extension/protocol/datasets";

/** A Python with requirements.txt; the comparison is skipped without one. */
const python = process.env.REWARD_INSPECTOR_PYTHON;

interface Rendering {
  readonly name: string;
  readonly template: string;
  readonly messages: readonly Message[];
  readonly opens: boolean;
  readonly tokens: Readonly<Record<string, string>>;
  /** The text that transformers renders, or its error. */
  readonly text: string | { readonly refusal: string };
}

/** Returns undefined if the template is rejected. */
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
    // These templates for images iterate over the characters of text content, which the Jinja library rejects.
    expect([...refused].filter((name) => !/^(idefics3|llava_next|smolvlm)/.test(name))).toEqual([]);
  },
);
