#!/usr/bin/env python3
"""Checks that Dalil and the Python package model2vec give the same vectors.

    python3 -m venv venv && venv/bin/pip install model2vec
    venv/bin/python scripts/check-model2vec.py FOLDER [TEXTS]
    venv/bin/python scripts/check-model2vec.py --random FOLDER
    venv/bin/python scripts/check-model2vec.py --golden embedder/static/testdata

FOLDER is a model in model2vec's layout; TEXTS a file with a text a line (else
a built-in list). --random makes models of every kind that the loader supports in
FOLDER (around small tokenizers of embedder/tokenizer/testdata) and checks all
of them. --golden writes the model and the vectors that the package's own tests
compare with. Run it from the repository's root; it needs go on the PATH. Exit
status 1: a cosine is under 0.9999, or only one side has a vector.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np
from model2vec import StaticModel
from tokenizers import Tokenizer

LEAST = 0.9999

TEXTS = [
    "poverty reduction cooperation",
    "التعاون للحد من الفقر",
    "إِنَّ التَّعَاوُنَ بَيْنَ الشُّعُوبِ أَسَاسُ السَّلَامِ، ٢٠٢٣",
    "Trade between the two ports grew by 12.5% in a year; exports doubled.",
    "Dalil (دليل) means guide \u202band\u202c evidence.",
    "ﻻ ﺗﻌﺎون ﬁne ①½ Ａ e\u0301 İstanbul café",
    "emoji 😀👍🏽 日本語 한국어",
    "a", " ", "", "…", "\u200b", "xqzjv",
    "word " * 2000,
    "كلمة طويلة جداً " * 1500,
    "tabs\tand\nnew lines\r\n\x00 control",
]


def go_vectors(folder, texts):
    lines = "".join(json.dumps(t) + "\n" for t in texts)
    out = subprocess.run(["go", "run", "./embedder/static/testdata/vectors", str(folder)], input=lines, capture_output=True, text=True)
    if out.returncode:
        sys.exit(f"{folder}: {out.stderr}")
    return np.array([json.loads(line) for line in out.stdout.splitlines()])


def check(folder, texts):
    model = StaticModel.from_pretrained(folder, max_length=None, force_download=False)
    want = np.array(model.encode(texts, max_length=None, use_multiprocessing=False), dtype=np.float64)
    got = go_vectors(folder, texts)
    norms = np.linalg.norm(want, axis=1)
    worst, empty, failed = 1.0, 0, False
    for text, w, g, norm in zip(texts, want, got, norms):
        if norm == 0:  # model2vec answers a text without tokens with zeros, Dalil with the first axis
            empty += 1
            cosine = 1.0 if g[0] == 1 and not g[1:].any() else 0.0
        else:
            cosine = float(w @ g / norm)
        if cosine < LEAST:
            failed = True
            print(f"{folder}: {cosine:.6f} for {text[:60]!r}")
        worst = min(worst, cosine)
    print(f"{folder}: {len(texts)} texts, {empty} of them empty, lowest cosine {worst:.7f}")
    return not failed


def random_models(root):
    rng = np.random.default_rng(11)
    folders = []
    kinds = {
        "wordpiece": dict(dtype=np.float32), "bpe-bytes": dict(dtype=np.float16, normalize=False),
        "unigram-builtin": dict(dtype=np.int8, weights=True), "unigram-charsmap": dict(dtype=np.int8),
        "unigram-bytes": dict(dtype=np.float32, weights=True, mapping=60), "bpe": dict(dtype=np.float64),
        "splits": dict(dtype=np.float32, mapping=40),
    }
    for name, kind in kinds.items():
        with open(f"embedder/tokenizer/testdata/{name}.json", encoding="utf-8") as f:
            tokenizer = Tokenizer.from_str(json.dumps(json.load(f)["tokenizer"]))
        size = tokenizer.get_vocab_size()
        rows = kind.get("mapping", size)
        vectors = rng.normal(size=(rows, 48))
        vectors = np.clip(np.rint(vectors * 40), -127, 127) if kind["dtype"] == np.int8 else vectors
        folder = pathlib.Path(root) / name
        StaticModel(
            vectors.astype(kind["dtype"]), tokenizer, normalize=kind.get("normalize", True), max_length=None,
            weights=rng.uniform(0.1, 2, size).astype(np.float32) if kind.get("weights") else None,
            token_mapping=rng.integers(0, rows, size) if "mapping" in kind else None,
        ).save_pretrained(folder)
        folders.append(folder)
    return folders


def golden(root):
    """A small model with the layout of the built-in one, and its vectors."""
    rng = np.random.default_rng(12)
    with open("embedder/tokenizer/testdata/unigram-builtin.json", encoding="utf-8") as f:
        tokenizer = Tokenizer.from_str(json.dumps(json.load(f)["tokenizer"]))
    size = tokenizer.get_vocab_size()
    model = StaticModel(
        rng.integers(-127, 128, (size, 24)).astype(np.int8), tokenizer, normalize=True, max_length=None,
        weights=rng.uniform(0.001, 0.02, size).astype(np.float32))
    folder = pathlib.Path(root) / "model"
    model.save_pretrained(folder)
    for extra in ("README.md", "modules.json"):
        (folder / extra).unlink(missing_ok=True)
    texts = [t for t in TEXTS if len(t) < 1000]
    vectors = model.encode(texts, max_length=None, use_multiprocessing=False)
    with open(pathlib.Path(root) / "vectors.json", "w", encoding="utf-8") as f:
        rows = [json.dumps({"text": t, "vector": [round(float(x), 6) for x in v]}) for t, v in zip(texts, vectors)]
        f.write("[\n" + ",\n".join(rows) + "\n]\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--golden", action="store_true")
    parser.add_argument("folder")
    parser.add_argument("texts", nargs="?")
    a = parser.parse_args()
    if a.golden:
        return golden(a.folder)
    texts = open(a.texts, encoding="utf-8").read().splitlines() if a.texts else TEXTS
    folders = random_models(a.folder) if a.random else [a.folder]
    if not all([check(folder, texts) for folder in folders]):
        sys.exit(1)


main()
