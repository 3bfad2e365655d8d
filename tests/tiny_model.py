"""A sentence transformer of twelve words, made on the spot: a folder as fastembed takes it, of a few kilobytes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

WORDS = (
    "[PAD]",
    "[UNK]",
    "robots",
    "grasp",
    "objects",
    "attention",
    "graphs",
    "diffusion",
    "whales",
    "sing",
    "a",
    "of",
)
LONGEST = 8
"""Tokens that it reads."""


def tiny_model(folder: Path, *, dim: int = 6, seed: int = 1) -> Path:
    """Each word's vector is random, and stands for it at the output: attention is all that it lacks.

    On the way it is rounded to 8 bits, on a scale that is the whole batch's, as dynamic quantisation does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = np.random.default_rng(seed).normal(size=(len(WORDS), dim)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["exact"]),
        helper.make_node("DynamicQuantizeLinear", ["exact"], ["rounded", "scale", "zero"]),
        helper.make_node("DequantizeLinear", ["rounded", "scale", "zero"], ["last_hidden_state"]),
    ]
    words = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "m"])
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["n", "m", dim])
    graph = helper.make_graph(nodes, "tiny", [words], [output], [numpy_helper.from_array(table, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106 - not a password
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    said: dict[str, dict[str, object]] = {"config.json": {"hidden_size": dim, "pad_token_id": 0}}
    said["tokenizer_config.json"] = {"model_max_length": LONGEST, "pad_token": "[PAD]"}
    for name, content in said.items():
        (folder / name).write_text(json.dumps(content), "utf-8")
    return folder
