"""Files whose contents are unusual, section 3 of the list of layouts, and forms of pickles."""

import argparse
import json
from collections import OrderedDict

import numpy as np
import torch
from torch import nn

from layouts.common import D, K, Level, Made, near, nearest, seed, unit, use


def made(file, row, levels, right, lookup="l2", **more):
    return Made(
        file, "names of vqscope", row, "shape", lookup, levels, more={"right": right}, **more
    )


def normal(rng, *shape):
    return torch.tensor(rng.normal(size=shape), dtype=torch.float32)


def shards(out):
    rng = seed(301)
    codes = normal(rng, K, D)
    first = made(
        "content-1-shards/model-00001-of-00002.safetensors",
        "3.1",
        [Level(K, D, codes)],
        "shards are one file, whichever is named",
        note="the first of two shards",
    )
    second = made(
        "content-1-shards/model-00002-of-00002.safetensors",
        "3.1",
        [Level(K, D, codes)],
        "shards are one file",
        note="the second of two shards",
    )
    out.tensors(
        first, {"encoder.weight": normal(rng, 8, 8), "quantizer.cluster_size": torch.ones(K)}
    )
    out.tensors(second, {"quantizer.embedding.weight": codes})
    index = {
        "metadata": {"total_size": 896},
        "weight_map": {
            "encoder.weight": "model-00001-of-00002.safetensors",
            "quantizer.cluster_size": "model-00001-of-00002.safetensors",
            "quantizer.embedding.weight": "model-00002-of-00002.safetensors",
        },
    }
    (out.path / "content-1-shards/model.safetensors.index.json").write_text(json.dumps(index))


def broken_rows(out):
    rng = seed(304)
    codes = normal(rng, K, D)
    codes[[3, 17]] = float("nan")
    counts = torch.arange(K)
    codes_known = codes.clone()
    out.tensors(
        made(
            "content-4-nan-rows.safetensors",
            "3.4",
            [Level(K, D, codes_known, use(K - 1, int(counts.sum()), "usage", "counts"))],
            "rows 3 and 17 are named, the others shown",
            step=70,
        ),
        {"codebook": codes, "usage": counts, "step": torch.tensor(70)},
    )
    with_one = normal(rng, K, D)
    with_one[5, 1] = float("inf")
    out.tensors(
        made(
            "content-4-one-infinity.safetensors", "3.4", [Level(K, D, with_one)], "row 5 is named"
        ),
        {"codebook": with_one},
    )


def turned(out):
    rng = seed(305)
    codes = rng.normal(size=(K, D)).astype(np.float32)
    counts = rng.integers(0, 9, K)
    known = use((counts > 0).sum(), int(counts.sum()), "usage", "counts")
    out.arrays(
        made(
            "content-5-turned.npz",
            "3.5",
            [Level(K, D, codes, known)],
            "turned, and said so, by the length of usage",
        ),
        {"codebook": np.ascontiguousarray(codes.T), "usage": counts},
    )
    out.arrays(
        made("content-5-asked.npz", "3.5", [Level(K, D, codes)], "K < d is asked about"),
        {"codebook": np.ascontiguousarray(codes.T)},
    )


def wide(out):
    rng = seed(306)
    for width in [768, 1024]:
        codes = torch.tensor(rng.normal(size=(12, width)), dtype=torch.bfloat16)
        usage = torch.tensor([9, 0, 3, 0, 1, 0, 0, 2, 0, 0, 0, 4])
        known = use(5, 19, "usage", "counts")
        out.tensors(
            made(
                f"content-6-wide-{width}.safetensors",
                "3.6",
                [Level(12, width, None, known, array="codebook")],
                "shown; no more codes than axes",
            ),
            {"codebook": codes, "usage": usage},
        )


def degenerate(out):
    zeros, ones = torch.zeros(K, D), torch.full((K, D), 0.25)
    out.tensors(
        made("content-7-all-zero.safetensors", "3.7", [Level(K, D, zeros)], "all codes are zero"),
        {"codebook": zeros},
    )
    out.tensors(
        made("content-7-all-equal.safetensors", "3.7", [Level(K, D, ones)], "all codes are equal"),
        {"codebook": ones},
    )
    rng = seed(307)
    usage = torch.zeros(8192, dtype=torch.int32)
    usage[4711] = 65536
    codes = torch.tensor(rng.normal(size=(8192, 2)), dtype=torch.float16)
    out.tensors(
        made(
            "content-7-one-in-use.safetensors",
            "3.7",
            [Level(8192, 2, None, use(1, 65536, "usage", "counts"), array="codebook")],
            "one code of 8,192, the most visible thing of the map",
        ),
        {"codebook": codes, "usage": usage},
    )


def indices_through_bfloat16(out):
    rng = seed(308)
    levels = np.array([8, 5, 5, 5])
    basis = np.cumprod([1, *levels[:-1]])
    places = np.arange(1000)[:, None] // basis % levels
    half = levels // 2
    codes = ((places - half) / half).astype(np.float32)
    indices = rng.integers(0, 1000, 20000)
    rounded = torch.tensor(indices).to(torch.bfloat16).to(torch.float32)
    known = use(
        len(np.unique(rounded[rounded < 1000])),
        20000,
        "indices",
        "indices",
        truly=len(np.unique(indices)),
        beyond=int((rounded >= 1000).sum()),
    )
    out.tensors(
        made(
            "content-8-bfloat16-indices.safetensors",
            "3.8",
            [Level(1000, 4, codes, known)],
            "the comb beyond 256 and index 1,000 come from bfloat16",
            lookup="rounding",
        ),
        {"codebook": torch.tensor(codes), "indices": rounded.to(torch.int16)},
    )


def scales(out):
    rng = seed(309)
    codes, z = normal(rng, K, D) * 1e-5, normal(rng, 256, D) * 0.8
    used = len(np.unique(nearest(z, codes)))
    out.tensors(
        made(
            "content-9-scales.safetensors",
            "3.9",
            [Level(K, D, codes, use(used, 256, "latents", "latents"))],
            "norms of codes and outputs are 80,000 times apart",
        ),
        {"codebook": codes, "latents": z},
    )


def names(out):
    rng = seed(312)
    for name in ["量子化/コードブック_000300", "码本_000400", "코드북_000500"]:
        codes = normal(rng, K, D)
        step = int(name[-6:])
        out.tensors(
            made(
                f"content-12-names/{name}.safetensors",
                "3.12",
                [Level(K, D, codes)],
                "readable",
                step=step,
            ),
            {
                "모델.quantize.embedding.weight"
                if step == 500
                else "量子化.quantize.embedding.weight": codes
            },
        )


def pickles(out):
    rng = seed(320)
    whole = normal(rng, 2 * K, 2 * D)
    codes = whole[::2, 3 : 3 + D]
    state = OrderedDict(quantizer=None)
    state = OrderedDict({"quantizer.embedding.weight": codes, "encoder.weight": whole})
    for old in [False, True]:
        out.torch(
            made(
                f"form-views-{'old' if old else 'zip'}.pt",
                "forms",
                [Level(K, D, codes)],
                "a view with strides and an offset into a storage that two tensors share",
            ),
            state,
            is_old=old,
        )
    turned = normal(rng, D, K).T
    counts = torch.arange(K)
    for dtype in [torch.float16, torch.bfloat16, torch.float64]:
        name = str(dtype).split(".")[1]
        values = turned.to(dtype)
        out.torch(
            made(
                f"form-{name}.pt",
                "forms",
                [Level(K, D, values, use(K - 1, int(counts.sum()), "usage", "counts"))],
                "a transposed view, and a parameter",
            ),
            {"codebook": nn.Parameter(values), "usage": counts},
        )
    arguments = argparse.Namespace(K=K, path="/data", lr=1e-3)
    out.torch(
        made(
            "form-namespace.ckpt",
            "forms",
            [Level(K, D, turned)],
            "read without running its classes",
            step=250,
        ),
        {
            "state_dict": {"quantize.embedding.weight": turned.contiguous()},
            "hyper_parameters": arguments,
            "global_step": 250,
        },
    )
    model = nn.Sequential(OrderedDict(embedding=nn.Embedding(K, D)))
    out.torch(
        made(
            "form-whole-module.pt",
            "forms",
            [Level(K, D, model.embedding.weight)],
            "a module and not its state: read, or refused in one sentence that says to save the state_dict",
        ),
        model,
    )
    # A bare tensor, without any name.
    bare = normal(rng, K, D)
    out.torch(made("form-bare.pt", "forms", [Level(K, D, bare)], "one matrix: the codes"), bare)
    for tensor in [torch.tensor(unit(rng.normal(size=(K, D))))]:
        z = near(tensor.numpy(), range(4), 64, rng)
        out.torch(
            made(
                "form-latents.pth",
                "forms",
                [Level(K, D, tensor, use(4, 64, "latents", "latents"))],
                "step in the file",
                step=12,
            ),
            {"codebook": tensor, "latents": z, "step": 12},
        )


def make(out):
    for part in [
        shards,
        broken_rows,
        turned,
        wide,
        degenerate,
        indices_through_bfloat16,
        scales,
        names,
        pickles,
    ]:
        part(out)
