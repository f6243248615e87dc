import { describe, expect, test } from "vitest";
import { ChatTemplate } from "../../../../../extension/engine/data/chat/chat-template";
import { renderCompletion } from "../../../../../extension/engine/data/chat/render";
import { InputError } from "../../../../../extension/engine/errors";

function rendered(expression: string, content: string): string {
  const source = `{% set content = messages[0].content %}${expression}`;
  return new ChatTemplate(source, {}, "test").render([{ role: "user", content }], {
    addGenerationPrompt: false,
  });
}

/** Expected text from Jinja2 3.1 with the settings of transformers. */
const cases: readonly (readonly [expression: string, content: string, expected: string])[] = [
  ["{{ content.lstrip('\\n') }}", "  a\n", "  a\n"],
  ["{{ content.lstrip('\\n') }}", "\n\n  a \n\n", "  a \n\n"],
  ["{{ content.lstrip('\\n') }}", "\tdef f():\n", "\tdef f():\n"],
  ["{{ content.rstrip('\\n') }}", "\n\n  a \n\n", "\n\n  a "],
  ["{{ content.strip('\\n') }}", "\n\n  a \n\n", "  a "],
  ["{{ content.strip('\\n') }}", "", ""],
  ["{{ content.strip('\\n') }}", "\n\n", ""],
  ["{{ content.strip('x\\n ') }}", "x x a\nx", "a"],
  ["{{ content.strip('') }}", "  a\n", "  a\n"],
  ["{{ content.strip('😀é') }}", "😀é a é😀😁", " a é😀😁"],
  ["{{ content.strip() }}", "\u3000a\u00a0", "a"],
  ["{{ content.strip() }}", "\x1ca\x85", "a"],
  ["{{ content.strip() }}", "\ufeffa\ufeff", "\ufeffa\ufeff"],
  ["{{ content.lstrip(none) }}", "\n\n  a \n\n", "a \n\n"],
  ["{{ content.rstrip() }}", "\n\n  a \n\n", "\n\n  a"],
  ["{{ content | trim }}", "\ufeffa \x85", "\ufeffa"],
  ["{{ content | trim('\\n') }}", "\n\n  a \n\n", "  a "],
  ["{{ content | trim(chars=' x') }}", "x x a\nx", "a\n"],
  ["{{ content.split('</think>')[-1].lstrip('\\n') }}", "<think>\nhm\n</think>\n\n  b\n", "  b\n"],
  [
    "{{ content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') }}",
    "<think>\n hm \n\n</think>\n\n  b\n",
    " hm ",
  ],
  ["{{ {'a': content.lstrip('x')}['a'] ~ content.rstrip('x') }}", "x b x", " b xx b "],
  ["{% if content.strip('\\n') == ' a' %}yes{% endif %}", "\n a\n", "yes"],
  [
    "{% macro show(m) %}<{{ m.strip('\\n') }}>{% endmacro %}{{ show(content.lstrip(' ')) }}",
    " \n a\n",
    "< a>",
  ],
  ["{% macro show() %}{{ kwargs.m.strip('\\n') | trim }}{% endmacro %}{{ show(m=content) }}", "\n a\n", "a"],
  ["{% for part in content.strip('\\n').split(' ') %}[{{ part }}]{% endfor %}", "\n a\n", "[][a]"],
];

test.each(cases)("%s of %j", (expression, content, expected) => {
  expect(rendered(expression, content)).toBe(expected);
});

describe("arguments that Python rejects", () => {
  test.each([
    "{{ content.strip(1) }}",
    "{{ content.strip(chars='x') }}",
    "{{ messages.strip('x') }}",
    "{{ nothing.strip('x') }}",
  ])("%s is refused", (expression) => {
    expect(() => rendered(expression, "x")).toThrow(InputError);
  });
});

test("a completion that begins with a space keeps it under a template like Qwen3's", () => {
  const template = new ChatTemplate(
    "{% for m in messages %}<{{ m.role }}>{{ m.content.lstrip('\\n') }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}",
    {},
    "test",
  );
  const chat = renderCompletion(
    {
      role: "completion",
      prompt: [{ role: "user", content: "Say a." }],
      completion: [{ role: "assistant", content: "  a" }],
    },
    template,
  );
  expect(chat.text).toBe("<user>Say a.<assistant>  a");
  expect(chat.text.slice(chat.contentStart, chat.contentEnd)).toBe("  a");
});
