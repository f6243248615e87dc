"""Exports a reward model to float32 ONNX for transformers.js, with optimum (requirements-export.txt)."""

import argparse
import json
import pathlib
import shutil
import tempfile

from optimum.exporters.onnx import main_export


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        for file in arguments.model.iterdir():
            if file.is_file():
                (copy / file.name).symlink_to(file.resolve())
        config = exportable(json.loads((copy / "config.json").read_text()))
        (copy / "config.json").unlink()
        (copy / "config.json").write_text(json.dumps(config))
        main_export(str(copy), arguments.out / "onnx", task="text-classification")
    (arguments.out / "config.json").write_text(json.dumps(config))
    for name in ["tokenizer.json", "tokenizer_config.json"]:
        shutil.copy(arguments.model / name, arguments.out / name)


def exportable(config: dict) -> dict:
    """The config as transformers 4 reads it, which is the newest that optimum works with."""
    rope = config.get("rope_parameters", {})
    if rope.get("rope_type", "default") != "default":
        raise SystemExit("only the default rope is exported")
    # The reward is read before the first padding token, which must not be EOS then.
    return {**config, "rope_theta": rope.get("rope_theta", config.get("rope_theta")), "pad_token_id": 0}


main()
