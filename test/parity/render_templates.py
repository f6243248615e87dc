"""Renders TRL's stored chat templates with transformers, one JSON line per template and conversation."""

import json
from pathlib import Path

import trl
from transformers.utils.chat_template_utils import render_jinja_template

EDGES = [
    ("", ""),
    (" ", ""),
    ("", " "),
    ("\n", "\n"),
    ("\t", "\t\n"),
    (" \n ", "\n \n"),
    ("\u3000", "\u00a0"),
    ("\x1c", "\x85"),
    ("\ufeff", "\ufeff"),
    ("<think>\n plan \n</think>\n\n  ", "\n"),
    ("\n<think>plan</think>\t", " "),
    ("<think>\n\n</think>\n\n\tif x:\n", ""),
]
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def conversations():
    """Yields conversations with every edge around the answer, the question, and an answer before the last."""
    for left, right in EDGES:
        answer = {"role": "assistant", "content": f"{left}An answer.{right}"}
        question = {"role": "user", "content": f"{left}A question?{right}"}
        plain = {"role": "user", "content": "A question?"}
        system = {"role": "system", "content": f"{left}Be brief.{right}"}
        yield [plain, answer], False
        yield [question], True
        yield [question, answer, plain, answer], False
        yield [system, question, answer], False


def render(template, messages, opens):
    try:
        [text], _ = render_jinja_template([messages], chat_template=template, add_generation_prompt=opens, **TOKENS)
        return text
    except Exception as error:  # A template may reject a conversation with any exception.
        return {"refusal": f"{type(error).__name__}: {error}"}


for path in sorted((Path(trl.__file__).parent / "chat_templates").glob("*.jinja")):
    template = path.read_text(encoding="utf-8")
    for messages, opens in conversations():
        line = {"name": path.name, "template": template, "messages": messages, "opens": opens}
        print(json.dumps({**line, "tokens": TOKENS, "text": render(template, messages, opens)}))
