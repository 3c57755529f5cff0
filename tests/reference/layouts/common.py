"""What all the fixtures are made of: one made file, random states, counts of use, and ways to save."""

import json
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

# Sizes of the small stand-ins: codes, width.
K, D = 32, 4


@dataclass
class Level:
    """One codebook of a file.

    `codes` are the codes that encodings are compared with, K x d, or `None` where no file can tell
    them. `array` names the array of the file that holds just these codes, where one does. `use` is
    what is known of it: see `use`.
    """

    size: int
    dim: int
    codes: "torch.Tensor | np.ndarray | None" = None
    use: "dict | None" = None
    name: str = ""
    array: "str | None" = None

    def __post_init__(self):
        if self.codes is not None:
            self.codes = torch.as_tensor(self.codes).detach().to(torch.float32).clone()


@dataclass
class Made:
    """One file: what is in it and what a reader must find."""

    file: str
    family: str
    row: str
    by: str
    lookup: "str | None"
    levels: "list[Level]"
    note: str = ""
    step: "int | None" = None
    more: dict = field(default_factory=dict)


def use(used, tokens=None, array=None, kind=None, **more):
    """What is true of the use of a codebook.

    `used` is the number of distinct codes that were chosen in all that the array counts, `tokens` how
    many tokens that were, `kind` what the array holds: counts, ema (moving averages), shares, indices,
    latents (none is counted: a reader has to); `None` for an array that tells nothing.
    """
    return {"used": int(used), "tokens": tokens, "array": array, "kind": kind, **more}


def seed(number):
    """Both sources of random numbers begin anew."""
    torch.manual_seed(number)
    return np.random.default_rng(number)


def some(names_and_shapes, number=0):
    """Arrays of a model that are not the codebook, as they stand around it."""
    made = torch.Generator().manual_seed(1000 + number)
    return {
        name: torch.randn(shape, generator=made) * 0.1 for name, shape in names_and_shapes.items()
    }


def autoencoder(number=0, channels=4):
    """What stands around a codebook in a convolutional VQ-GAN: its two halves and a discriminator."""
    return some(
        {
            "encoder.conv_in.weight": (8, 3, 3, 3),
            "encoder.conv_in.bias": (8,),
            "encoder.mid.attn_1.norm.weight": (8,),
            "encoder.mid.attn_1.q.weight": (8, 8, 1, 1),
            "decoder.conv_out.weight": (3, 8, 3, 3),
            "decoder.conv_out.bias": (3,),
            "loss.discriminator.main.0.weight": (8, 3, 4, 4),
            "loss.discriminator.main.0.bias": (8,),
            "quant_conv.weight": (channels, 8, 1, 1),
            "quant_conv.bias": (channels,),
            "post_quant_conv.weight": (8, channels, 1, 1),
            "post_quant_conv.bias": (8,),
        },
        number,
    )


def near(codes, subset, count, rng, spread=1e-3):
    """`count` encodings, each close to a code of `subset`, every one of them hit: count x d."""
    subset = np.asarray(subset)
    chosen = np.concatenate([subset, rng.choice(subset, count - len(subset))])
    noise = rng.normal(size=(count, codes.shape[1])) * spread
    return torch.tensor(codes[chosen] + noise, dtype=torch.float32)


def nearest(z, codes, lookup="l2"):
    """Index of the code that each row of `z` gets."""
    z, codes = np.asarray(z, np.float64), np.asarray(codes, np.float64)
    if lookup == "cosine":
        z, codes = unit(z), unit(codes)
    if lookup == "dot":
        return (z @ codes.T).argmax(1)
    return ((codes**2).sum(1)[None] - 2 * z @ codes.T).argmin(1)


def unit(x):
    """Rows brought to length 1."""
    x = np.asarray(x, np.float64)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def averages(size, subset, tokens, passes, decay, start, rng):
    """Moving averages of the uses of each code, as a training leaves them behind."""
    mean = np.full(size, float(start))
    share = np.zeros(size)
    share[subset] = 1 / len(subset)
    for _ in range(passes):
        mean = decay * mean + (1 - decay) * rng.multinomial(tokens, share)
    return torch.tensor(mean, dtype=torch.float32)


def in_use(averages):
    """How many of these moving averages are of codes in use, where nobody can doubt it."""
    averages = torch.as_tensor(averages)
    top, low = averages > 0.05, averages < 2e-3
    assert bool((top | low).all()), averages
    return int(top.sum())


def own_package(name):
    """A package whose modules are imported without its `__init__`, which wants audio libraries."""
    import importlib.util

    if name not in sys.modules:
        found = importlib.util.find_spec(name)
        stand_in = types.ModuleType(name)
        stand_in.__path__ = list(found.submodule_search_locations)
        sys.modules[name] = stand_in


def numbers(state):
    """The tensors of a state dict by their names, each with a memory of its own."""
    return {name: x.detach().clone().contiguous() for name, x in state.items()}


class Folder:
    """Where the files go; it writes them and keeps what is known of each."""

    def __init__(self, path):
        self.path = Path(path)
        self.made = []

    def place(self, made):
        path = self.path / made.file
        path.parent.mkdir(parents=True, exist_ok=True)
        self.made.append(made)
        return path

    def tensors(self, made, state):
        """As .safetensors."""
        path = self.place(made)
        save_file(numbers(state), path)
        path.chmod(0o644)

    def torch(self, made, what, is_old=False):
        """By `torch.save`, in its zip form or in the one from before 1.6."""
        path = self.place(made)
        torch.save(what, path, _use_new_zipfile_serialization=not is_old)

    def arrays(self, made, arrays):
        """As .npz, deflated."""
        np.savez_compressed(self.place(made), **arrays)

    def manifest(self):
        """families.json and, for the codes themselves, expected.safetensors."""
        codes, rows = {}, []
        for made in self.made:
            levels = []
            for number, level in enumerate(made.levels):
                key = None
                if level.codes is not None:
                    key = f"{made.file}:{number}"
                    codes[key] = level.codes.clone(memory_format=torch.contiguous_format)
                    assert codes[key].shape == (level.size, level.dim), made.file
                levels.append(
                    {
                        "name": level.name,
                        "K": level.size,
                        "d": level.dim,
                        "codes": key,
                        "array": level.array,
                        "use": level.use,
                    }
                )
            rows.append(
                {
                    "file": made.file,
                    "family": made.family,
                    "row": made.row,
                    "by": made.by,
                    "form": form(self.path / made.file),
                    "lookup": made.lookup,
                    "step": made.step,
                    "levels": levels,
                    "note": made.note,
                    **made.more,
                }
            )
        save_file(codes, self.path / "expected.safetensors")
        text = "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
        (self.path / "families.json").write_text(text, encoding="utf-8")


def form(path):
    """What kind of file it is, by its first bytes."""
    start = path.read_bytes()[:8]
    if start[:2] == b"PK":
        return "npz" if path.suffix == ".npz" else "torch-zip"
    if start[:1] == b"\x80":
        return "torch-old"
    return "npy" if start[1:6] == b"NUMPY" else "safetensors"
