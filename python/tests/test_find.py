"""Codes, maps, levels and lookup are found in the real classes: what a file says of a pass is what
the class did in it."""

import pytest
import torch
import vqscope
from conftest import read, word
from diffusers.models.autoencoders.vae import VectorQuantizer as DiffusersVQ
from ema_pytorch import EMA
from layouts.common import nearest, own_package
from torch import nn
from transformers import DacConfig, DacModel, EncodecConfig, EncodecModel
from transformers.models.chameleon.configuration_chameleon import ChameleonVQVAEConfig
from transformers.models.chameleon.modeling_chameleon import ChameleonVQVAEVectorQuantizer
from vector_quantize_pytorch import (
    FSQ,
    LFQ,
    GroupedResidualVQ,
    ResidualSimVQ,
    ResidualVQ,
    SimVQ,
    VectorQuantize,
)

for package in ["encodec", "dac", "dac.nn", "moshi", "snac"]:
    own_package(package)

from dac.nn.quantize import ResidualVectorQuantize as DacQuantizer  # noqa: E402
from encodec.quantization.vq import ResidualVectorQuantizer as EncodecQuantizer  # noqa: E402
from moshi.quantization.vq import ResidualVectorQuantizer as MimiQuantizer  # noqa: E402
from snac.vq import ResidualVectorQuantize as SnacQuantizer  # noqa: E402

K, D = 32, 8


class BeitTable(nn.Module):
    """A table of codes as BEiT-2 has it: an embedding that is no torch.nn.Embedding."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(
            nn.functional.normalize(torch.randn(K, D), dim=1), requires_grad=False
        )
        self.cluster_size = nn.Parameter(torch.zeros(K), requires_grad=False)


class EmbeddingEMA(BeitTable):
    pass


class NormEMAVectorQuantizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = EmbeddingEMA()
        self.register_buffer("cluster_size", torch.zeros(K))

    def forward(self, z):
        z = nn.functional.normalize(z, dim=-1)
        return z, (z @ self.embedding.weight.T).argmax(-1)


class AuthorsSimVQ(nn.Module):
    """The names of the authors' SimVQ."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(K, D)
        self.embedding_proj = nn.Linear(D, D)

    def forward(self, z):
        codes = self.embedding_proj(self.embedding.weight)
        return z, torch.cdist(z, codes[None].expand(len(z), -1, -1)).argmin(-1)


class ByHand(nn.Module):
    """A quantizer whose only matrix has a name of its own."""

    def __init__(self):
        super().__init__()
        self.my_words = nn.Parameter(torch.randn(K, D))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, z):
        return z, torch.cdist(z, self.my_words[None].expand(len(z), -1, -1)).argmin(-1)


def mlp():
    return nn.Sequential(nn.Linear(D, 2 * D), nn.ReLU(), nn.Linear(2 * D, D))


def tokens():
    return torch.randn(2, 40, D)


def sound():
    return torch.randn(2, D, 40)


CHOSEN = {
    "vq": (lambda: VectorQuantize(dim=D, codebook_size=K), tokens, 1, "l2"),
    "vq cosine": (
        lambda: VectorQuantize(dim=D, codebook_size=K, use_cosine_sim=True),
        tokens,
        1,
        "cosine",
    ),
    "vq projected": (
        lambda: VectorQuantize(dim=D, codebook_dim=4, codebook_size=K),
        tokens,
        1,
        "l2",
    ),
    "vq heads": (
        lambda: VectorQuantize(dim=D, codebook_size=K, heads=2, separate_codebook_per_head=True),
        tokens,
        2,
        "l2",
    ),
    "vq pictures": (
        lambda: VectorQuantize(dim=D, codebook_size=K, accept_image_fmap=True),
        lambda: torch.randn(2, D, 6, 6),
        1,
        "l2",
    ),
    "vq learnable": (
        lambda: VectorQuantize(dim=D, codebook_size=K, learnable_codebook=True, ema_update=False),
        tokens,
        1,
        "l2",
    ),
    "residual vq": (lambda: ResidualVQ(dim=D, codebook_size=K, num_quantizers=3), tokens, 3, "l2"),
    "grouped": (
        lambda: GroupedResidualVQ(dim=D, codebook_size=K, num_quantizers=3, groups=2),
        tokens,
        6,
        "l2",
    ),
    "simvq": (lambda: SimVQ(dim=D, codebook_size=K), tokens, 1, "l2"),
    "simvq rectangular": (
        lambda: SimVQ(dim=D, codebook_size=K, frozen_codebook_dim=5),
        tokens,
        1,
        "l2",
    ),
    "simvq perceptron": (
        lambda: SimVQ(dim=D, codebook_size=K, codebook_transform=mlp()),
        tokens,
        1,
        "l2",
    ),
    "residual simvq": (
        lambda: ResidualSimVQ(dim=D, codebook_size=K, num_quantizers=2),
        tokens,
        2,
        "l2",
    ),
    "chameleon": (
        lambda: ChameleonVQVAEVectorQuantizer(ChameleonVQVAEConfig(num_embeddings=K, embed_dim=D)),
        lambda: torch.randn(2, D, 6, 6),
        1,
        "l2",
    ),
    "diffusers": (lambda: DiffusersVQ(K, D, 0.25), lambda: torch.randn(2, D, 6, 6), 1, "l2"),
    "dac": (
        lambda: DacQuantizer(input_dim=16, n_codebooks=3, codebook_size=K, codebook_dim=4),
        lambda: torch.randn(2, 16, 40),
        3,
        "cosine",
    ),
    "snac": (
        lambda: SnacQuantizer(input_dim=16, codebook_size=K, codebook_dim=4, vq_strides=[1, 2, 4]),
        lambda: torch.randn(2, 16, 40),
        3,
        "cosine",
    ),
    "encodec": (
        lambda: EncodecQuantizer(dimension=D, n_q=3, bins=K, kmeans_init=False),
        sound,
        3,
        "l2",
    ),
    "moshi projected": (
        lambda: MimiQuantizer(dimension=4, input_dimension=D, output_dimension=D, n_q=3, bins=K),
        sound,
        3,
        "l2",
    ),
    "moshi": (lambda: MimiQuantizer(dimension=D, n_q=3, bins=K), sound, 3, "l2"),
    "beit": (NormEMAVectorQuantizer, tokens, 1, "cosine"),
    "authors' simvq": (AuthorsSimVQ, tokens, 1, "l2"),
    "by hand": (ByHand, tokens, 1, "l2"),
}


def run(quantizer, z):
    """The whole numbers among what a class returns, whatever it calls them."""
    name = type(quantizer).__module__
    if name.startswith(("encodec", "moshi")):
        return quantizer(z, 50).codes
    result = quantizer(z)
    found = [x for x in flat(result) if torch.is_tensor(x) and x.dtype == torch.int64 and x.dim()]
    return next(x for x in result if isinstance(x, list)) if name.startswith("snac") else found[0]


def flat(x):
    if isinstance(x, (tuple, list)):
        for one in x:
            yield from flat(one)
    else:
        yield x


@pytest.mark.parametrize("name", CHOSEN)
def test_a_file_says_what_the_class_did(name, tmp_path, silent):
    make, data, count, lookup = CHOSEN[name]
    quantizer = make()
    # Some classes begin with all codes zero; a pass in training gives them their first ones.
    quantizer.train()
    run(quantizer, data())
    with torch.no_grad():
        for x in quantizer.parameters():
            if x.dim() == 2 and x.std() < 0.05:
                x.normal_()
    quantizer.eval()
    z = data()
    with torch.no_grad():
        indices = run(quantizer, z)
    vqscope.Watch(tmp_path)(7, codebook=quantizer, indices=indices, latents=z)
    held = read(tmp_path)
    start = "" if count == 1 else "level.0."
    assert sum(key.endswith("lookup") for key in held) == count
    assert word(held[f"{start}lookup"]) == lookup
    if f"{start}C" in held:
        codes = held[f"{start}C"] @ held[f"{start}W"] + held.get(f"{start}b", 0)
    else:
        codes = held[f"{start}codebook"]
    latents, first = held[f"{start}latents"], chosen_first(indices, count, held)
    agreed = torch.tensor(nearest(latents, codes, lookup)) == first
    assert agreed.float().mean() > 0.97, (codes.shape, latents.shape)
    counts = torch.bincount(first, minlength=codes.shape[0])
    assert torch.equal(held[f"{start}usage"], counts)
    assert int(held[f"{start}tokens"]) == len(first)


def chosen_first(indices, count, held):
    """The indices of the first level, one for each row of the latents."""
    if "indices" in held:
        assert held["indices"].shape[1] == count
        return held["indices"][:, 0].long()
    # Levels of different strides stand in a list.
    return indices[0].flatten()


def test_a_codec_may_use_its_first_levels_alone(tmp_path, silent):
    quantizer = EncodecQuantizer(dimension=D, n_q=4, bins=K, kmeans_init=False)
    w = vqscope.Watch(tmp_path, every=1)
    for step, count in enumerate([4, 2]):
        w(step, codebook=quantizer, indices=torch.randint(K, (count, 3, 10)))
    held = read(tmp_path)
    assert [held[f"level.{n}.tokens"].item() for n in range(4)] == [30, 30, 0, 0]
    assert held["level.2.usage_total"].sum() == 30
    assert held["indices"].shape == (30, 4) and (held["indices"][:, 2:] == -1).all()
    with pytest.raises(ValueError, match="levels, 4"):
        other = torch.randint(K, (5, 3, 10))
        vqscope.Watch(tmp_path / "other")(0, codebook=quantizer, indices=other)


def test_affine_parameters_are_applied(tmp_path):
    vq = VectorQuantize(dim=D, codebook_size=K, affine_param=True, sync_codebook=False)
    for _ in range(20):
        vq(torch.randn(1, 256, D) * 3 + 2)
    z = torch.randn(1, 256, D) * 3 + 2
    book = vq._codebook
    vq.eval()
    indices = vq(z)[1]
    vqscope.Watch(tmp_path)(0, codebook=vq, indices=indices, latents=z)
    held = read(tmp_path)
    assert not torch.allclose(held["codebook"], book.embed[0], atol=0.1)
    agreed = torch.tensor(nearest(held["latents"], held["codebook"])) == indices.flatten()
    assert agreed.float().mean() > 0.97


def test_codes_without_a_table_are_those_that_the_class_makes(tmp_path):
    for name, vq, lookup in [
        ("fsq", FSQ(levels=[8, 5, 5], dim=D), "rounding"),
        ("lfq", LFQ(dim=D, codebook_size=16), "sign"),
    ]:
        vqscope.Watch(tmp_path / name)(0, codebook=vq)
        held = read(tmp_path / name)
        size = 200 if name == "fsq" else 16
        assert held["codebook"].shape[0] == size and word(held["lookup"]) == lookup
        assert len(held["codebook"].unique(dim=0)) == size


def test_a_whole_model_is_searched(tmp_path):
    small = EncodecConfig(
        target_bandwidths=[9.0],
        sampling_rate=2400,
        hidden_size=8,
        num_filters=2,
        num_residual_layers=1,
        upsampling_ratios=[2, 2],
        codebook_size=K,
        codebook_dim=8,
        num_lstm_layers=1,
    )
    dac = DacConfig(
        encoder_hidden_size=4,
        downsampling_ratios=[2, 2],
        decoder_hidden_size=8,
        n_codebooks=2,
        codebook_size=K,
        codebook_dim=4,
        hidden_size=16,
        upsampling_ratios=[2, 2],
    )
    averaged = EMA(VectorQuantize(dim=D, codebook_size=K)).ema_model
    for number, (model, levels, lookup) in enumerate(
        [(EncodecModel(small), 3, "l2"), (DacModel(dac), 2, "cosine"), (averaged, 1, "l2")]
    ):
        folder = tmp_path / str(number)
        vqscope.Watch(folder)(0, codebook=model)
        held = read(folder)
        assert sum(key.endswith("codebook") for key in held) == levels
        assert word(held["lookup" if levels == 1 else "level.0.lookup"]) == lookup


def test_arrays_lists_and_names_are_taken(tmp_path):
    codes = torch.randn(K, D)
    w, b = torch.randn(D, D), torch.randn(D)
    numpy = codes.numpy()
    for name, codebook, keys in [
        ("tensor", codes, {"codebook"}),
        ("numpy", numpy, {"codebook"}),
        ("named", {"C": codes, "W": w, "b": b}, {"C", "W", "b"}),
        ("levels", [codes, numpy], {"level.0.codebook", "level.1.codebook"}),
        ("stacked", codes.view(2, K // 2, D), {"level.0.codebook", "level.1.codebook"}),
        ("embedding", nn.Embedding(K, D), {"codebook"}),
    ]:
        vqscope.Watch(tmp_path / name, lookup="dot")(1, codebook=codebook)
        held = read(tmp_path / name)
        assert keys == {key for key in held if key.split(".")[-1] in {"codebook", "C", "W", "b"}}
        assert all(word(held[key]) == "dot" for key in held if key.endswith("lookup"))
    assert torch.equal(read(tmp_path / "named")["W"], w)


@pytest.mark.parametrize(
    ("codebook", "words"),
    [
        (nn.Linear(4, 4, bias=False).requires_grad_(False).bias, "NoneType"),
        ([], "empty list"),
        ({"C": torch.ones(3, 2)}, "`C`, `W` and maybe `b`"),
        ({"C": torch.ones(3, 2), "W": torch.ones(3, 2)}, "transpose"),
        (torch.ones(3), "K x d"),
        (nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 5)), "no codebook is found in Sequential"),
        ("codes", "no numbers"),
    ],
)
def test_what_is_no_codebook_raises_in_one_sentence(codebook, words, tmp_path):
    with pytest.raises((TypeError, ValueError)) as why:
        vqscope.Watch(tmp_path / "f")(0, codebook=codebook)
    assert words in str(why.value) and "\n" not in str(why.value)
    assert not (tmp_path / "f").exists()
