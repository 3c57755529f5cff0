"""The lines of the documents run word for word."""

import re

import pytest
import torch
import vqscope
from conftest import REPO, read, steps, word
from loop import D, K, Quantizer, Training
from vector_quantize_pytorch import ResidualVQ, SimVQ, VectorQuantize

QUANTIZERS = {
    "VectorQuantize": lambda: VectorQuantize(dim=D, codebook_size=K),
    "SimVQ": lambda: SimVQ(dim=D, codebook_size=K),
    "ResidualVQ": lambda: ResidualVQ(dim=D, codebook_size=K, num_quantizers=3),
    "by hand": Quantizer,
}


def blocks(name):
    """Blocks of Python of a document."""
    return re.findall(r"^```python\n(.*?)^```$", (REPO / name).read_text(), re.M | re.S)


def checked(name, folder):
    """What a file must hold of a training with this quantizer, after some steps."""
    held = read(folder)
    start = "level.2." if name == "ResidualVQ" else ""
    assert held[f"{start}usage"].sum() == held[f"{start}tokens"] > 0
    assert held[f"{start}usage_total"].sum() >= held[f"{start}usage"].sum()
    assert word(held[f"{start}lookup"]) == "l2"
    keys = {"C", "W"} if name == "SimVQ" else {"codebook"}
    assert {f"{start}{key}" for key in keys} <= set(held)
    assert held["inputs"].dtype == torch.uint8


@pytest.mark.parametrize("name", QUANTIZERS)
def test_the_two_lines_of_the_readme(name, tmp_path, monkeypatch, silent):
    monkeypatch.chdir(tmp_path)
    (lines,) = [block for block in blocks("README.md") if "Watch" in block]
    before, within = lines.strip().split("\n")
    assert within.endswith("# in the loop")
    training = Training(QUANTIZERS[name]())
    held = {"vqscope": vqscope, "quantizer": training.quantizer}
    exec(before, held)
    for step in range(201):
        x = training.batch()
        z = training.encoder(x)[None]
        quantized, indices, loss = training.quantizer(z)
        error = (training.decoder(quantized) - x).square().mean() + loss.sum()
        training.optimizer.zero_grad()
        error.backward()
        training.optimizer.step()
        held.update(step=step, indices=indices, z=z, x=x.view(-1, 4, 8))
        exec(within, held)
    assert steps(tmp_path / "codebooks") == [0, 100, 200]
    checked(name, tmp_path / "codebooks")


@pytest.mark.parametrize("name", QUANTIZERS)
def test_the_loop_of_the_page(name, tmp_path, monkeypatch, silent):
    monkeypatch.chdir(tmp_path)
    (loop,) = [block for block in blocks("docs/python.md") if "backward" in block]
    # The page's images are 32 x 32, as its encoder has it.
    held = {"quantizer": QUANTIZERS[name]()}
    held["batches"] = [torch.rand(8, 3, 32, 32) for _ in range(101)]
    held["encoder"] = torch.nn.Sequential(torch.nn.Conv2d(3, D, 8, 8), Last())
    held["decoder"] = torch.nn.Sequential(Second(), torch.nn.ConvTranspose2d(D, 3, 8, 8))
    parts = [held[part] for part in ("encoder", "quantizer", "decoder")]
    learned = [p for part in parts for p in part.parameters() if p.requires_grad]
    held["optimizer"] = torch.optim.Adam(learned, lr=1e-3)
    exec(loop, held)
    assert steps(tmp_path / "codebooks") == [0, 100]
    checked(name, tmp_path / "codebooks")
    assert read(tmp_path / "codebooks")["inputs"].shape == (8, 32, 32, 3)


class Last(torch.nn.Module):
    """B x d x H x W to B x (H W) x d."""

    def forward(self, z):
        return z.flatten(2).movedim(1, 2)


class Second(torch.nn.Module):
    """And back, of squares."""

    def forward(self, z):
        side = int(z.shape[1] ** 0.5)
        return z.movedim(1, 2).unflatten(2, (side, side))


def test_every_other_block_of_the_page_is_python():
    found = blocks("docs/python.md")
    assert len(found) > 4
    for block in found:
        compile(block, "docs/python.md", "exec")
