"""Folders as the helper of `python/vqscope` writes them, for the tests of the reader.

    PYTHONPATH=python python3 tests/reference/helper.py tests/reference/codebooks/helper

Needs torch. `expected.json` has, for each folder, level and step, how often each code was chosen since
the file before and since the beginning, counted here and not by the helper.
"""

import json
import shutil
import sys
from pathlib import Path

import torch

import vqscope

K, D, TOKENS = 32, 4, 96


def draw(made, step, level):
    """Indices of a step: fewer and fewer codes as the steps go on."""
    return torch.randint(max(2, K - 4 * step - level), (2, TOKENS // 2), generator=made)


def folder(path, name, levels, codes):
    made = torch.Generator().manual_seed(len(name))
    w = vqscope.Watch(path / name, every=2)
    since = [torch.zeros(K, dtype=torch.int64) for _ in range(levels)]
    total = [torch.zeros(K, dtype=torch.int64) for _ in range(levels)]
    expected = {}
    for step in range(5):
        indices = [draw(made, step, level) for level in range(levels)]
        for level, chosen in enumerate(indices):
            counts = torch.bincount(chosen.flatten(), minlength=K)
            since[level] += counts
            total[level] += counts
        z = torch.randn(2, TOKENS // 2, D, generator=made)
        x = torch.randint(256, (2, 3, 8, 8), generator=made).to(torch.uint8)
        given = torch.stack(indices, -1) if levels > 1 else indices[0]
        w(step, codebook=codes, indices=given, latents=z, inputs=x)
        if step % 2 == 0:
            expected[step] = [
                {"usage": a.tolist(), "usage_total": b.tolist()} for a, b in zip(since, total)
            ]
            for counts in since:
                counts.zero_()
    return expected


def main():
    path = Path(sys.argv[1])
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    made = torch.Generator().manual_seed(0)

    def random(*shape):
        return torch.randn(shape, generator=made)

    expected = {
        "plain": folder(path, "plain", 1, random(K, D)),
        "simvq": folder(path, "simvq", 1, {"C": random(K, D), "W": random(D, D), "b": random(D)}),
        "levels": folder(path, "levels", 3, [random(K, D) for _ in range(3)]),
    }
    (path / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
