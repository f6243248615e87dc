"""Scores a JSONL file of prompts and completions with transformers, as a whole process.

--order file: batches of --batch rows in file order, padded to the longest, as most scripts do.
--order length: sorted by length, batches of --batch-tokens tokens, as a careful script does.
"""

import argparse
import json

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--order", choices=["file", "length"], required=True)
    parser.add_argument("--ids", action="store_true", help="also write the token ids")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--batch-tokens", type=int, default=2048)
    parser.add_argument("--max-length", type=int, default=4096)
    parser.add_argument("--threads", type=int, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForSequenceClassification.from_pretrained(
        arguments.model, dtype=torch.float32, attn_implementation="sdpa"
    ).eval()
    # The model's forward reads the reward before the first padding token, so EOS can't be the padding token.
    tokenizer.pad_token_id = model.config.pad_token_id = 0

    with open(arguments.data) as file:
        rows = [json.loads(line) for line in file]
    texts = [row["prompt"] + row["completion"] for row in rows]
    encoded = [ids + [tokenizer.eos_token_id] for ids in tokenizer(texts)["input_ids"]]
    encoded = [ids[: arguments.max_length] for ids in encoded]

    by_file = arguments.order == "file"
    batches = in_order(encoded, arguments.batch) if by_file else by_length(encoded, arguments.batch_tokens)
    rewards = [0.0] * len(rows)
    with torch.inference_mode():
        for batch in batches:
            inputs = tokenizer.pad({"input_ids": [encoded[i] for i in batch]}, return_tensors="pt")
            for i, reward in zip(batch, model(**inputs).logits[:, 0].tolist()):
                rewards[i] = reward
    with open(arguments.out, "w") as file:
        for i, reward in enumerate(rewards):
            line = {"row": i, "reward": reward, **({"ids": encoded[i]} if arguments.ids else {})}
            file.write(json.dumps(line) + "\n")


def in_order(encoded: list[list[int]], size: int) -> list[list[int]]:
    return [list(range(at, min(at + size, len(encoded)))) for at in range(0, len(encoded), size)]


def by_length(encoded: list[list[int]], tokens: int) -> list[list[int]]:
    batches: list[list[int]] = []
    longest = 0
    for i in sorted(range(len(encoded)), key=lambda i: -len(encoded[i])):
        if not batches or (len(batches[-1]) + 1) * longest > tokens:
            batches.append([])
            longest = len(encoded[i])
        batches[-1].append(i)
    return batches


main()
