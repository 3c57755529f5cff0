"""vector-quantize-pytorch and what is built on it: rows 13 to 16, 26 and 36, by the real classes."""

import numpy as np
import torch
from ema_pytorch import EMA
from torch import nn
from vector_quantize_pytorch import (
    FSQ,
    LFQ,
    GroupedResidualVQ,
    ResidualSimVQ,
    ResidualVQ,
    SimVQ,
    VectorQuantize,
)

from layouts.common import D, K, Level, Made, in_use, near, seed, some, use

LIBRARY = "vector-quantize-pytorch"


def train(vq, rng, subset, passes=60, tokens=256):
    """Passes with encodings close to the first codes of `subset`; it returns the codes chosen in all
    passes, a set for each level."""
    codes = vq.codebook.detach().numpy().copy().reshape(-1, vq.codebook.shape[-1])
    chosen = []
    vq.train()
    for _ in range(passes):
        z = near(codes, subset, tokens, rng)[None]
        indices = vq(z)[1].reshape(-1, 1).numpy()
        chosen.append(indices)
    return np.unique(np.concatenate(chosen))


def average(used, tokens, passes, decay=0.8, start=1, name="_codebook.cluster_size"):
    return use(used, tokens * passes, name, "ema", decay=decay, start=start, passes=passes)


def plain(out):
    rng = seed(13)
    vq = VectorQuantize(dim=D, codebook_size=K)
    used = train(vq, rng, range(5))
    level = Level(K, D, vq.codebook, average(len(used), 256, 60))
    made = Made(
        "13-vector-quantize.safetensors", f"{LIBRARY} VectorQuantize", "13", "class", "l2", [level]
    )
    out.tensors(made, vq.state_dict())

    rng = seed(131)
    vq = VectorQuantize(dim=D, codebook_size=K, use_cosine_sim=True, decay=0.99)
    used = train(vq, rng, range(7), passes=2000, tokens=64)
    level = Level(K, D, vq.codebook, average(len(used), 64, 2000, 0.99))
    made = Made(
        "13-cosine.pt",
        f"{LIBRARY} VectorQuantize",
        "13",
        "class",
        "cosine",
        [level],
        note="use_cosine_sim: the file does not say so; its codes have length 1",
    )
    out.torch(made, vq.state_dict())

    rng = seed(132)
    vq = VectorQuantize(dim=8, codebook_dim=D, codebook_size=K)
    vq.train()
    for _ in range(60):
        vq(torch.tensor(rng.normal(size=(1, 256, 8)), dtype=torch.float32))
    used = in_use(vq._codebook.cluster_size[0])
    model = nn.Module()
    model.encoder, model.vq = nn.Linear(8, 8), vq
    level = Level(K, D, vq.codebook, average(used, 256, 60, name="vq._codebook.cluster_size"))
    made = Made(
        "13-projected.safetensors",
        f"{LIBRARY} VectorQuantize",
        "13",
        "class",
        "l2",
        [level],
        note="codebook_dim: project_in and project_out stand beside it",
    )
    out.tensors(made, model.state_dict())

    rng = seed(133)
    vq = VectorQuantize(
        dim=2 * D, codebook_dim=D, codebook_size=K, heads=2, separate_codebook_per_head=True
    )
    vq.train()
    for _ in range(60):
        vq(torch.tensor(rng.normal(size=(1, 256, 2 * D)), dtype=torch.float32))
    sizes = vq._codebook.cluster_size
    levels = [
        Level(K, D, vq.codebook[h], average(in_use(sizes[h]), 256, 60), f"head {h}")
        for h in range(2)
    ]
    made = Made(
        "13-heads.safetensors",
        f"{LIBRARY} VectorQuantize",
        "13",
        "class",
        "l2",
        levels,
        note="[2, K, d]: a codebook for each head",
    )
    out.tensors(made, vq.state_dict())


def affine(out):
    rng = seed(134)
    vq = VectorQuantize(dim=D, codebook_size=K, affine_param=True, sync_codebook=False)
    vq.train()
    for _ in range(60):
        vq(torch.tensor(rng.normal(size=(1, 256, D)) * 3 + 2, dtype=torch.float32))
    book = vq._codebook
    used = in_use(book.cluster_size[0])

    def std(x):
        return x.detach().clamp(min=1e-5).sqrt()

    codes = (book.embed - book.codebook_mean) * (
        std(book.batch_variance) / std(book.codebook_variance)
    )
    level = Level(K, D, (codes + book.batch_mean)[0], average(used, 256, 60))
    made = Made(
        "13-affine.safetensors",
        f"{LIBRARY} VectorQuantize",
        "13, 3.11",
        "class",
        "l2",
        [level],
        note="affine_param: E = (embed - codebook_mean) sqrt(batch / codebook variance) + batch_mean",
    )
    out.tensors(made, vq.state_dict())


def residual(out):
    rng = seed(14)
    vq = ResidualVQ(dim=D, codebook_size=K, num_quantizers=3)
    vq.train()
    for _ in range(60):
        vq(torch.tensor(rng.normal(size=(1, 256, D)), dtype=torch.float32))
    out.tensors(
        Made("14-residual.safetensors", f"{LIBRARY} ResidualVQ", "14", "class", "l2", stages(vq)),
        vq.state_dict(),
    )
    rng = seed(141)
    vq = GroupedResidualVQ(dim=2 * D, codebook_size=K, num_quantizers=2, groups=2)
    vq.train()
    for _ in range(60):
        vq(torch.tensor(rng.normal(size=(1, 256, 2 * D)), dtype=torch.float32))
    levels = [level for g, rvq in enumerate(vq.rvqs) for level in stages(rvq, f"rvqs.{g}.")]
    out.tensors(
        Made("14-grouped.safetensors", f"{LIBRARY} GroupedResidualVQ", "14", "class", "l2", levels),
        vq.state_dict(),
    )
    rng = seed(142)
    vq = ResidualVQ(dim=D, codebook_size=8, num_quantizers=2, implicit_neural_codebook=True)
    vq.train()
    for _ in range(60):
        vq(torch.tensor(rng.normal(size=(1, 64, D)), dtype=torch.float32))
    levels = stages(vq)
    # The codes of the second stage depend on what the first one chose.
    levels[1].codes = None
    made = Made(
        "14-qinco.safetensors",
        f"{LIBRARY} ResidualVQ",
        "14",
        "class",
        "l2",
        levels,
        note="implicit_neural_codebook: `mlps` make the codes of later stages from the input",
    )
    out.tensors(made, vq.state_dict())
    # Row 26 is this class with four layers.
    rng = seed(26)
    vq = ResidualVQ(dim=8, codebook_size=K, num_quantizers=4)
    vq.train()
    for _ in range(60):
        vq(torch.tensor(rng.normal(size=(1, 256, 8)), dtype=torch.float32))
    out.torch(
        Made(
            "26-vq-bet.pt",
            "VQ-BeT",
            "26",
            "class",
            "l2",
            stages(vq),
            note="ResidualVQ of the library",
        ),
        vq.state_dict(),
        is_old=True,
    )


def stages(vq, prefix=""):
    levels = []
    for n, layer in enumerate(vq.layers):
        book = layer._codebook
        name = f"{prefix}layers.{n}._codebook.cluster_size"
        used = in_use(book.cluster_size[0])
        size, dim = book.embed.shape[1:]
        levels.append(
            Level(
                size, dim, book.embed[0], average(used, 256, 60, name=name), f"{prefix}layers.{n}"
            )
        )
    return levels


def simvq(out):
    seed(15)
    vq = SimVQ(dim=D, codebook_size=K)
    made = Made(
        "15-simvq.safetensors",
        f"{LIBRARY} SimVQ",
        "15",
        "class",
        "l2",
        [Level(K, D, vq.codebook.detach())],
    )
    out.tensors(made, vq.state_dict())

    rng = seed(151)
    vq = SimVQ(dim=D, codebook_size=K, frozen_codebook_dim=6)
    codes = vq.codebook.detach().numpy()
    z = near(codes, range(9), 128, rng)
    used = len(np.unique(vq(z[None])[1]))
    made = Made(
        "15-rectangular.safetensors",
        f"{LIBRARY} SimVQ",
        "15, 3.10",
        "class",
        "l2",
        [Level(K, D, codes, use(used, 128, "latents", "latents"))],
        note="frozen_codebook [K, 6], code_transform.weight [4, 6]; latents stand beside it",
    )
    out.tensors(made, {**vq.state_dict(), "latents": z})

    seed(152)
    transform = nn.Sequential(nn.Linear(D, 2 * D), nn.ReLU(), nn.Linear(2 * D, D))
    vq = SimVQ(dim=D, codebook_size=K, codebook_transform=transform)
    made = Made(
        "15-perceptron.safetensors",
        f"{LIBRARY} SimVQ",
        "15, 3.10",
        "class",
        "l2",
        [Level(K, D, vq.codebook.detach())],
        note="code_transform is linear, ReLU, linear; the file does not name the ReLU",
    )
    out.tensors(made, vq.state_dict())

    seed(153)
    vq = ResidualSimVQ(dim=D, codebook_size=K, num_quantizers=2)
    levels = [
        Level(K, D, layer.codebook.detach(), name=f"layers.{n}")
        for n, layer in enumerate(vq.layers)
    ]
    made = Made(
        "15-residual-simvq.safetensors", f"{LIBRARY} ResidualSimVQ", "15", "class", "l2", levels
    )
    out.tensors(made, vq.state_dict())


def without_codes(out):
    seed(16)
    for name, vq in {
        "fsq": FSQ(levels=[8, 5, 5], dim=D),
        "lfq": LFQ(dim=D, codebook_size=16, entropy_loss_weight=0.1),
    }.items():
        state = {f"quantizer.{key}": x for key, x in vq.state_dict().items()}
        state.update(some({"encoder.0.weight": (8, 4), "encoder.0.bias": (8,)}))
        lookup = "rounding" if name == "fsq" else "sign"
        made = Made(
            f"16-{name}.safetensors",
            f"{LIBRARY} {name.upper()}",
            "16",
            "class",
            lookup,
            [],
            note="no array of codes: they are not saved",
        )
        out.tensors(made, state)


def bridge(out):
    seed(351)
    vq = VectorQuantize(
        dim=D, codebook_size=K, vq_bridge=nn.Linear(D, D, bias=False), learnable_codebook=True
    )
    # The classes hand all codes to the bridge, [1, K, d]: a linear one is a W.
    codes = vq._codebook.vq_bridge(vq._codebook.embed)[0].detach()
    made = Made(
        "35-bridge-linear.safetensors",
        f"{LIBRARY} VectorQuantize",
        "35",
        "class",
        "l2",
        [Level(K, D, codes)],
        note="vq_bridge: a linear map of all codes; cluster_size is never counted (all 1)",
        more={"uncounted": "_codebook.cluster_size"},
    )
    out.tensors(made, vq.state_dict())


def wrappers(out):
    rng = seed(36)
    model = nn.Module()
    model.encoder, model.quantizer = nn.Linear(D, D), VectorQuantize(dim=D, codebook_size=K)
    used = train(model.quantizer, rng, range(6))
    name = "_codebook.cluster_size"
    level = Level(
        K, D, model.quantizer.codebook, average(len(used), 256, 60, name=f"quantizer.{name}")
    )

    compiled = torch.compile(model)
    made = Made(
        "36-compiled.pt", "torch.compile", "36", "class", "l2", [level], note="prefix _orig_mod."
    )
    out.torch(made, {"model": compiled.state_dict(), "step": 700})
    made.step = 700

    parallel = nn.DataParallel(model)
    made = Made(
        "36-parallel.pth", "DataParallel, DDP", "36", "class", "l2", [level], note="prefix module."
    )
    out.torch(made, {"state_dict": parallel.state_dict(), "epoch": 3}, is_old=True)

    ema = EMA(model, beta=0.9, update_every=1)
    for _ in range(5):
        ema.update()
    assert torch.equal(ema.ema_model.quantizer.codebook, model.quantizer.codebook)
    online = Level(K, D, level.codes, level.use, "online_model")
    made = Made(
        "36-ema.safetensors",
        "ema-pytorch",
        "36",
        "class",
        "l2",
        [online],
        note="ema_model is a copy and no second level; `step` and `initted` are of ema-pytorch",
    )
    out.tensors(made, ema.state_dict())


def make(out):
    for part in [plain, affine, residual, simvq, without_codes, bridge, wrappers]:
        part(out)
