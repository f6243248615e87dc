"""Loads written folders in transformers and PEFT and compares their outputs with the engine's.

    python check_written.py FOLDER...

Each folder is a model or an adapter with engine.safetensors: ids_i [T], hidden_i [T,H], partial_i [T], reward_i [1],
all float32. Rewards are compared with those of the transformers class, for each sequence alone and, if the
configuration names a padding token, for all sequences in one padded batch.
The largest difference, relative to the largest value if that is above 1, must be less than TOLERANCE.
Missing and unexpected weights are errors.
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification

TOLERANCE = 1e-5


def load(folder: Path) -> torch.nn.Module:
    adapter = folder / "adapter_config.json"
    if not adapter.exists():
        model, info = AutoModelForSequenceClassification.from_pretrained(
            folder, attn_implementation="eager", output_loading_info=True
        )
        faults = {kind: keys for kind, keys in info.items() if keys}
        assert not faults, f"{folder.name}: {faults}"
        assert model.dtype == torch.float32 and model.config.num_labels == 1, folder.name
        return model
    base = AutoModelForSequenceClassification.from_pretrained(
        json.loads(adapter.read_text())["base_model_name_or_path"],
        num_labels=1,
        attn_implementation="eager",
        dtype=torch.float32,
    )
    model = PeftModel.from_pretrained(base, folder)
    stored = {key.removeprefix("base_model.model.") for key in load_file(folder / "adapter_model.safetensors")}
    trained = {
        name.removeprefix("base_model.model.").replace(".default", "").replace(".modules_to_save", "")
        for name, _ in model.named_parameters()
        if "lora_" in name or "modules_to_save" in name
    }
    assert stored == trained, f"{folder.name}: {stored ^ trained}"
    return model.merge_and_unload()


@torch.no_grad()
def difference(folder: Path) -> float:
    model = load(folder).eval()
    scores = load_file(folder / "engine.safetensors")
    worst = 0.0
    for i in range(sum(key.startswith("ids_") for key in scores)):
        ids = scores[f"ids_{i}"].long()
        hidden = model.base_model(input_ids=ids[None], use_cache=False).last_hidden_state[0]
        partial = model.score(hidden)[:, 0]
        for ours, theirs in ((scores[f"hidden_{i}"], hidden), (scores[f"partial_{i}"], partial)):
            worst = max(worst, relative(ours, theirs))
    return max(worst, reward_difference(model, scores))


def reward_difference(model: torch.nn.Module, scores: dict[str, torch.Tensor]) -> float:
    count = sum(key.startswith("ids_") for key in scores)
    sequences = [scores[f"ids_{i}"].long() for i in range(count)]
    ours = torch.cat([scores[f"reward_{i}"] for i in range(count)])
    worst = relative(ours, torch.cat([model(ids[None]).logits[0] for ids in sequences]))
    pad = model.config.get_text_config().pad_token_id
    # LongRoPE uses different frequencies for a batch that contains a long sequence.
    if pad is None or model.config.model_type == "phi3":
        return worst
    batch = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=pad)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(ids) for ids in sequences], batch_first=True)
    return max(worst, relative(ours, model(batch, attention_mask=mask).logits[:, 0]))


def relative(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    return ((ours - theirs).abs().max() / theirs.abs().max().clamp(min=1)).item()


if __name__ == "__main__":
    failed = False
    for path in map(Path, sys.argv[1:]):
        found = difference(path)
        failed |= not found < TOLERANCE
        print(f"{path.name}: {found:.1e}")
    sys.exit(failed)
