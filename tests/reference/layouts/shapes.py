"""Models of pictures whose classes are not packaged: arrays with the listed names, rows 1 to 12."""

import numpy as np
import torch
from pytorch_lightning.callbacks import ModelCheckpoint

from layouts.common import (
    D,
    K,
    Level,
    Made,
    autoencoder,
    averages,
    seed,
    some,
    unit,
    use,
)


def normal(rng, *shape, scale=1.0):
    return torch.tensor(rng.normal(size=shape) * scale, dtype=torch.float32)


def made(file, family, row, lookup, levels, **more):
    return Made(file, family, row, "shape", lookup, levels, **more)


def taming(out):
    rng = seed(1)
    codes = normal(rng, K, D, scale=0.3)
    state = {**autoencoder(1), "quantize.embedding.weight": codes}
    checkpoint = {
        "epoch": 4,
        "global_step": 1200,
        "pytorch-lightning_version": "1.0.8",
        # By a class, as it was then: a reader must get over it without running anything.
        "callbacks": {
            ModelCheckpoint: {"monitor": "val/rec_loss", "best_model_score": torch.tensor(0.4)}
        },
        "optimizer_states": [
            {
                "state": {
                    0: {"step": 1200, "exp_avg": normal(rng, K, D), "exp_avg_sq": normal(rng, K, D)}
                }
            }
        ],
        "lr_schedulers": [],
        "state_dict": state,
    }
    out.torch(
        made(
            "01-taming.ckpt",
            "taming-transformers VQGAN",
            "1",
            "l2",
            [Level(K, D, codes)],
            step=1200,
            note="moments of the optimizer are as large as the codes",
        ),
        checkpoint,
    )
    state["quantize.used"] = torch.arange(0, K, 3)
    out.torch(
        made(
            "01-taming-remap.ckpt",
            "taming-transformers VQGAN, remapped",
            "1",
            "l2",
            [Level(K, D, codes)],
            step=1200,
            note="quantize.used lists the codes that are left after a remap; it counts nothing",
        ),
        {"global_step": 1200, "state_dict": state},
        is_old=True,
    )

    rng = seed(2)
    codes = normal(rng, K, D)
    size = averages(K, range(12), 256, 900, 0.99, 0, rng)
    state = {
        **autoencoder(2),
        "quantize.embedding.weight": codes,
        "quantize.embedding.cluster_size": size,
        "quantize.embedding.embed_avg": codes * size[:, None],
    }
    known = use(12, None, "quantize.embedding.cluster_size", "ema", decay=0.99, start=0)
    out.tensors(
        made(
            "02-taming-ema.safetensors",
            "taming-transformers EMA",
            "2",
            "l2",
            [Level(K, D, codes, known)],
        ),
        state,
    )

    rng = seed(3)
    codes = normal(rng, K, D)
    state = {
        **autoencoder(3),
        "quantize.embed.weight": codes,
        "quantize.proj.weight": normal(rng, K, 8, 1, 1),
        "quantize.proj.bias": normal(rng, K),
    }
    out.tensors(
        made(
            "03-taming-gumbel.safetensors",
            "taming-transformers GumbelVQ",
            "3",
            "gumbel",
            [Level(K, D, codes)],
            note="codes are never compared: argmax of quantize.proj",
        ),
        state,
    )


def simvq(out):
    rng = seed(4)
    codes = normal(rng, K, D, scale=D**-0.5)
    weight, bias = normal(rng, D, D, scale=0.5), normal(rng, D, scale=0.1)
    state = {
        **autoencoder(4),
        "quantize.embedding.weight": codes,
        "quantize.embedding_proj.weight": weight,
        "quantize.embedding_proj.bias": bias,
    }
    # LitEma keeps each name again without its dots, and a bit older.
    averaged = {
        "model_ema." + k.replace(".", ""): v * 0.98
        for k, v in state.items()
        if "embedding.weight" not in k
    }
    averaged |= {
        "model_ema.decay": torch.tensor(0.9999),
        "model_ema.num_updates": torch.tensor(1200),
    }
    level = Level(K, D, codes @ weight.T + bias)
    out.torch(
        made(
            "04-simvq-authors.ckpt",
            "SimVQ of its authors",
            "4, 36",
            "l2",
            [level],
            step=3000,
            note="E = C W^T + b; model_ema.* is LitEma's copy, to be left alone",
        ),
        {"global_step": 3000, "epoch": 1, "state_dict": {**state, **averaged}},
    )


def llamagen(out):
    rng = seed(7)
    codes = torch.tensor(unit(rng.normal(size=(64, D))), dtype=torch.float32)
    ring = torch.zeros(4096)
    ring[-1500:] = torch.tensor(rng.integers(20, 40, 1500), dtype=torch.float32)
    ring = torch.roll(ring, -300)
    known = use(20, 1500, "quantize.codebook_used", "indices", filled="with zeros, which is code 0")
    state = {**autoencoder(7), "quantize.embedding.weight": codes, "quantize.codebook_used": ring}
    out.torch(
        made(
            "07-llamagen.pt",
            "LlamaGen",
            "7",
            "cosine",
            [Level(64, D, codes, known)],
            note="the newest 4,096 indices here, 65,536 there, of which 1,500 are filled",
        ),
        {"model": state, "optimizer": {}, "steps": 1500},
    )

    rng = seed(35)
    codes = normal(rng, 64, D)
    ring = torch.tensor(rng.integers(0, 50, 4096), dtype=torch.float32)
    state = {
        "quantize.embedding.weight": codes,
        "quantize.codebook_used": ring,
        **some(
            {
                "quantize.qbridge.blocks.0.attn.qkv.weight": (12, 4),
                "quantize.qbridge.blocks.0.mlp.fc1.weight": (8, 4),
                "quantize.qbridge.proj_out.weight": (4, 4),
            },
            35,
        ),
    }
    known = use(len(ring.unique()), 4096, "quantize.codebook_used", "indices")
    out.tensors(
        made(
            "35-fvq.safetensors",
            "FVQ / VQBridge",
            "35",
            "cosine",
            [Level(64, D, None, known)],
            note="a network over all codes makes those that are compared: no file tells them",
        ),
        state,
    )


def dots_and_cosines(out):
    rng = seed(8)
    codes = normal(rng, K, D)
    state = {
        **autoencoder(8),
        "quantize.embedding.weight": codes,
        "model_ema.quantizeembeddingweight": codes * 0.9,
        "model_ema.decay": torch.tensor(0.999),
        "model_ema.num_updates": torch.tensor(40),
    }
    out.torch(
        made("08-ibq.ckpt", "IBQ (SEED-Voken)", "8", "dot", [Level(K, D, codes)], step=70000),
        {"global_step": 70000, "state_dict": state},
    )

    seed(9)
    out.torch(
        made(
            "09-magvit2-lfq.ckpt",
            "Open-MAGVIT2",
            "9",
            "sign",
            [],
            note="no codebook among its keys",
            step=90,
        ),
        {"global_step": 90, "state_dict": autoencoder(9)},
    )

    rng = seed(10)
    codes, other = normal(rng, K, 12), normal(rng, 16, 6)
    share = torch.zeros(K)
    share[:21] = torch.tensor(rng.dirichlet(np.full(21, 5.0)), dtype=torch.float32)
    state = {
        "encoder.ln_pre.weight": torch.ones(8),
        "latent_tokens": normal(rng, 5, 8),
        "quantize.embedding.weight": codes,
        "quantize.embed_prob": share,
        "pixel_quantize.embedding.weight": other,
    }
    levels = [
        Level(K, 12, codes, use(21, None, "quantize.embed_prob", "shares"), "quantize"),
        Level(16, 6, other, None, "pixel_quantize"),
    ]
    out.torch(
        made(
            "10-titok.bin",
            "TiTok / 1d-tokenizer",
            "10",
            "cosine",
            levels,
            note="embed_prob sums to 1",
        ),
        state,
    )

    rng = seed(11)
    codes = torch.tensor(unit(rng.normal(size=(K, D))), dtype=torch.float32)
    size = averages(K, range(6), 128, 700, 0.99, 0, rng)
    state = {
        "quantize.embedding.weight": codes,
        "quantize.embedding.initted": torch.ones(1),
        "quantize.embedding.cluster_size": torch.tensor(
            rng.integers(1, 30, K), dtype=torch.float32
        ),
        "quantize.embedding.embed_avg": codes.clone(),
        "quantize.cluster_size": size,
        **some({"encode_task_layer.0.weight": (8, 8), "encode_task_layer.2.weight": (D, 8)}, 11),
    }
    known = use(6, None, "quantize.cluster_size", "ema", decay=0.99, start=0)
    out.torch(
        made(
            "11-beit2.pth",
            "BEiT-2 VQ-KD, LaBraM",
            "11, 2.4",
            "cosine",
            [Level(K, D, codes, known)],
            note="quantize.embedding.cluster_size is of k-means and never moves",
        ),
        {"model": state, "epoch": 99},
    )

    rng = seed(12)
    codes = normal(rng, K, D)
    state = {
        "encoder.to_patch.weight": normal(rng, 8, 12),
        "pre_quant.weight": normal(rng, D, 8),
        "pre_quant.bias": normal(rng, D),
        "post_quant.weight": normal(rng, 8, D),
        "quantizer.embedding.weight": codes,
    }
    out.torch(
        made("12-vit-vqgan.ckpt", "ViT-VQGAN", "12", "cosine", [Level(K, D, codes)], step=50),
        {"global_step": 50, "state_dict": state},
        is_old=True,
    )


def make(out):
    for part in [taming, simvq, llamagen, dots_and_cosines]:
        part(out)
