#!/usr/bin/env python3
"""Compares vqscope's nearest-code search and training step with what people would use instead.

    python3 -m venv rivals
    rivals/bin/pip install numpy faiss-cpu torch vector-quantize-pytorch
    rivals/bin/python benches/compare.py [ROUNDS] [nearest|step] [--gpu]

Both sides work on the same numbers, in the same run, in turn, on two threads; printed are medians
over the rounds. With --gpu both work on the GPU, the rivals through CUDA, and nvidia-smi says for
which share of the time the GPU had a kernel to run. Run it from the root of the repository.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

os.environ["OMP_NUM_THREADS"] = os.environ["RAYON_NUM_THREADS"] = "2"
os.environ.pop("OPENBLAS_CORETYPE", None)

import numpy as np
import torch
from torch import nn

ARGUMENTS = [a for a in sys.argv[1:] if a != "--gpu"]
GPU = "--gpu" in sys.argv
ROUNDS = int(ARGUMENTS[0]) if ARGUMENTS else 5
ONLY = ARGUMENTS[1] if len(ARGUMENTS) > 1 else ""
DEVICE = torch.device("cuda" if GPU else "cpu")
torch.set_num_threads(2)


def ours(*arguments):
    command = ["cargo", "bench", "-q", "--bench", "speed", "--", *map(str, arguments)]
    command += ["--device", "gpu"] if GPU else []
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(out.strip().splitlines()[-1])


def load(folder, name, shape):
    return np.fromfile(os.path.join(folder, name + ".f32"), dtype=np.float32).reshape(shape)


def milliseconds(work):
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


class Busy:
    """Which percentage of the time the GPU ran a kernel, and how many MB of it were taken at most."""

    def __enter__(self):
        self.samples = []
        what = "--query-gpu=utilization.gpu,memory.used"
        command = ["nvidia-smi", what, "--format=csv,noheader,nounits", "-lms", "100"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self.read)
        self.thread.start()
        return self

    def read(self):
        for line in self.process.stdout:
            self.samples.append([float(x) for x in line.split(",")])

    def __exit__(self, *_):
        self.process.terminate()
        self.thread.join()

    def __str__(self):
        # What starts and ends is not training: the middle half counts.
        quarter = len(self.samples) // 4
        middle = self.samples[quarter : len(self.samples) - quarter] or [[float("nan")] * 2]
        busy = statistics.mean(s[0] for s in middle)
        return f"busy {busy:.0f} %, {max(s[1] for s in middle):.0f} MB"


def nearest_on_gpu(n, k, d):
    with tempfile.TemporaryDirectory() as folder:
        ours("nearest", n, k, d, 1, folder)
        z, codes = load(folder, "z", (n, d)), load(folder, "codes", (k, d))
        index = torch.from_numpy(load(folder, "index", (n,)).astype(np.int64)).to(DEVICE)
    z, codes = torch.from_numpy(z).to(DEVICE), torch.from_numpy(codes).to(DEVICE)
    searches = {
        "matrix product and argmin": lambda: (codes.square().sum(1) - 2 * z @ codes.T).argmin(1),
        "cdist and argmin": lambda: torch.cdist(z, codes).argmin(1),
    }

    def many(search):
        for _ in range(20):
            index = search()
        index.cpu()

    one, row = {name: [] for name in searches}, {name: [] for name in searches}
    own, own_row, gflops = [], [], []
    for _ in range(ROUNDS):
        answer = ours("nearest", n, k, d, 10)
        own.append(answer["ms"]), own_row.append(answer["ms_of_many"])
        gflops.append(answer["gflops"])
        for name, search in searches.items():
            search().cpu()
            one[name].append(statistics.median(milliseconds(lambda: search().cpu()) for _ in range(10)))
            row[name].append(statistics.median(milliseconds(lambda: many(search)) for _ in range(5)) / 20)
    gap = ((z - codes[index]) ** 2).sum(1) - ((z - codes[searches["cdist and argmin"]()]) ** 2).sum(1)
    print(
        f"nearest N {n:,} K {k:,} d {d}: vqscope {statistics.median(own):.2f} ms waited for,"
        f" {statistics.median(own_row):.2f} ms in a row ({statistics.median(gflops):.0f} GFLOP/s)"
        + "".join(
            f"; PyTorch, {name} {statistics.median(one[name]):.2f} and {statistics.median(row[name]):.2f} ms"
            for name in searches
        )
        + f" [largest gap {gap.max().item():.1e}, same as on the host {answer['same_as_host']:.4f}]",
        flush=True,
    )


def nearest(n, k, d):
    if GPU:
        return nearest_on_gpu(n, k, d)
    import faiss

    faiss.omp_set_num_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        ours("nearest", n, k, d, 1, folder)
        z, codes = load(folder, "z", (n, d)), load(folder, "codes", (k, d))
        index = load(folder, "index", (n,)).astype(np.int64)
    flat = faiss.IndexFlatL2(d)
    flat.add(codes)
    _, theirs = flat.search(z, 1)
    # Where they differ, both codes must be equally near up to rounding.
    gap = ((z - codes[index]) ** 2).sum(1) - ((z - codes[theirs[:, 0]]) ** 2).sum(1)
    own, rival, gflops = [], [], []
    for _ in range(ROUNDS):
        answer = ours("nearest", n, k, d, 3)
        own.append(answer["ms"]), gflops.append(answer["gflops"])
        rival.append(statistics.median(milliseconds(lambda: flat.search(z, 1)) for _ in range(3)))
    a, b = statistics.median(own), statistics.median(rival)
    print(
        f"nearest N {n:,} K {k:,} d {d}: vqscope ({answer['kernel']}) {a:.0f} ms"
        f" ({statistics.median(gflops):.0f} GFLOP/s), FAISS IndexFlatL2 {b:.0f} ms: {b / a:.2f} times"
        f" [other index {np.sum(index != theirs[:, 0])}, largest gap {np.abs(gap).max():.1e}]",
        flush=True,
    )


class Plain(nn.Module):
    """SimVQ as one writes it in PyTorch: a distance matrix, argmin, straight-through."""

    def __init__(self, codes, weight, bias):
        super().__init__()
        self.register_buffer("codes", codes)
        self.linear = nn.Linear(*codes.shape[1:] * 2)
        with torch.no_grad():
            self.linear.weight.copy_(weight.T), self.linear.bias.copy_(bias[0])

    def forward(self, z):
        e = self.linear(self.codes)
        with torch.no_grad():
            index = (e.square().sum(1) - 2 * z @ e.T).argmin(1)
        q = e[index]
        loss = (q - z.detach()).square().mean() + 0.25 * (q.detach() - z).square().mean()
        return z + (q - z).detach(), loss


def library(codes, weight, bias):
    """The same by vector-quantize-pytorch."""
    from vector_quantize_pytorch import SimVQ

    size, dim = codes.shape
    linear = nn.Linear(dim, dim)
    model = SimVQ(
        dim=dim, codebook_size=size, codebook_transform=linear, rotation_trick=False,
        input_to_quantize_commit_loss_weight=0.25,
    )
    with torch.no_grad():
        linear.weight.copy_(weight.T), linear.bias.copy_(bias[0])
        model.frozen_codebook.copy_(codes)

    def forward(z):
        q, _, loss = model(z[None])
        return q[0], loss

    return model, forward


def autoencoder(weights):
    def mlp(part):
        layers = []
        for i in (0, 1):
            w, b = weights[f"{part}.{i}.weight"], weights[f"{part}.{i}.bias"]
            layer = nn.Linear(*w.shape)
            with torch.no_grad():
                layer.weight.copy_(w.T), layer.bias.copy_(b[0])
            layers += [layer, nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    return mlp("encoder"), mlp("decoder")


def train(weights, batches, kind):
    weights = {name: w.to(DEVICE) for name, w in weights.items()}
    batches = batches.to(DEVICE)
    encoder, decoder = autoencoder(weights)
    parts = weights["codes"], weights["transform.0.weight"], weights["transform.0.bias"]
    if kind == "plain":
        quantizer = forward = Plain(*parts)
    else:
        quantizer, forward = library(*parts)
    for module in (encoder, decoder, quantizer):
        module.to(DEVICE)
    parameters = [p for m in (encoder, decoder, quantizer) for p in m.parameters()]
    adam = torch.optim.Adam(parameters, lr=3e-3)
    times = []
    for x in batches:
        start = time.perf_counter()
        q, loss = forward(encoder(x))
        loss = loss + (decoder(q) - x).square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        value = loss.item()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times), value


def step(k, d, n, steps):
    with tempfile.TemporaryDirectory() as folder:
        ours("step", k, d, n, steps, folder)
        with open(os.path.join(folder, "shapes.json")) as file:
            shapes = json.load(file)
        weights = {name: torch.from_numpy(load(folder, name, s)) for name, s in shapes.items()}
        batches = torch.from_numpy(load(folder, "batches", (steps, n, 64)))
    times, losses = {"vqscope": [], "plain": [], "library": []}, {}
    for _ in range(ROUNDS):
        answer = ours("step", k, d, n, steps)
        times["vqscope"].append(answer["ms"])
        losses["vqscope"] = answer["loss"]
        for kind in ("plain", "library"):
            ms, losses[kind] = train(weights, batches, kind)
            times[kind].append(ms)
    median = {kind: statistics.median(all) for kind, all in times.items()}
    best = min(median["plain"], median["library"])
    print(
        f"SimVQ step K {k:,} d {d} N {n:,}: vqscope {median['vqscope']:.2f} ms,"
        f" plain PyTorch {median['plain']:.2f} ms,"
        f" vector-quantize-pytorch {median['library']:.2f} ms: {best / median['vqscope']:.2f} times"
        f" [loss after {steps} steps: "
        + ", ".join(f"{kind} {loss:.6f}" for kind, loss in losses.items())
        + "]",
        flush=True,
    )
    if GPU:
        # Long enough for the GPU's own counter, which looks a few times a second.
        long = int(5000 / max(median.values()))
        batches = batches.repeat(long // steps + 1, 1, 1)[:long]
        with Busy() as own:
            ours("step", k, d, n, int(5000 / median["vqscope"]))
        with Busy() as rival:
            train(weights, batches, "plain")
        print(f"    the GPU meanwhile: vqscope {own}; plain PyTorch {rival}", flush=True)


if ONLY in ("", "nearest"):
    nearest(3136, 65536, 32)
    nearest(4096, 65536, 64)
    nearest(4096, 262144, 32)
if ONLY in ("", "step"):
    step(512, 16, 512, 50)
    step(65536, 64, 1024, 50)
    if GPU:
        step(262144, 32, 4096, 50)
