"""Computes training steps of transformers on PyTorch as a peer, with JSON lines on stdin and stdout.

See training-protocol.ts for the requests. As in TRL's RewardTrainer, chosen and rejected sequences form one batch,
padded on the right to the longest.
"""

import argparse
import json
import sys
import time

import peft
import torch
import transformers
from peft import LoraConfig, TaskType, get_peft_model
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import cosine_similarity, cross_entropy, softplus
from transformers import AutoModelForSequenceClassification


class Trainer:
    def __init__(self, folder: str, method: str) -> None:
        # eval() disables dropout, so that all peers compute the same.
        model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
        self.base = model
        self.decoder = model.base_model
        torch.manual_seed(0)
        if method == "lora":
            config = LoraConfig(
                task_type=TaskType.SEQ_CLS, r=16, lora_alpha=32, lora_dropout=0, target_modules="all-linear"
            )
            model = get_peft_model(model, config).eval()
        self.trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self.initial = {name: p.detach().clone() for name, p in self.trained.items()}

    def save_adapter(self, file: str) -> None:
        """Saves the initial adapter with PEFT's names, because A is random and the peers must share it."""
        names = {name.replace(".default", "").replace(".modules_to_save", ""): name for name in self.initial}
        save_file({stored: self.initial[name] for stored, name in names.items()}, file)

    def start(self, learningRate: float, weightDecay: float, maxGradNorm: float) -> dict:  # noqa: N803
        with torch.no_grad():
            for name, parameter in self.trained.items():
                parameter.copy_(self.initial[name])
        self.optimizer = torch.optim.AdamW(self.trained.values(), lr=learningRate, weight_decay=weightDecay)
        self.max_grad_norm = maxGradNorm
        return {}

    def step(self, pairs: list[dict], loss: dict, attention: str) -> dict:
        self.base.set_attn_implementation(attention)
        start, used = time.perf_counter(), time.process_time()
        losses = self.losses(pairs, loss)
        losses["loss"].backward()
        norm = torch.nn.utils.clip_grad_norm_(self.trained.values(), self.max_grad_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        values = {name: value.item() for name, value in losses.items()}
        values["gradNorm"] = norm.item()
        seconds, busy = time.perf_counter() - start, time.process_time() - used
        return {"seconds": seconds, "busySeconds": busy, "figures": values}

    def losses(self, pairs: list[dict], weights: dict) -> dict[str, Tensor]:
        """Computes the losses of arXiv 2407.13887, eq. 1, 5 and 6, plus a language-modeling and a centering term."""
        rows = [pair["chosen"] for pair in pairs] + [pair["rejected"] for pair in pairs]
        ids, mask = padded(rows)
        hidden = self.decoder(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
        last = torch.tensor([len(row) - 1 for row in rows])
        rewards = self.base.score(hidden[torch.arange(len(rows)), last])[:, 0]
        chosen, rejected = rewards.chunk(2)
        ranking = softplus(rejected - chosen + torch.tensor([pair["margin"] for pair in pairs])).mean()
        losses = {"loss": ranking, "ranking": ranking}
        if weights["lambda"] > 0:
            losses["contrastive"] = contrastive_loss(pairs, *hidden.chunk(2))
            losses["loss"] = losses["loss"] + weights["lambda"] * losses["contrastive"]
        if weights["lmWeight"] > 0:
            losses["lm"] = self.lm_loss(pairs, hidden)
            losses["loss"] = losses["loss"] + weights["lmWeight"] * losses["lm"]
        if weights["rewardCentering"] > 0:
            centering = (chosen + rejected).square().mean()
            losses["loss"] = losses["loss"] + weights["rewardCentering"] * centering
        return losses

    def lm_loss(self, pairs: list[dict], hidden: Tensor) -> Tensor:
        """Computes the cross-entropy of the chosen completions' tokens; the input embedding gives the logits."""
        states = [h[p["prompt"] - 1 : len(p["chosen"]) - 1] for h, p in zip(hidden, pairs)]
        targets = [token for pair in pairs for token in pair["chosen"][pair["prompt"] :]]
        embedding = self.decoder.get_input_embeddings().weight
        return cross_entropy(torch.cat(states) @ embedding.T, torch.tensor(targets))


def contrastive_loss(pairs: list[dict], chosen: Tensor, rejected: Tensor) -> Tensor:
    positive = mean_similarity([pair["positive"] for pair in pairs], chosen, chosen)
    negative = mean_similarity([pair["negative"] for pair in pairs], chosen, rejected)
    return -positive.log() - (1 - negative).log()


def mean_similarity(samples: list[list[list[int]]], sources: Tensor, goals: Tensor) -> Tensor:
    positions = torch.tensor(samples)
    row = torch.arange(len(samples))[:, None]
    source, goal = sources[row, positions[..., 0]], goals[row, positions[..., 1]]
    return cosine_similarity(source, goal, dim=-1, eps=1e-8).sigmoid().mean()


def padded(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--method", choices=["full", "lora"], required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--save-adapter", help="safetensors file to write the initial adapter to")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    trainer = Trainer(arguments.model, arguments.method)
    if arguments.save_adapter is not None:
        trainer.save_adapter(arguments.save_adapter)
    versions = [("PyTorch", torch), ("transformers", transformers), ("PEFT", peft)]
    print(json.dumps({"versions": ", ".join(f"{name} {m.__version__}" for name, m in versions)}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(trainer, request.pop("kind"))(**request)
        print(json.dumps(answer), flush=True)


main()
