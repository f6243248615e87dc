"""Wraps transformers on PyTorch as a peer, with JSON lines on stdin and stdout (see protocol.ts)."""

import argparse
import json
import sys
import time

import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer


class Scorer:
    def __init__(self, folder: str) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForSequenceClassification.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="sdpa"
        ).eval()
        # The model's forward reads the reward before the first padding token, so EOS can't be the padding token.
        self.padding = 0
        self.model.config.pad_token_id = self.padding
        self.factors: dict[tuple[int, int, int], tuple[torch.Tensor, torch.Tensor]] = {}

    def encode(self, texts: list[str], length: int) -> dict:
        ids = self.tokenizer(texts, truncation=True, max_length=length)["input_ids"]
        return {"ids": ids}

    def score(self, rows: list[list[int]], goal: list[float], mode: str) -> dict:
        timer = Timer()
        with torch.inference_mode():
            ids, mask = self.padded(rows)
            if mode == "classify":
                rewards = self.model(input_ids=ids, attention_mask=mask).logits[:, 0].tolist()
                return {**timer.stop(), "scores": {"rewards": rewards}}
            inputs = {} if mode == "tokens-unmasked" else {"attention_mask": mask}
            hidden = self.model.model(input_ids=ids, use_cache=False, **inputs).last_hidden_state
            partial = self.model.score(hidden)[..., 0]
            q = torch.nn.functional.cosine_similarity(hidden, torch.tensor(goal), dim=-1)
        timing = timer.stop()
        lengths = [len(row) for row in rows]
        by_row = lambda values: [row[:n].tolist() for row, n in zip(values, lengths)]  # noqa: E731
        partial_rewards = by_row(partial)
        scores = {
            "rewards": [row[-1] for row in partial_rewards],
            "q": by_row(q),
            "partialRewards": partial_rewards,
        }
        return {**timing, "scores": scores}

    def padded(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        longest = max(map(len, rows))
        ids = torch.tensor([row + [self.padding] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        return ids, mask

    def matmul(self, rows: int, inner: int, columns: int, times: int) -> dict:
        shape = (rows, inner, columns)
        if shape not in self.factors:
            self.factors[shape] = (torch.rand(rows, inner), torch.rand(inner, columns))
            torch.matmul(*self.factors[shape])
        timer = Timer()
        for _ in range(times):
            torch.matmul(*self.factors[shape])
        return timer.stop()


class Timer:
    def __init__(self) -> None:
        self.start, self.used = time.perf_counter(), time.process_time()

    def stop(self) -> dict:
        return {
            "seconds": time.perf_counter() - self.start,
            "busySeconds": time.process_time() - self.used,
        }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--threads", type=int, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    scorer = Scorer(arguments.model)
    versions = f"PyTorch {torch.__version__}, transformers {transformers.__version__}"
    print(json.dumps({"versions": versions}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(scorer, request.pop("kind"))(**request)
        print(json.dumps(answer), flush=True)


main()
