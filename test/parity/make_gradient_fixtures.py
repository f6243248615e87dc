"""Makes test/parity/gradients: PyTorch's training loss and its gradient (training_loss.py).

    pip install -r requirements.txt && python make_gradient_fixtures.py [NAME...]

NAME.safetensors belongs to fixtures/CHECKPOINT, which its metadata names (`checkpoint`). It contains:
  chosen_0, rejected_0, chosen_1, ...  int32 [T]    token ids, prompt and completion; each is computed alone
  prompt_lengths                       int32 [P]    number of tokens that the pair's sequences share
  margins                              float32 [P]
  positive_0, negative_0, ...          int32 [S,2]  positions (source, goal) counted from the start of the
                                       prompt; sources and positive goals in chosen, negative goals in
                                       rejected
  lambda, mu, centering                float32 [1]
  average_goal                         int32 [1]    1 for the average goal, 0 for each sample's own
  loss, ranking, contrastive, lm       float32 [1]  L, and its terms without their weights
  rewards                              float32 [P,2] chosen, rejected
  grad:TENSOR                          float32      dL/dTENSOR, for every tensor of the checkpoint
  score.weight                         float32 [1,H] if the checkpoint has no reward head
  ...lora_A.weight, ...lora_B.weight   float32 [R,in], [out,R] by PEFT's names, and lora_alpha float32 [1]:
                                       W + alpha/R B A; only these and the head have gradients

Arithmetic is float64 with eager attention, rounded to float32 at the end. A finite difference along a random
direction checks the gradient of every tensor.
"""

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.func import functional_call
from training_loss import Float64, Lora, Pair, TrainedModel, Weights

HERE = Path(__file__).parent
VOCABULARY = 64
# Lengths of prompt, chosen completion and rejected completion, and the number of tokens the completions share.
LENGTHS = ((5, 11, 7, 3), (8, 14, 9, 2))
# All lengths are above LongRoPE's boundary at 16, because a batch must not mix both sides.
LONG = ((12, 11, 7, 3), (8, 14, 9, 2))
MARGINS = (0.5, 0.0)
SAMPLES = 6


@dataclass
class Case:
    checkpoint: str
    weights: Weights
    lora: Lora | None = None
    lengths: tuple[tuple[int, int, int, int], ...] = LENGTHS


ALL_TERMS = Weights(contrastive=0.5, lm=0.25, centering=0.01)
PLAIN = [
    "llama",
    "llama-biases",
    "llama-head-dim-12",
    "llama3-rope",
    "llama-yarn",
    "llama-untied-causal",
    "mistral",
    "qwen2",
    "qwen3",
    "gemma2",
    "gemma3",
    "gpt2",
    "gpt2-scaled-by-layer",
    "gpt-neox",
    "gpt-neox-sequential",
    "head-value-mlp",
]
LLAMA_LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {name: Case(name, ALL_TERMS) for name in PLAIN} | {
    "phi3-longrope": Case("phi3-longrope", ALL_TERMS, lengths=LONG),
    "llama-average-goal": Case("llama", Weights(0.5, 0.0, 0.0, average_goal=True)),
    "llama-lora": Case("llama", ALL_TERMS, Lora(4, 8.0, LLAMA_LINEAR)),
    "gpt2-lora": Case("gpt2", ALL_TERMS, Lora(4, 8.0, ["c_attn", "c_proj", "c_fc"])),
}


def make_pairs(lengths: tuple[tuple[int, int, int, int], ...]) -> list[Pair]:
    """Invented ids other than the padding id 0, whose embedding gets no gradient in PyTorch."""
    generator = torch.Generator().manual_seed(11)
    draw = lambda low, high, *shape: torch.randint(low, high, shape, generator=generator)  # noqa: E731
    pairs = []
    for (prompt, chosen_length, rejected_length, shared), margin in zip(lengths, MARGINS):
        end, rejected_end = prompt + chosen_length, prompt + rejected_length
        divergence = prompt + shared
        chosen = draw(3, VOCABULARY, end)
        rejected = torch.cat([chosen[:divergence], draw(3, VOCABULARY, rejected_end - divergence)])
        assert chosen[divergence] != rejected[divergence]
        sources = draw(prompt, end - 1, SAMPLES).tolist()
        positive = [[source, int(draw(source + 1, end))] for source in sources]
        # The first and last tokens can be source or goal, and samples can be drawn twice.
        positive += [[prompt, end - 1], positive[0]]
        negative = [[int(draw(prompt, end)), int(draw(prompt, rejected_end))] for _ in range(SAMPLES)]
        negative += [[end - 1, rejected_end - 1], [prompt, prompt]]
        samples = torch.tensor(positive), torch.tensor(negative)
        pairs.append(Pair(chosen, rejected, prompt, margin, *samples))
    return pairs


def make(name: str, case: Case) -> None:
    torch.manual_seed(5)
    folder = HERE / "fixtures" / case.checkpoint
    model, pairs = TrainedModel(folder, case.lora), make_pairs(case.lengths)
    with Float64():
        result = model(pairs, case.weights)
        result["loss"].backward()
        trained = {key: p for key, p in model.named_parameters() if p.requires_grad}
        if case.weights.lm == 0 and model.lm_head is not None:
            del trained["lm_head"]
        confirm(model, pairs, case.weights, trained)
    gradients = {model.stored_name(key): p.grad.float() for key, p in trained.items()}
    if model.lora is None:
        missing = load_file(folder / "model.safetensors").keys() - gradients.keys()
        assert not missing, f"{name}: no gradient of {missing}"
    tensors = inputs(pairs, case.weights) | fresh_tensors(model)
    tensors |= {f"grad:{key}": gradient for key, gradient in gradients.items()}
    for key, value in result.items():
        tensors[key] = value.detach().float().reshape(value.shape or 1)
    path = HERE / "gradients" / f"{name}.safetensors"
    contiguous = {key: tensor.contiguous() for key, tensor in tensors.items()}
    save_file(contiguous, path, metadata={"checkpoint": case.checkpoint})
    values = {key: [round(x, 3) for x in value.flatten().tolist()] for key, value in result.items()}
    print(f"{name}: {path.stat().st_size / 1000:.0f} kB, {len(gradients)} gradients, {values}")


@torch.no_grad()
def confirm(
    model: TrainedModel, pairs: list[Pair], weights: Weights, trained: dict[str, nn.Parameter]
) -> None:
    generator = torch.Generator().manual_seed(6)
    for key, parameter in trained.items():
        assert parameter.grad is not None and parameter.grad.abs().max() > 0, f"{key} has no gradient"
        direction = torch.randn(parameter.shape, generator=generator)
        step = 1e-6
        ahead, behind = (
            functional_call(model, {key: parameter + sign * step * direction}, (pairs, weights))["loss"]
            for sign in (1, -1)
        )
        slope, told = (ahead - behind) / (2 * step), (parameter.grad * direction).sum()
        allowed = 1e-6 * parameter.grad.norm() * direction.norm()
        assert (slope - told).abs() < allowed, f"{key}: the slope is {slope}, the gradient says {told}"


def inputs(pairs: list[Pair], weights: Weights) -> dict[str, Tensor]:
    tensors = {
        "prompt_lengths": torch.tensor([pair.prompt for pair in pairs], dtype=torch.int32),
        "margins": torch.tensor([pair.margin for pair in pairs]),
        "lambda": torch.tensor([weights.contrastive]),
        "mu": torch.tensor([weights.lm]),
        "centering": torch.tensor([weights.centering]),
        "average_goal": torch.tensor([int(weights.average_goal)], dtype=torch.int32),
    }
    for i, pair in enumerate(pairs):
        for key in ("chosen", "rejected", "positive", "negative"):
            tensors[f"{key}_{i}"] = getattr(pair, key).int()
    return tensors


def fresh_tensors(model: TrainedModel) -> dict[str, Tensor]:
    """The tensors that the checkpoint does not contain."""
    tensors = {"score.weight": model.head["score/weight"].detach().float()} if model.has_fresh_head else {}
    if model.lora is not None:
        tensors["lora_alpha"] = torch.tensor([model.lora.alpha])
        adapter = {key: p for key, p in model.named_parameters() if "lora_" in key}
        tensors |= {model.stored_name(key): p.detach().float() for key, p in adapter.items()}
    return tensors


def main(names: list[str]) -> None:
    # Suppresses the report that the decoder does not use the heads.
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    (HERE / "gradients").mkdir(exist_ok=True)
    for name, case in CASES.items():
        if not names or name in names:
            make(name, case)


if __name__ == "__main__":
    main(sys.argv[1:])
