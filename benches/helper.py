"""What `vqscope.Watch` costs a training: a small convolutional VQ-VAE with and without its two lines.

    python3 benches/helper.py                 # K 512 and 262,144, on the processor
    python3 benches/helper.py --device cuda

Needs torch; the helper is taken from `python/` beside this folder. Legs of 100 steps with one file
each (`every=100`), with and without in turn, now the one first and now the other, so that a machine that
gets slower meets both; one leg of each warms up. Printed is the median of five, the share that the
helper adds to a step as the median of each leg beside the one in turn with it, between the least and the
greatest, and the share of the time that was spent in its calls, which a busy machine disturbs less.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

import vqscope  # noqa: E402

STEPS = 100


class Model(nn.Module):
    """Images of 32 x 32 x 3 to 8 x 8 tokens of width `dim` and back, codes by gradient."""

    def __init__(self, size, dim):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 32, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(64, dim, 1),
        )
        self.embedding = nn.Embedding(size, dim)
        nn.init.normal_(self.embedding.weight, std=0.3)
        self.decoder = nn.Sequential(
            nn.Conv2d(dim, 64, 3, 1, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 3, 4, 2, 1),
        )

    def forward(self, x):
        z = self.encoder(x).movedim(1, -1)
        flat, codes = z.reshape(-1, z.shape[-1]), self.embedding.weight
        with torch.no_grad():
            indices = torch.addmm(codes.square().sum(1), flat, codes.t(), alpha=-2).argmin(1)
        quantized = self.embedding(indices).view_as(z)
        loss = (quantized - z.detach()).square().mean() + 0.25 * (
            quantized.detach() - z
        ).square().mean()
        out = self.decoder((z + (quantized - z).detach()).movedim(-1, 1))
        return (out - x).square().mean() + loss, z, indices.view(z.shape[:-1])


def leg(model, optimizer, x, watch, first):
    """Seconds of `STEPS` steps, and of the helper's calls in them."""
    wait(x)
    inside, start = 0.0, time.perf_counter()
    for step in range(first, first + STEPS):
        loss, z, indices = model(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if watch is not None:
            before = time.perf_counter()
            watch(step, codebook=model.embedding, indices=indices, latents=z, inputs=x)
            inside += time.perf_counter() - before
    wait(x)
    return time.perf_counter() - start, inside


def wait(x):
    if x.is_cuda:
        torch.cuda.synchronize()


def main():
    parser = argparse.ArgumentParser(description="What vqscope.Watch costs a step.")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--legs", type=int, default=5)
    parser.add_argument("--batch", type=int, help="images; 32 at K 512, 8 at 262,144 without")
    parser.add_argument("--size", type=int, help="only this K")
    asked = parser.parse_args()
    for size, dim, batch, bound in [(512, 64, 32, 1.0), (262_144, 32, 8, 3.0)]:
        if asked.size not in (None, size):
            continue
        torch.manual_seed(0)
        model = Model(size, dim).to(asked.device)
        # Moments of a table of this size would be most of the step.
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
        x = torch.rand(asked.batch or batch, 3, 32, 32, device=asked.device)
        with tempfile.TemporaryDirectory() as folder:
            watch = vqscope.Watch(folder, every=STEPS)
            # The first file is part of the warming up.
            watch(0, codebook=model.embedding)
            times, shares = {False: [], True: []}, []
            for n in range(asked.legs + 1):
                for watched in [False, True] if n % 2 else [True, False]:
                    # From 1 on, so that the last step of each leg writes a file.
                    called = watch if watched else None
                    used, inside = leg(model, optimizer, x, called, n * STEPS + 1)
                    if n > 0:
                        times[watched].append(used)
                        shares += [inside / used * 100] if watched else []
            count = len(list(Path(folder).glob("*.safetensors")))
            assert count == asked.legs + 2, count
        without, with_it = (statistics.median(times[w]) / STEPS * 1e3 for w in (False, True))
        added = [(b / a - 1) * 100 for a, b in zip(times[False], times[True])]
        print(
            f"K {size:,}, d {dim}, {len(x)} images: {without:.2f} ms a step without, {with_it:.2f} with, "
            f"{statistics.median(added):+.2f} % (bound {bound:.0f} %; "
            f"{min(added):+.2f} to {max(added):+.2f} %); "
            f"in its calls {statistics.median(shares):.2f} %",
            flush=True,
        )


if __name__ == "__main__":
    main()
