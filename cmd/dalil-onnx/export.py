#!/usr/bin/env python3
"""Export a sentence-transformers model to a folder that dalil-onnx serves.

    pip install sentence-transformers onnx onnxruntime
    python export.py MODEL FOLDER [--int8] [--texts FILE]

MODEL is a name or a folder. --int8 also writes FOLDER-int8, with weights in
int8, a scale a channel. --texts FILE (one a line) writes reference.jsonl: the
vectors that sentence-transformers itself gives, for the test

    DALIL_TEST_ONNX_LIBRARY=libonnxruntime.so... DALIL_TEST_ONNX_MODEL=FOLDER go test -v -run RealModel .
"""

import argparse
import json
import pathlib
import shutil

import torch
from sentence_transformers import SentenceTransformer


class Hidden(torch.nn.Module):
    """The transformer alone: pooling and unit length are dalil-onnx's part."""

    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *inputs):
        return self.model(**dict(zip(self.names, inputs))).last_hidden_state


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--texts", type=pathlib.Path)
    args = parser.parse_args()

    whole = SentenceTransformer(args.model, device="cpu", model_kwargs={"attn_implementation": "eager"})
    args.folder.mkdir(parents=True, exist_ok=True)
    tokenizer = whole.tokenizer
    sample = tokenizer(["a river", "a longer line about stones"], padding=True, return_tensors="pt")
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in sample]
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        Hidden(whole[0].auto_model.eval(), names), tuple(sample[name] for name in names), str(args.folder / "model.onnx"),
        input_names=names, output_names=["last_hidden_state"], dynamic_axes={name: axes for name in [*names, "last_hidden_state"]},
        opset_version=17, dynamo=False)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.save(str(args.folder / "tokenizer.json"))
    whole[0].auto_model.config.to_json_file(args.folder / "config.json")
    (args.folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": whole.max_seq_length}))
    (args.folder / "1_Pooling").mkdir(exist_ok=True)
    pooling = whole[1].pooling_mode if isinstance(getattr(whole[1], "pooling_mode", None), str) else whole[1].get_pooling_mode_str()
    (args.folder / "1_Pooling" / "config.json").write_text(json.dumps(
        {"pooling_mode_mean_tokens": "mean" in pooling, "pooling_mode_cls_token": "cls" in pooling}))
    folders = [args.folder]

    if args.int8:
        from onnxruntime.quantization import QuantType, quantize_dynamic
        small = args.folder.with_name(args.folder.name + "-int8")
        shutil.copytree(args.folder, small, dirs_exist_ok=True)
        # One scale for a whole matrix costs far more: a cosine of 0.947 with
        # the model in float32 where a scale a channel leaves 0.991.
        quantize_dynamic(str(args.folder / "model.onnx"), str(small / "model.onnx"), weight_type=QuantType.QInt8, per_channel=True)
        folders.append(small)

    if args.texts:
        texts = [t for t in args.texts.read_text(encoding="utf-8").splitlines() if len(tokenizer.encode(t)) <= whole.max_seq_length]
        vectors = whole.encode(texts, normalize_embeddings=True)
        for folder in folders:
            with open(folder / "reference.jsonl", "w", encoding="utf-8") as out:
                for text, vector in zip(texts, vectors):
                    row = {"text": text, "vector": [round(float(x), 7) for x in vector]}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
