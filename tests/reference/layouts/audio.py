"""Codecs of sound: rows 17 to 25. The quantizers are the real classes, of small sizes."""

import torch
from torch import nn
from transformers import DacConfig, DacModel, EncodecConfig, EncodecModel, MimiConfig, MimiModel

from layouts.common import K, Level, Made, averages, in_use, near, own_package, seed, some, use

for package in ["encodec", "dac", "dac.nn", "moshi", "snac"]:
    own_package(package)

from dac.nn.quantize import ResidualVectorQuantize as DacQuantizer  # noqa: E402
from encodec.quantization.vq import ResidualVectorQuantizer as EncodecQuantizer  # noqa: E402
from moshi.quantization.vq import SplitResidualVectorQuantizer as MimiQuantizer  # noqa: E402
from snac.vq import ResidualVectorQuantize as SnacQuantizer  # noqa: E402

CONVOLUTIONS = {
    "encoder.model.0.conv.weight": (8, 1, 7),
    "encoder.model.0.conv.bias": (8,),
    "decoder.model.0.conv.weight": (8, 8, 7),
}


def holder(quantizer):
    """A model that has the quantizer where the codecs have it, and convolutions around it."""
    model = nn.Module()
    model.quantizer = quantizer
    return model


def ema(used, name, decay=0.99, **more):
    return use(used, None, name, "ema", decay=decay, **more)


def encodec(out):
    rng = seed(17)
    model = holder(
        EncodecQuantizer(dimension=8, n_q=3, bins=K, kmeans_iters=10, threshold_ema_dead_code=0)
    )
    model.train()
    # The first pass is k-means over everything, then the data narrow and codes fall out of use.
    model.quantizer(torch.tensor(rng.normal(size=(2, 8, 128)), dtype=torch.float32), 75)
    codes = model.quantizer.vq.layers[0]._codebook.embed.numpy().copy()
    for _ in range(1500):
        model.quantizer(near(codes, range(9), 64, rng).T[None], 75)
    levels = []
    for n, layer in enumerate(model.quantizer.vq.layers):
        book = layer._codebook
        name = f"quantizer.vq.layers.{n}._codebook.cluster_size"
        levels.append(Level(K, 8, book.embed, ema(in_use(book.cluster_size), name), f"layers.{n}"))
    made = Made("17-encodec.th", "EnCodec, audiocraft", "17", "class", "l2", levels)
    out.torch(made, {**some(CONVOLUTIONS), **model.state_dict()})

    # Rows 19 and 20 are this class with other sizes.
    seed(19)
    model = holder(EncodecQuantizer(dimension=1024, n_q=2, bins=12, kmeans_init=False))
    state = model.state_dict()
    levels = []
    for n in range(2):
        name = f"quantizer.vq.layers.{n}._codebook.cluster_size"
        state[name] = averages(12, range(5 + n), 300, 400, 0.99, 0, rng)
        embed = state[f"quantizer.vq.layers.{n}._codebook.embed"].to(torch.float16)
        state[f"quantizer.vq.layers.{n}._codebook.embed"] = embed
        state.pop(f"quantizer.vq.layers.{n}._codebook.embed_avg")
        array = f"quantizer.vq.layers.{n}._codebook.embed"
        levels.append(Level(12, 1024, None, ema(5 + n, name), f"layers.{n}", array))
    made = Made(
        "19-speechtokenizer.safetensors",
        "SpeechTokenizer",
        "19, 3.6",
        "class",
        "l2",
        levels,
        note="EnCodec's class with d 1,024, here in 16 bits and without embed_avg",
    )
    out.tensors(made, state)

    rng = seed(20)
    model = nn.Module()
    model.feature_extractor = nn.Module()
    model.feature_extractor.encodec = holder(
        EncodecQuantizer(dimension=512, n_q=1, bins=12, kmeans_init=False)
    )
    state = model.state_dict()
    name = "feature_extractor.encodec.quantizer.vq.layers.0._codebook.cluster_size"
    state[name] = averages(12, range(9), 7, 4000, 0.99, 0, rng)
    embed = state[name.replace("cluster_size", "embed")]
    state[name.replace("cluster_size", "embed_avg")] = embed * state[name][:, None]
    made = Made(
        "20-wavtokenizer.ckpt",
        "WavTokenizer",
        "20",
        "class",
        "l2",
        [Level(12, 512, None, ema(9, name), "layers.0", name.replace("cluster_size", "embed"))],
        note="EnCodec's class with d 512; fewer tokens a batch than codes",
        step=24000,
    )
    out.torch(
        made,
        {
            "epoch": 11,
            "global_step": 24000,
            "pytorch-lightning_version": "1.8.6",
            "state_dict": state,
            "optimizer_states": [],
        },
    )


def hf_encodec(out):
    rng = seed(18)
    config = EncodecConfig(
        target_bandwidths=[9.0],
        sampling_rate=2400,
        hidden_size=8,
        num_filters=2,
        num_residual_layers=1,
        upsampling_ratios=[2, 2],
        codebook_size=K,
        codebook_dim=8,
        num_lstm_layers=1,
        audio_channels=1,
    )
    model = EncodecModel(config)
    state = model.state_dict()
    levels = []
    for n in range(3):
        name = f"quantizer.layers.{n}.codebook.cluster_size"
        embed = torch.tensor(rng.normal(size=(K, 8)), dtype=torch.float32)
        state[name] = averages(K, range(10 * (n + 1)), 512, 600, 0.99, 0, rng)
        state[f"quantizer.layers.{n}.codebook.embed"] = embed
        state[f"quantizer.layers.{n}.codebook.embed_avg"] = embed * state[name][:, None]
        levels.append(Level(K, 8, embed, ema(10 * (n + 1), name), f"layers.{n}"))
    keep = {
        k: v
        for k, v in state.items()
        if not k.startswith("quantizer.layers.") or k.split(".")[2] in "012"
    }
    made = Made(
        "18-hf-encodec/model.safetensors",
        "transformers EncodecModel",
        "18",
        "class",
        "l2",
        levels,
        note="the first three of its layers; weight-normed convolutions around them",
    )
    out.tensors(made, keep)


def dac(out):
    rng = seed(21)
    model = holder(DacQuantizer(input_dim=16, n_codebooks=3, codebook_size=K, codebook_dim=4))
    x = torch.tensor(rng.normal(size=(2, 16, 64)), dtype=torch.float32)
    model.quantizer(x)
    levels = [
        Level(K, 4, q.codebook.weight, name=f"quantizers.{n}")
        for n, q in enumerate(model.quantizer.quantizers)
    ]
    made = Made(
        "21-dac/100k/dac/weights.pth",
        "descript-audio-codec",
        "21, 3.2",
        "class",
        "cosine",
        levels,
        note="a folder per step; codes are not normalised in the file",
        step=100000,
    )
    state = {**some(CONVOLUTIONS, 21), **model.state_dict()}
    out.torch(
        made, {"state_dict": state, "metadata": {"kwargs": {"encoder_dim": 16, "n_codebooks": 3}}}
    )

    seed(22)
    config = DacConfig(
        encoder_hidden_size=4,
        downsampling_ratios=[2, 2],
        decoder_hidden_size=8,
        n_codebooks=2,
        codebook_size=K,
        codebook_dim=4,
        hidden_size=16,
        upsampling_ratios=[2, 2],
    )
    model = DacModel(config)
    levels = [
        Level(K, 4, q.codebook.weight, name=f"quantizers.{n}")
        for n, q in enumerate(model.quantizer.quantizers)
    ]
    state = {
        k: v for k, v in model.state_dict().items() if k.startswith("quantizer.") or v.numel() < 500
    }
    made = Made(
        "22-hf-dac/model.safetensors",
        "transformers DacModel",
        "22",
        "class",
        "cosine",
        levels,
        note="without the larger convolutions",
    )
    out.tensors(made, state)


def snac(out):
    seed(23)
    model = holder(
        SnacQuantizer(input_dim=16, codebook_size=K, codebook_dim=4, vq_strides=[4, 2, 1])
    )
    levels = [
        Level(K, 4, q.codebook.weight, name=f"quantizers.{n}")
        for n, q in enumerate(model.quantizer.quantizers)
    ]
    made = Made(
        "23-snac/pytorch_model.bin",
        "SNAC",
        "23",
        "class",
        "cosine",
        levels,
        note="weight norm as parametrizations.weight.original0 and original1",
    )
    out.torch(made, {**some(CONVOLUTIONS, 23), **model.state_dict()})


def mimi(out):
    rng = seed(24)
    model = holder(
        MimiQuantizer(dimension=8, input_dimension=16, output_dimension=16, n_q=4, bins=16)
    )
    model.train()
    for _ in range(40):
        x = torch.tensor(rng.normal(size=(2, 16, 128)), dtype=torch.float32)
        model.quantizer(x, 12.5)
    levels = []
    for part in ["rvq_first", "rvq_rest"]:
        for n, layer in enumerate(getattr(model.quantizer, part).vq.layers):
            book = layer._codebook
            name = f"quantizer.{part}.vq.layers.{n}._codebook"
            codes = book.embedding_sum / book.cluster_usage.clamp(min=1e-5)[:, None]
            assert torch.allclose(codes, book.embedding)
            known = ema(int((book.cluster_usage > 0.05).sum()), f"{name}.cluster_usage", start=1)
            levels.append(Level(16, 8, codes, known, f"{part}.{n}"))
    made = Made(
        "24-mimi.safetensors",
        "moshi (Mimi)",
        "24",
        "class",
        "l2",
        levels,
        note="the codes are not in the file: embedding_sum / max(cluster_usage, 1e-5)",
    )
    out.tensors(made, {**some(CONVOLUTIONS, 24), **model.state_dict()})

    rng = seed(25)
    config = MimiConfig(
        hidden_size=16,
        num_filters=4,
        num_residual_layers=1,
        upsampling_ratios=[2, 2],
        codebook_size=16,
        codebook_dim=8,
        num_quantizers=3,
        num_semantic_quantizers=1,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        intermediate_size=16,
        vector_quantization_hidden_dimension=8,
        upsample_groups=16,
        sampling_rate=2400,
        frame_rate=300,
    )
    model = MimiModel(config)
    state, levels = model.state_dict(), []
    for name in [key for key in state if key.endswith("cluster_usage")]:
        mass = averages(16, range(11), 64, 1500, 0.99, 1, rng)
        codes = torch.tensor(rng.normal(size=(16, 8)), dtype=torch.float32)
        state[name] = mass
        total = name.replace("cluster_usage", "embed_sum")
        state[total] = codes * mass[:, None]
        codes = state[total] / mass.clamp(min=1e-5)[:, None]
        levels.append(
            Level(
                16,
                8,
                codes,
                ema(11, name, start=1),
                name.split(".codebook")[0].removeprefix("quantizer."),
            )
        )
    keep = {k: v for k, v in state.items() if k.startswith("quantizer.") or v.numel() < 300}
    made = Made(
        "25-hf-mimi/model.safetensors",
        "transformers MimiModel",
        "25",
        "class",
        "l2",
        levels,
        note="without the larger convolutions",
    )
    out.tensors(made, keep)


def make(out):
    for part in [encodec, hf_encodec, dac, snac, mimi]:
        part(out)


__all__ = ["make"]
