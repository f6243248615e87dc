"""Makes test/parity/fixtures: tiny random checkpoints and PyTorch's outputs for them.

    pip install -r requirements.txt && python make_fixtures.py [NAME...]

Each folder contains a checkpoint as its tool writes it, and expected.safetensors:
  ids_0, ids_1, ...        int32 [T]    token ids of each sequence
  hidden_0, ...            float32 [T,H] last hidden states after the final norm, for the sequence alone
  partial_0, ...           float32 [T]   reward head at every token
  reward_0, ...            float32 [1]   reward of the transformers class, the same alone and in a padded batch;
                                         only in fixtures with `endings`
  goals                    float32 [G,H]
  q_0, ...                 float32 [T,G] cosine_similarity of hidden states and goals
Arithmetic is float32 with eager attention, even if the file is BF16 or F16. Weights are far from their initial
values, so that an error in a position, a window or a soft-cap is visible: `differs` names settings whose removal
must change the hidden states.
"""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    Gemma3ForConditionalGeneration,
)

FIXTURES = Path(__file__).parent / "fixtures"
VOCABULARY = 64
LENGTHS = (40, 24, 9)

SMALL = dict(
    vocab_size=VOCABULARY,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    pad_token_id=0,
    bos_token_id=1,
    eos_token_id=2,
)
LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=100.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=32,
)
YARN = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=16)
LINEAR = dict(rope_type="linear", rope_theta=10000.0, factor=4.0)
DEFAULT = dict(rope_type="default", rope_theta=10000.0)


@dataclass
class Fixture:
    model_type: str
    config: dict = field(default_factory=dict)
    # "score": AutoModelForSequenceClassification; None: AutoModelForCausalLM; else the latter and a separate head.
    head: str | None = "score"
    dtype: torch.dtype = torch.float32
    shard_size: str | None = None
    # Prefix of the names of all tensors except the head's.
    prefix: str = ""
    # Settings that must have an effect: without them, the hidden states must differ.
    differs: dict = field(default_factory=dict)
    lengths: tuple[int, ...] = LENGTHS
    # Ids appended to random sequences of 12 tokens, whose rewards are stored too.
    endings: tuple[tuple[int, ...], ...] = ()


# End-of-sequence tokens (2) as TRL leaves them if they also pad: one, several, none, and one inside the text.
ENDINGS = ((2,), (2, 2, 2), (), (2, 5), (5, 2, 5, 2, 2))
PAD_IS_EOS = dict(pad_token_id=2, num_hidden_layers=1)

LONGROPE = dict(
    rope_type="longrope",
    rope_theta=10000.0,
    short_factor=[1.0, 1.5, 2.0],
    long_factor=[2.0, 4.0, 8.0],
    original_max_position_embeddings=16,
    partial_rotary_factor=0.75,
)
GEMMA2_LAYERS = ["sliding_attention", "full_attention"]
GEMMA3 = dict(
    head_dim=16,
    num_hidden_layers=3,
    sliding_window=7,
    query_pre_attn_scalar=20,
    layer_types=["sliding_attention", "sliding_attention", "full_attention"],
    rope_parameters={
        "sliding_attention": dict(rope_type="default", rope_theta=100.0),
        "full_attention": dict(rope_type="linear", rope_theta=1000.0, factor=4.0),
    },
)

CHECKPOINTS = {
    "llama": Fixture("llama", dict(tie_word_embeddings=True)),
    "llama-untied-causal": Fixture("llama", dict(num_key_value_heads=4), head=None),
    "llama3-rope": Fixture(
        "llama", dict(head_dim=16, rope_parameters=LLAMA3), differs=dict(rope_parameters=DEFAULT)
    ),
    "llama-yarn": Fixture("llama", dict(rope_parameters=YARN), differs=dict(rope_parameters=DEFAULT)),
    "llama-linear": Fixture("llama", dict(rope_parameters=LINEAR), differs=dict(rope_parameters=DEFAULT)),
    "llama-biases": Fixture("llama", dict(attention_bias=True, mlp_bias=True, num_key_value_heads=1)),
    "llama-head-dim-12": Fixture("llama", dict(head_dim=12)),
    "llama-bf16": Fixture("llama", dtype=torch.bfloat16),
    "llama-f16": Fixture("llama", dtype=torch.float16),
    "mistral": Fixture("mistral", dict(sliding_window=7), differs=dict(sliding_window=None)),
    "qwen2": Fixture(
        "qwen2",
        dict(use_sliding_window=True, sliding_window=7, max_window_layers=1),
        differs=dict(layer_types=["full_attention", "full_attention"]),
    ),
    "qwen2-sharded": Fixture("qwen2", dict(num_hidden_layers=1), shard_size="12KB"),
    "qwen3": Fixture("qwen3", dict(head_dim=16)),
    "gemma2": Fixture(
        "gemma2",
        dict(
            head_dim=16,
            sliding_window=7,
            query_pre_attn_scalar=20,
            attn_logit_softcapping=2.0,
            layer_types=GEMMA2_LAYERS,
        ),
        differs=dict(
            attn_logit_softcapping=None, layer_types=["full_attention"] * 2, query_pre_attn_scalar=5
        ),
    ),
    "gemma3": Fixture("gemma3_text", GEMMA3, differs=dict(layer_types=["full_attention"] * 3)),
    "phi3-longrope": Fixture(
        "phi3",
        dict(
            hidden_size=32,
            rope_parameters=LONGROPE,
            original_max_position_embeddings=16,
            sliding_window=11,
        ),
        differs=dict(rope_parameters=DEFAULT | dict(partial_rotary_factor=0.75), sliding_window=None),
        # Lengths on both sides of the boundary at 16.
        lengths=(40, 17, 16, 9),
    ),
    "gpt2": Fixture("gpt2"),
    "gpt2-scaled-by-layer": Fixture(
        "gpt2",
        dict(scale_attn_by_inverse_layer_idx=True, n_inner=40),
        differs=dict(scale_attn_by_inverse_layer_idx=False),
    ),
    "gpt-neox": Fixture(
        "gpt_neox",
        # The fused kernel can rotate half of a head of width 32.
        dict(
            num_attention_heads=2,
            hidden_size=64,
            rope_parameters=DEFAULT | dict(partial_rotary_factor=0.5),
        ),
    ),
    "gpt-neox-sequential": Fixture(
        "gpt_neox",
        dict(use_parallel_residual=False, rope_parameters=DEFAULT | dict(partial_rotary_factor=0.25)),
        differs=dict(use_parallel_residual=True),
    ),
    "llama-pad-is-eos": Fixture("llama", PAD_IS_EOS, endings=ENDINGS),
    "gpt2-pad-is-eos": Fixture("gpt2", PAD_IS_EOS, endings=ENDINGS),
    "head-value-linear": Fixture("llama", dict(num_hidden_layers=1), head="value_head"),
    "head-value-mlp": Fixture("llama", dict(num_hidden_layers=1), head="value_head.mlp"),
    "head-trl": Fixture(
        "llama", dict(num_hidden_layers=1), head="v_head.summary", prefix="pretrained_model."
    ),
}


@dataclass
class LoraFixture:
    base: str
    config: dict
    task: str = "SEQ_CLS"


ADAPTERS = {
    "lora-llama": LoraFixture(
        "llama",
        dict(
            r=4,
            lora_alpha=8,
            target_modules=["q_proj", "v_proj", "gate_proj", "down_proj"],
            alpha_pattern={"layers.1.mlp.down_proj": 3},
            rank_pattern={"v_proj": 2},
            modules_to_save=["score"],
        ),
    ),
    # As reward trainers write it: the base has no head, and the adapter contains it.
    "lora-rslora-embedding": LoraFixture(
        "llama-untied-causal",
        dict(r=4, lora_alpha=6, use_rslora=True, target_modules=["q_proj", "embed_tokens"], bias="all"),
    ),
    "lora-gpt2": LoraFixture(
        "gpt2",
        dict(
            r=4,
            lora_alpha=8,
            target_modules=["c_attn", "c_proj", "c_fc"],
            fan_in_fan_out=True,
            bias="lora_only",
        ),
    ),
}


def main(names: list[str]) -> None:
    for name, fixture in CHECKPOINTS.items():
        if not names or name in names:
            make_checkpoint(name, fixture)
    for name, fixture in ADAPTERS.items():
        if not names or name in names:
            make_adapter(name, fixture)
    if not names or "gemma3-multimodal" in names:
        make_multimodal("gemma3-multimodal")


def make_checkpoint(name: str, fixture: Fixture) -> None:
    torch.manual_seed(0)
    folder = fresh(name)
    config = AutoConfig.for_model(fixture.model_type, **settings(fixture))
    model_class = AutoModelForSequenceClassification if fixture.head == "score" else AutoModelForCausalLM
    model = model_class.from_config(config, attn_implementation="eager", dtype=torch.float32).eval()
    stir(model)
    sharding = dict(max_shard_size=fixture.shard_size) if fixture.shard_size else {}
    model.to(fixture.dtype).save_pretrained(folder, **sharding)
    model = model_class.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()

    head = model.score if fixture.head == "score" else make_head(fixture.head, config.hidden_size)
    if fixture.head not in ("score", None):
        path = folder / "model.safetensors"
        tensors = {fixture.prefix + key: tensor for key, tensor in load_file(path).items()}
        key = fixture.head.removesuffix(".mlp")
        tensors |= {f"{key}.{part}": tensor for part, tensor in head.state_dict().items()}
        save_file(tensors, path, metadata={"format": "pt"})
    sequences = ended_sequences(fixture.endings) if fixture.endings else random_sequences(fixture.lengths)
    hidden = [hidden_states(model, ids) for ids in sequences]
    rewards = class_rewards(model, sequences) if fixture.endings else None
    save_expected(folder, sequences, hidden, head, rewards)
    for key, value in fixture.differs.items():
        assert_matters(model, key, value, sequences[0], hidden[0])
    print(name, f"|hidden| <= {max(h.abs().max() for h in hidden):.2f}")


def settings(fixture: Fixture) -> dict:
    """SMALL with the family's names, overridden by the fixture's settings. The single label is the reward."""
    merged = SMALL | fixture.config
    if fixture.model_type in ("gpt2", "gpt_neox"):
        del merged["num_key_value_heads"]
    labels = dict(num_labels=1) if fixture.head == "score" else {}
    return merged | labels


def stir(model: nn.Module) -> None:
    """Sets random weights with which every part has an effect and activations stay near 1."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            is_norm = "norm" in name or ".ln_" in name
            if is_norm and name.endswith("weight"):
                # Gemma stores a norm's difference from 1.
                center = 0.0 if model.config.model_type.startswith("gemma") else 1.0
                parameter.normal_(center, 0.3)
            elif parameter.dim() == 1:
                parameter.normal_(0, 0.3)
            elif "embed" in name or "wte" in name or "wpe" in name:
                parameter.normal_(0, 1)
            else:
                inputs = parameter.shape[0] if is_conv1d(model, name) else parameter.shape[1]
                parameter.normal_(0, 1.5 * inputs**-0.5)


def is_conv1d(model: nn.Module, name: str) -> bool:
    return type(model.get_submodule(name.rpartition(".")[0])).__name__ == "Conv1D"


def make_head(kind: str | None, width: int) -> nn.Module | None:
    match kind:
        case None:
            return None
        case "value_head":
            head = nn.Linear(width, 1, bias=False)
        case "v_head.summary":
            head = nn.Linear(width, 1)
        case "value_head.mlp":
            # The head of arXiv 2407.13887.
            half = width // 2
            head = nn.Sequential(
                nn.Linear(width, half),
                nn.ReLU(),
                nn.Linear(half, half),
                nn.ReLU(),
                nn.Linear(half, width),
                nn.ReLU(),
                nn.Linear(width, 1, bias=False),
            )
    for parameter in head.parameters():
        nn.init.normal_(parameter, 0, parameter.shape[-1] ** -0.5)
    return head


def random_sequences(lengths: tuple[int, ...]) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randint(0, VOCABULARY, (length,), generator=generator) for length in lengths]


def ended_sequences(endings: tuple[tuple[int, ...], ...]) -> list[torch.Tensor]:
    """One text per ending, and one text of only end-of-sequence tokens."""
    texts = random_sequences((12,) * len(endings))
    ended = [torch.cat([ids, torch.tensor(ending).long()]) for ids, ending in zip(texts, endings)]
    return [*ended, torch.full((3,), 2)]


@torch.no_grad()
def class_rewards(model: nn.Module, sequences: list[torch.Tensor]) -> torch.Tensor:
    """[N] rewards of each sequence alone, which must equal those in a padded batch."""
    alone = torch.cat([model(ids[None]).logits[0] for ids in sequences])
    batch = nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=model.config.pad_token_id)
    mask = nn.utils.rnn.pad_sequence([torch.ones_like(ids) for ids in sequences], batch_first=True)
    torch.testing.assert_close(model(batch, attention_mask=mask).logits[:, 0], alone, atol=1e-5, rtol=1e-5)
    return alone


@torch.no_grad()
def hidden_states(model: nn.Module, ids: torch.Tensor) -> torch.Tensor:
    """[T,H] hidden states of one sequence, without a key/value cache."""
    return model.base_model(input_ids=ids[None], use_cache=False).last_hidden_state[0]


@torch.no_grad()
def save_expected(
    folder: Path,
    sequences: list[torch.Tensor],
    hidden: list[torch.Tensor],
    head: nn.Module | None,
    rewards: torch.Tensor | None = None,
) -> None:
    width = hidden[0].shape[1]
    # The goals are two random states, a state of the sequence itself, and a zero state.
    goals = torch.randn(4, width, generator=torch.Generator().manual_seed(2))
    goals[2] = hidden[0][-1]
    goals[3] = 0
    tensors = {"goals": goals}
    for i, (ids, states) in enumerate(zip(sequences, hidden)):
        tensors[f"ids_{i}"] = ids.int()
        tensors[f"hidden_{i}"] = states.contiguous()
        tensors[f"q_{i}"] = torch.cosine_similarity(states[:, None], goals[None], dim=-1)
        if head is not None:
            tensors[f"partial_{i}"] = head(states)[:, 0].contiguous()
        if rewards is not None:
            tensors[f"reward_{i}"] = rewards[i : i + 1].clone()
    save_file(tensors, folder / "expected.safetensors")


def assert_matters(
    model: nn.Module, key: str, value: object, ids: torch.Tensor, hidden: torch.Tensor
) -> None:
    """Asserts that the same weights with another setting give clearly different hidden states."""
    config = type(model.config).from_dict(model.config.to_dict() | {key: value})
    other = type(model)._from_config(config, attn_implementation="eager", dtype=torch.float32).eval()
    other.load_state_dict(model.state_dict())
    difference = (hidden_states(other, ids) - hidden).abs().max()
    assert difference > 0.05, f"{key} does not matter: {difference}"


def make_adapter(name: str, fixture: LoraFixture) -> None:
    torch.manual_seed(3)
    folder = fresh(name)
    base = load_reward_model(FIXTURES / fixture.base)
    model = get_peft_model(base, LoraConfig(task_type=fixture.task, **fixture.config)).eval()
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if parameter.requires_grad:
                parameter.normal_(0, 0.3)
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = f"../{fixture.base}"
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")

    base = load_reward_model(FIXTURES / fixture.base)
    loaded = PeftModel.from_pretrained(base, folder).eval().merge_and_unload()
    sequences = random_sequences(LENGTHS)
    hidden = [hidden_states(loaded, ids) for ids in sequences]
    save_expected(folder, sequences, hidden, loaded.score)
    print(name, sorted(load_file(folder / "adapter_model.safetensors"))[:3])


def load_reward_model(folder: Path) -> nn.Module:
    return AutoModelForSequenceClassification.from_pretrained(
        folder, num_labels=1, attn_implementation="eager", dtype=torch.float32
    )


def make_multimodal(name: str) -> None:
    """Gemma 3 in the form of its larger sizes, with the text model inside a multimodal model."""
    torch.manual_seed(4)
    folder = fresh(name)
    vision = dict(
        model_type="siglip_vision_model",
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        image_size=28,
        patch_size=14,
    )
    text = SMALL | GEMMA3 | dict(hidden_size=16, intermediate_size=16, num_hidden_layers=2)
    text["layer_types"] = GEMMA2_LAYERS
    config = AutoConfig.for_model("gemma3", text_config=text, vision_config=vision, mm_tokens_per_image=4)
    model = Gemma3ForConditionalGeneration._from_config(
        config, attn_implementation="eager", dtype=torch.float32
    ).eval()
    stir(model)
    model.save_pretrained(folder)
    sequences = random_sequences(LENGTHS)
    hidden = [hidden_states(model.model.language_model, ids) for ids in sequences]
    save_expected(folder, sequences, hidden, None)
    print(name)


def fresh(name: str) -> Path:
    folder = FIXTURES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main(sys.argv[1:])
    for leftover in FIXTURES.glob("*/generation_config.json"):
        leftover.unlink()
