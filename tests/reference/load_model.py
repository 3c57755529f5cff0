#!/usr/bin/env python3
"""Loads a model.safetensors of `vqscope run`, or what `vqscope export RUN --model FILE.safetensors`
wrote of a run of the window or one that never ended, in PyTorch and repeats its forward pass.

    pip install torch numpy safetensors
    python3 tests/reference/load_model.py DIR/model.safetensors [--json OUT.json]

Rebuilds encoder, quantizer and decoder of every lane from the weights in the file and the facts in
its metadata, runs the inputs that the file brings along (probe.x) through them, and prints the
largest difference to what the program computed from the same inputs. Ends with status 1 where they
disagree. With --json it writes what PyTorch computed. Python 3.11 or newer, for tomllib.

The files in tests/reference/models/ were made like this, for each NAME.toml there:

    vqscope run tests/reference/models/NAME.toml --device cpu --out DIR
    cp DIR/model.safetensors tests/reference/models/NAME.safetensors
    python3 tests/reference/load_model.py tests/reference/models/NAME.safetensors \\
        --json tests/reference/models/NAME.json
"""

import argparse
import json
import sys
import tomllib

import torch
from safetensors import safe_open
from safetensors.torch import load_file

# How far PyTorch and the program may lie apart: rounding in 32 bits.
TOLERANCE = 1e-4


class Lane:
    """One lane's weights and the facts that are no weights."""

    def __init__(self, about, weights):
        self.about = about
        self.weights = weights

    def has(self, name):
        return f"{name}.weight" in self.weights

    def linear(self, name, x):
        """x·weight + bias: weights are input x output here, the transpose of nn.Linear's."""
        x = x @ self.weights[f"{name}.weight"]
        bias = self.weights.get(f"{name}.bias")
        return x if bias is None else x + bias

    def two_layers(self, name, x):
        return self.linear(f"{name}.1", torch.relu(self.linear(f"{name}.0", x)))

    def encode(self, x):
        """B x D inputs to N x d encodings as the lookup sees them."""
        z = self.two_layers("encoder", x).reshape(-1, self.about["latent"])
        if self.has("factor.0"):
            z = self.linear("factor.0", z)
        if self.about.get("levels"):
            return self.bound(z)
        return unit(z) if self.about["lookup"] == "cosine" else z

    def bound(self, z):
        """FSQ's box (Mentzer et al. 2023), with levels at -1 to 1."""
        levels = torch.tensor(self.about["levels"], dtype=z.dtype)
        half = (levels - 1) * (1 - 1e-3) / 2
        offset = torch.where(levels % 2 == 0, 0.5, 0.0).to(z.dtype)
        shift = torch.tan(offset / half)
        return (torch.tanh(z + shift) * half - offset) / torch.floor(levels / 2)

    def effective(self):
        """E, K x d: C through W and b, in one of four forms."""
        codes = self.weights["codes"]
        if self.about["learn_w"]:
            codes = self.transform(codes)
        return unit(codes) if self.about["lookup"] == "cosine" else codes

    def transform(self, codes):
        first = self.weights["transform.0.weight"]
        match self.about["transform"]:
            case "full":
                return self.linear("transform.0", codes)
            case "diagonal":
                codes = codes * first
            case "low-rank":
                codes = codes @ first @ self.weights["transform.1.weight"]
            case "mlp":
                return self.two_layers("transform", codes)
            case other:
                raise ValueError(f"a transform of the form {other}")
        bias = self.weights.get("transform.0.bias")
        return codes if bias is None else codes + bias

    def decode(self, q):
        """N x d codes to B x D reconstructions."""
        if self.has("factor.1"):
            q = self.linear("factor.1", q)
        return self.two_layers("decoder", q.reshape(-1, self.about["tokens"] * self.about["latent"]))


def unit(rows):
    return rows / torch.sqrt((rows**2).sum(dim=1, keepdim=True) + 1e-24)


def distances(z, codes):
    return ((z[:, None, :] - codes[None, :, :]) ** 2).sum(dim=2)


def read(path):
    """The lanes of a file: facts, weights, and the probe."""
    with safe_open(path, framework="pt") as file:
        about = tomllib.loads(file.metadata()["vqscope"])
    arrays = load_file(path)
    for lane in about["lanes"]:
        own = lane["name"] + "."
        mine = {name[len(own) :]: t for name, t in arrays.items() if name.startswith(own)}
        weights = {name: t for name, t in mine.items() if not name.startswith("probe.")}
        probe = {name[6:]: t for name, t in mine.items() if name.startswith("probe.")}
        yield Lane(lane, weights), probe


def check(lane, probe):
    """Largest differences, and what PyTorch computed."""
    z = lane.encode(probe["x"])
    codes = lane.effective()
    if len(probe["index"]):
        apart = distances(z.double(), codes.double())
        index = apart.argmin(dim=1)
        # Another code may be chosen only where both are equally near but for rounding.
        chosen = apart.gather(1, probe["index"].long()[:, None])[:, 0]
        excess = (chosen - apart.min(dim=1).values).max().item()
        others = int((index != probe["index"]).sum())
        q = codes[probe["index"].long()]
    else:
        # During a warm-up nothing is quantized.
        index, excess, others, q = torch.zeros(0, dtype=torch.long), 0.0, 0, z
    x_hat = lane.decode(q)
    differences = {
        "z": (z - probe["z"]).abs().max().item(),
        "distance": excess,
        "x_hat": (x_hat - probe["x_hat"]).abs().max().item(),
    }
    computed = {"z": z, "index": index, "x_hat": x_hat}
    return differences, others, computed


def main():
    parser = argparse.ArgumentParser(description="Repeats a model's forward pass in PyTorch.")
    parser.add_argument("model")
    parser.add_argument("--json", help="write what PyTorch computed")
    arguments = parser.parse_args()
    largest, found = 0.0, {}
    for lane, probe in read(arguments.model):
        name = lane.about["name"]
        with torch.no_grad():
            differences, others, computed = check(lane, probe)
        largest = max(largest, *differences.values())
        each = ", ".join(f"{what} {value:.1e}" for what, value in differences.items())
        print(f"lane {name}: {len(probe['index'])} tokens, {others} with another code; {each}")
        found[name] = {
            what: [round(x, 7) for x in t.flatten().tolist()] for what, t in computed.items()
        }
    print(f"largest difference {largest:.1e}")
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(found, file, separators=(",", ":"))
            file.write("\n")
    sys.exit(0 if largest <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
