"""Arrays with the names of models of movement, recommendation and others: rows 27 to 34."""

import numpy as np
import torch
import vqscope
from torch import nn

from layouts.common import D, K, Level, Made, averages, near, nearest, seed, some, use
from layouts.shapes import made, normal


def sequences(out):
    rng = seed(27)
    codes = normal(rng, 8, D)
    state = {
        "vq.codebooks": codes,
        **some({"vq.project_in.weight": (D, 8), "vq.cnn_encoder.0.weight": (8, 8, 3, 3)}, 27),
    }
    out.torch(made("27-lapa.pt", "LAPA/LAQ (NSVQ)", "27", "l2", [Level(8, D, codes)]), state)

    rng = seed(28)
    state, levels = (
        some({"encoder.mlp.0.weight": (12, 16), "decoder.mlp.0.weight": (16, 12)}, 28),
        [],
    )
    for n in range(3):
        codes, weight = torch.tensor(rng.random((K, 6)), dtype=torch.float32), normal(rng, 6, 6)
        state[f"layers.{n}.embedding.weight"], state[f"layers.{n}.out_proj.0.weight"] = (
            codes,
            weight,
        )
        effective = codes @ weight.T
        levels.append(Level(K, 6, effective, name=f"layers.{n}"))
    out.torch(
        made(
            "28-rqvae-recommender.pt",
            "RQ-VAE-Recommender (TIGER)",
            "28",
            "l2",
            levels,
            step=40000,
            note="layer 0 may be normalised after the map, which the file does not say",
        ),
        {
            "iter": 40000,
            "model": state,
            "optimizer": {"state": {}, "param_groups": [{"lr": 0.001, "params": []}]},
        },
    )

    rng = seed(29)
    state, levels = {}, []
    for n in range(3):
        codes = torch.zeros(K, 6) if n else normal(rng, K, 6)
        state[f"rq.vq_layers.{n}.embedding.weight"] = codes
        levels.append(Level(K, 6, codes, name=f"rq.vq_layers.{n}"))
    state.update(
        some({"encoder.mlp_layers.1.weight": (8, 12), "decoder.mlp_layers.1.weight": (12, 8)}, 29)
    )
    out.torch(
        made(
            "29-minionerec.pth",
            "MiniOneRec, LETTER",
            "29",
            "l2",
            levels,
            note="all zeros before k-means: levels 1 and 2",
        ),
        {"args": None, "epoch": 0, "state_dict": state, "best_loss": 1.0},
    )

    rng = seed(30)
    codes = normal(rng, K, 8)
    out.torch(
        made("30-t2m-gpt.pth", "T2M-GPT", "30", "l2", [Level(K, 8, codes)]),
        {
            "net": {
                "vqvae.quantizer.codebook": codes,
                **some({"vqvae.encoder.model.0.weight": (8, 6, 3)}, 30),
            }
        },
    )
    books = [normal(rng, K, 8) for _ in range(3)]
    out.torch(
        made(
            "30-momask.tar",
            "MoMask",
            "30",
            "l2",
            [Level(K, 8, c, name=f"quantizer.layers.{n}") for n, c in enumerate(books)],
        ),
        {
            "vq_model": {f"quantizer.layers.{n}.codebook": c for n, c in enumerate(books)},
            "ep": 3,
            "total_it": 900,
        },
    )

    rng = seed(31)
    books = [normal(rng, K, 8) for _ in range(3)]
    out.torch(
        made(
            "31-jukebox.pth.tar",
            "Jukebox",
            "31",
            "l2",
            [Level(K, 8, c, name=f"level_blocks.{n}") for n, c in enumerate(books)],
            step=1000,
        ),
        {
            "step": 1000,
            "model": {f"module.bottleneck.level_blocks.{n}.k": c for n, c in enumerate(books)},
        },
        is_old=True,
    )


def others(out):
    rng = seed(32)
    codes = rng.normal(size=(K, D)).astype(np.float32)
    size = averages(K, range(14), 256, 700, 0.99, 0, rng).numpy()
    known = use(
        14, None, "vector_quantizer_ema/ema_cluster_size/average", "ema", decay=0.99, start=0
    )
    out.arrays(
        made(
            "32-sonnet.npz",
            "Sonnet, Haiku, Keras",
            "32, 3.5",
            "l2",
            [Level(K, D, codes, known)],
            note="[d, K]: turned",
        ),
        {
            "vector_quantizer_ema/embeddings": np.ascontiguousarray(codes.T),
            "vector_quantizer_ema/ema_cluster_size/average": size,
            "vector_quantizer_ema/ema_dw/average": np.ascontiguousarray((codes * size[:, None]).T),
        },
    )

    rng = seed(34)
    bits = torch.tensor([[float(n >> i & 1) for i in range(5)] for n in range(32)])
    state = {
        "vq.embedding": bits,
        "vq.embedding_mlp.0.weight": normal(rng, 8, 5),
        "vq.embedding_mlp.0.bias": normal(rng, 8),
        "vq.embedding_mlp.2.weight": normal(rng, D, 8),
        "vq.embedding_mlp.2.bias": normal(rng, D),
    }
    out.tensors(
        made(
            "34-foldtoken.safetensors",
            "FoldToken",
            "34",
            "attention",
            [Level(32, 5)],
            note="[2^n, n] bits; a perceptron makes the codes, whose activation no file names",
        ),
        state,
    )

    # A quantizer written by hand whose latents stand beside the codes.
    rng = seed(90)
    codes = normal(rng, K, D)
    z = near(codes.numpy(), range(10), 200, rng)
    used = len(np.unique(nearest(z, codes)))
    out.tensors(
        made(
            "90-own-names.safetensors",
            "names of vqscope",
            "-",
            "l2",
            [Level(K, D, codes, use(used, 200, "latents", "latents"))],
            step=900,
        ),
        {"codebook": codes, "latents": z, "step": torch.tensor(900)},
    )


def remedied(out):
    """A codebook behind which `vqscope.simvq` has put a W, as its state dict has it."""
    seed(91)
    model = nn.Module()
    model.encoder, model.quantizer = nn.Linear(8, D), nn.Module()
    model.quantizer.embedding = nn.Embedding(K, D)
    cure = vqscope.simvq(model.quantizer.embedding, seed=91)
    with torch.no_grad():
        cure.W.add_(torch.randn(D, D) * 0.3)
        cure.b.add_(torch.randn(D))
    level = Level(K, D, model.quantizer.embedding.weight)
    row = Made("91-vqscope-simvq.pt", "vqscope.simvq", "-", "class", "l2", [level])
    row.note = (
        "parametrizations.weight.original is C, .0.W is W of E = C W + b (not transposed), .0.b"
    )
    out.torch(row, model.state_dict())


def make(out):
    for part in [sequences, others, remedied]:
        part(out)
