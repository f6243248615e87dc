"""The training loss of arXiv 2407.13887 (eq. 1, 5 and 6) in PyTorch, with two additional terms.

It is computed over preference pairs, from the hidden states h [T,H] after the final norm and the reward r at the
last token of each sequence:

  L    = L_R + lambda L_C + mu L_LM + centering mean((r_chosen + r_rejected)^2)
  L_R  = mean softplus(-(r_chosen - r_rejected - margin))
  L_C  = -log mean sigmoid(cos(source, goal)) - log(1 - mean sigmoid(cos(source, goal)))
         over the positive and over the negative samples of all pairs
  L_LM = mean cross entropy of the chosen completions' tokens, each predicted from the state before it by
         the checkpoint's lm_head, or its input embedding if it has none. Gemma 2's soft-cap of the logits is
         not applied.

With the average goal, each positive goal state is replaced with the mean of them all, and likewise each
negative one; the gradient flows through the mean.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, cross_entropy, linear, softplus
from torch.overrides import TorchFunctionMode
from transformers import AutoModel


@dataclass
class Pair:
    """Token ids, including the prompt. Samples [S,2] are positions (source, goal) from the start of the prompt."""

    chosen: Tensor
    rejected: Tensor
    prompt: int
    margin: float
    positive: Tensor
    negative: Tensor


@dataclass
class Weights:
    contrastive: float
    lm: float
    centering: float
    average_goal: bool = False


@dataclass
class Lora:
    rank: int
    alpha: float
    targets: list[str]


class TrainedModel(nn.Module):
    """Decoder, reward head, and language-model head if the checkpoint has one separate from the embedding."""

    def __init__(self, folder: Path, lora: Lora | None) -> None:
        super().__init__()
        stored = load_file(folder / "model.safetensors")
        self.decoder = AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
        self.prefix = self.decoder.base_model_prefix
        self.lora = lora
        if lora is not None:
            self.decoder = with_adapter(self.decoder, lora)
        self.lm_head = nn.Parameter(stored["lm_head.weight"]) if "lm_head.weight" in stored else None
        if lora is not None and self.lm_head is not None:
            self.lm_head.requires_grad_(False)
        heads = {name: t for name, t in stored.items() if name.startswith(("score.", "value_head."))}
        self.has_fresh_head = not heads
        if self.has_fresh_head:
            heads = {"score.weight": torch.randn(1, self.decoder.config.hidden_size) * 0.3}
        # Parameter names must not contain a dot.
        self.head = nn.ParameterDict({name.replace(".", "/"): nn.Parameter(t) for name, t in heads.items()})
        self.eval().double()

    def forward(self, pairs: list[Pair], weights: Weights) -> dict[str, Tensor]:
        chosen = [self.states(pair.chosen) for pair in pairs]
        rejected = [self.states(pair.rejected) for pair in pairs]
        rewards = torch.stack([self.reward(torch.stack([w[-1], r[-1]])) for w, r in zip(chosen, rejected)])
        margins = torch.tensor([pair.margin for pair in pairs])
        ranking = softplus(-(rewards[:, 0] - rewards[:, 1] - margins)).mean()
        contrastive = contrastive_loss(pairs, chosen, rejected, weights.average_goal)
        lm = self.lm_loss(pairs, chosen)
        centering = rewards.sum(1).square().mean()
        loss = ranking + weights.contrastive * contrastive + weights.lm * lm + weights.centering * centering
        return dict(loss=loss, ranking=ranking, contrastive=contrastive, lm=lm, rewards=rewards)

    def states(self, ids: Tensor) -> Tensor:
        """[T,H] hidden states of one sequence, without a key/value cache."""
        return self.decoder(input_ids=ids[None], use_cache=False).last_hidden_state[0]

    def reward(self, states: Tensor) -> Tensor:
        """[N] rewards of states [N,H], from linear layers in order with ReLU between them."""
        for i, layer in enumerate(sorted({name.rpartition("/")[0] for name in self.head})):
            bias = self.head[f"{layer}/bias"] if f"{layer}/bias" in self.head else None
            states = linear(states.relu() if i else states, self.head[f"{layer}/weight"], bias)
        return states[:, 0]

    def lm_loss(self, pairs: list[Pair], chosen: list[Tensor]) -> Tensor:
        head = self.decoder.get_input_embeddings().weight if self.lm_head is None else self.lm_head
        states = torch.cat([h[pair.prompt - 1 : -1] for pair, h in zip(pairs, chosen)])
        return cross_entropy(states @ head.T, torch.cat([pair.chosen[pair.prompt :] for pair in pairs]))

    def stored_name(self, name: str) -> str:
        """A parameter's name in the checkpoint or in PEFT's file."""
        part, _, rest = name.partition(".")
        if part == "lm_head":
            return "lm_head.weight"
        if part == "head":
            return rest.replace("/", ".")
        if self.lora is None:
            return f"{self.prefix}.{rest}"
        rest = rest.removeprefix("base_model.model.").replace(".default.", ".")
        return f"base_model.model.{self.prefix}.{rest}"


def with_adapter(decoder: nn.Module, lora: Lora) -> nn.Module:
    """PEFT's adapter with random A and B, because A has no gradient while B has its initial value 0."""
    is_conv1d = decoder.config.model_type == "gpt2"
    config = LoraConfig(
        r=lora.rank, lora_alpha=lora.alpha, target_modules=lora.targets, fan_in_fan_out=is_conv1d
    )
    adapted = get_peft_model(decoder, config)
    with torch.no_grad():
        for parameter in adapted.parameters():
            if parameter.requires_grad:
                parameter.normal_(0, 0.15)
    return adapted


def contrastive_loss(
    pairs: list[Pair], chosen: list[Tensor], rejected: list[Tensor], average_goal: bool
) -> Tensor:
    positive = [(w[pair.positive[:, 0]], w[pair.positive[:, 1]]) for pair, w in zip(pairs, chosen)]
    negative = [
        (w[pair.negative[:, 0]], r[pair.negative[:, 1]]) for pair, w, r in zip(pairs, chosen, rejected)
    ]
    near, far = mean_similarity(positive, average_goal), mean_similarity(negative, average_goal)
    return -near.log() - (1 - far).log()


def mean_similarity(samples: list[tuple[Tensor, Tensor]], average_goal: bool) -> Tensor:
    sources, goals = (torch.cat(parts) for parts in zip(*samples))
    if average_goal:
        goals = goals.mean(0, keepdim=True)
    return cosine_similarity(sources, goals, dim=-1, eps=1e-8).sigmoid().mean()


class Float64(TorchFunctionMode):
    """Keeps float64 in norms, softmax and rotary angles, which transformers rounds to float32."""

    def __torch_function__(self, func, types, args=(), kwargs=None):  # noqa: ANN001, ANN204
        if func is torch.Tensor.float:
            return args[0].double()
        wide = lambda value: torch.float64 if value is torch.float32 else value  # noqa: E731
        return func(*map(wide, args), **{key: wide(value) for key, value in (kwargs or {}).items()})
