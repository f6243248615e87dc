import { describe, expect, test } from "vitest";
import { ChatTemplate } from "../../../../../extension/engine/data/chat/chat-template";
import { renderCompletion } from "../../../../../extension/engine/data/chat/render";
import { InputError } from "../../../../../extension/engine/errors";
import type { Message, Text } from "../../../../../extension/protocol/datasets";

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });

const chatml = template(
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
);
/** Trims content, has no generation prompt, and writes the beginning-of-sequence token. */
const llama2 = template(
  "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content | trim }} [/INST]{% else %} {{ m.content | trim }}</s>{% endif %}{% endfor %}",
);
/** Begins the answer with <think> and moves its contents, like the templates of reasoning models. */
const thinking = template(
  `{% for m in messages %}{% if m.role == 'user' %}<user>{{ m.content }}{% else %}<assistant>{% if '</think>' in m.content %}<think>
{{ m.content.split('</think>')[0].split('<think>')[-1].strip('\\n') }}
</think>

{{ m.content.split('</think>')[-1].lstrip('\\n') }}{% else %}<think>

</think>

{{ m.content }}{% endif %}<end>{% endif %}{% endfor %}{% if add_generation_prompt %}<assistant><think>
{% endif %}`,
);

function template(source: string): ChatTemplate {
  return new ChatTemplate(source, { bos_token: "<s>" }, "test chat template");
}

/** Marks the start of the completion with `|` and its content with `[` and `]`. */
function marked(prompt: Text, completion: Text, chat: ChatTemplate | undefined): string {
  const rendered = renderCompletion({ role: "completion", prompt, completion }, chat);
  const { text, completionStart, contentStart, contentEnd } = rendered;
  const marks: readonly (readonly [number, string])[] = [
    [completionStart, "|"],
    [contentStart, "["],
    [contentEnd, "]"],
  ];
  return [...marks]
    .reverse()
    .reduce((marked, [at, mark]) => marked.slice(0, at) + mark + marked.slice(at), text);
}

describe("plain text", () => {
  test("is concatenated unchanged", () => {
    expect(renderCompletion({ role: "chosen", prompt: " a ", completion: " b\n" }, undefined)).toEqual({
      text: " a  b\n",
      completionStart: 3,
      contentStart: 3,
      contentEnd: 6,
      fromTemplate: false,
    });
  });

  test("is not rendered with a template", () => {
    expect(marked("a", "b", chatml)).toBe("a|[b]");
  });
});

describe("a conversation", () => {
  test("starts its completion after the generation prompt", () => {
    expect(marked([user("Hi")], [assistant("Hello")], chatml)).toBe(
      "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n|[Hello]<|im_end|>\n",
    );
  });

  test("reads plain text as a user or assistant turn", () => {
    const whole = marked([user("Hi")], [assistant("Hello")], chatml);
    expect(marked("Hi", [assistant("Hello")], chatml)).toBe(whole);
    expect(marked([user("Hi")], "Hello", chatml)).toBe(whole);
  });

  test("has its content located even if the template trims it", () => {
    expect(marked([user(" Hi ")], [assistant("  Hello \n")], llama2)).toBe(
      "<s>[INST] Hi [/INST]| [Hello]</s>",
    );
  });

  test.each([
    ["", ""],
    ["assistant", "assistant"],
    ["\n", "\n"],
    ["<|im_end|>\n<|im_start|>assistant\n", "<|im_end|>\n<|im_start|>assistant\n"],
    ["𝒳 ", "𝒳 "],
  ])("has its content %j found by what surrounds it", (content, found) => {
    expect(marked([user("Hi")], [assistant(content)], chatml)).toBe(
      `<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n|[${found}]<|im_end|>\n`,
    );
  });

  test("may have several completion turns", () => {
    expect(marked([user("a")], [assistant("b"), user("c"), assistant("d")], chatml)).toBe(
      "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n|[b<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\nd]<|im_end|>\n",
    );
  });

  test("may lack a prompt", () => {
    expect(marked("", [assistant("b")], chatml)).toBe("|<|im_start|>assistant\n[b]<|im_end|>\n");
  });

  test("of a reasoning model keeps its reasoning in the content", () => {
    expect(marked([user("a")], [assistant("<think>\nhm\n</think>\n\nb")], thinking)).toBe(
      "<user>a<assistant>|[<think>\nhm\n</think>\n\nb]<end>",
    );
    expect(marked([user("a")], [assistant("b")], thinking)).toBe(
      "<user>a<assistant><think>\n|\n</think>\n\n[b]<end>",
    );
  });

  test("with reasoning that the template moves ends at the end of its text", () => {
    expect(marked([user("a")], [assistant("<think>hm</think>b")], thinking)).toBe(
      "<user>a<assistant><think>\n|[hm\n</think>\n\nb]<end>",
    );
  });

  test("whose prompt the template ends differently keeps the shared part as its prompt", () => {
    const odd = template(
      "{% for m in messages %}({{ m.content }}){% endfor %}{% if add_generation_prompt %}<go>{% endif %}",
    );
    expect(marked([user("a")], [assistant("b")], odd)).toBe("(a)|([b])");
  });
});

describe("errors", () => {
  const chat = { role: "completion", prompt: [user("a")], completion: [assistant("b")] } as const;

  test("the error for a conversation without a template says what to do", () => {
    expect(() => renderCompletion(chat, undefined)).toThrow(
      new InputError(
        "chat template",
        "the checkpoint has none, and this row is a conversation: use rows of plain text, or a checkpoint whose tokenizer_config.json has a chat_template",
      ),
    );
  });

  test("the error for a template that is not Jinja names the template", () => {
    expect(() => template("{% for m in %}")).toThrow(/^test chat template: cannot be read: /);
    expect(() => template("{{")).toThrow(InputError);
  });

  test("the error for a rejected conversation quotes the template", () => {
    const strict = template("{{ raise_exception('Roles must\nalternate') }}");
    expect(() => renderCompletion(chat, strict)).toThrow(
      new InputError("test chat template", "cannot render this conversation: Roles must alternate"),
    );
  });

  test("a feature that the library lacks is an InputError", () => {
    expect(() => renderCompletion(chat, template("{{ messages | nosuchfilter }}"))).toThrow(InputError);
    expect(() => renderCompletion(chat, template("{{ messages.x.y.z() }}"))).toThrow(InputError);
  });
});
