"""Several processes of one training: uses are summed, rank 0 writes, all ranks get each command."""

import json
import os
import warnings

import torch
import torch.distributed as dist
import vqscope
from conftest import read, steps
from loop import Training
from torch.nn.parallel import DistributedDataParallel

K, D = 16, 4


def start(rank, place):
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    dist.init_process_group("gloo", init_method=f"file://{place}/meet", rank=rank, world_size=2)
    torch.set_num_threads(1)


def count(rank, place):
    start(rank, place)
    w = vqscope.Watch(f"{place}/f", every=4)
    codes = torch.arange(K * D).float().reshape(K, D)
    for step in range(9):
        # Rank 0 picks even codes, rank 1 odd ones, each step's number of times.
        indices = torch.full((step + 1,), 2 * (step % 8) + rank)
        w(step, codebook=codes, indices=indices)
    dist.destroy_process_group()


def run(function, tmp_path):
    torch.multiprocessing.spawn(function, args=(str(tmp_path),), nprocs=2)


def test_uses_of_all_ranks_are_summed_and_one_writes(tmp_path):
    run(count, tmp_path)
    folder = tmp_path / "f"
    assert steps(folder) == [0, 4, 8]
    held = read(folder)
    wanted = torch.zeros(K, dtype=torch.int64)
    for step in range(9):
        wanted[2 * (step % 8) : 2 * (step % 8) + 2] += step + 1
    assert torch.equal(held["usage_total"], wanted)
    assert held["tokens"].item() == 2 * (6 + 7 + 8 + 9)


def several(rank, place):
    """Three levels: rank 0 counts the first, rank 1 the first two, and nobody the last."""
    start(rank, place)
    sums = []
    all_reduce = dist.all_reduce
    dist.all_reduce = lambda x, *more: sums.append(tuple(x.shape)) or all_reduce(x, *more)
    w = vqscope.Watch(f"{place}/f", every=4, levels_axis=0)
    books = [torch.randn(size, D) for size in (K, 2 * K, 3 * K)]
    for step in range(9):
        w(step, codebook=books, indices=torch.full((rank + 1, 1), rank))
    # Of each level its counts, what is below 0, what is above K, and whether there is any of it.
    assert sums == [(6 * K + 3 * 3,)] * 3, sums
    dist.destroy_process_group()


def test_all_levels_are_summed_over_the_ranks_in_one_piece(tmp_path):
    run(several, tmp_path)
    held = read(tmp_path / "f")
    assert held["level.0.usage_total"][:3].tolist() == [9, 9, 0]
    assert held["level.1.usage_total"][:3].tolist() == [0, 9, 0]
    assert held["level.1.usage"][:3].tolist() == [0, 4, 0]
    assert len(held["level.1.usage"]) == 2 * K and held["level.1.tokens"] == 4
    assert "level.2.usage" not in held and "level.2.codebook" in held


def steer(rank, place):
    start(rank, place)
    training = Training(seed=3)
    training.numbers.manual_seed(rank)
    # Each rank has batches of its own; their gradients meet.
    whole = torch.nn.ModuleList([training.encoder, training.quantizer, training.decoder])
    whole = DistributedDataParallel(Whole(whole))
    w = vqscope.Watch(f"{place}/f", every=100, control=True, optimizer=training.optimizer)
    said = []
    for step in range(8):
        x = training.batch()
        loss, z, indices = whole(x)
        training.optimizer.zero_grad()
        loss.backward()
        training.optimizer.step()
        if rank == 0 and step in (2, 5):
            command(place, {"learn_c": False} if step == 2 else {"revive": True, "commitment": 3})
        c = w(step, codebook=training.quantizer, indices=indices, latents=z)
        said.append((c.learn_c, c.commitment))
        if step == 2:
            held = training.quantizer.embedding.weight.detach().clone()
        if step == 4:
            assert torch.equal(held, training.quantizer.embedding.weight)
    torch.save((said, training.quantizer.embedding.weight.detach()), f"{place}/said.{rank}")
    dist.destroy_process_group()


class Whole(torch.nn.Module):
    """Loss, encodings and indices in one forward pass, as DistributedDataParallel wants it."""

    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def forward(self, x):
        encoder, quantizer, decoder = self.parts
        z = encoder(x)
        quantized, indices, loss = quantizer(z)
        return (decoder(quantized) - x).square().mean() + loss, z, indices


def command(place, keys):
    with open(f"{place}/f/status.json") as file:
        status = json.load(file)
    text = json.dumps({"id": status["id"], "number": status["number"] + 1, "set": keys})
    with open(f"{place}/f/new", "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write(text)
    os.replace(f"{place}/f/new", f"{place}/f/control.json")


def test_all_ranks_get_a_command_before_the_step(tmp_path):
    (tmp_path / "f").mkdir(mode=0o700)
    run(steer, tmp_path)
    first, second = (torch.load(tmp_path / f"said.{rank}") for rank in range(2))
    assert first[0] == second[0]
    assert first[0] == [(True, 0.25)] * 2 + [(False, 0.25)] * 3 + [(False, 3.0)] * 3
    assert torch.equal(first[1], second[1]), "fresh codes are the same on all ranks"
    answers = json.loads((tmp_path / "f" / "status.json").read_text())["answers"]
    assert [a["step"] for a in answers] == [2, 5] and answers[1]["revived"] > 0


def stumble(rank, place):
    """One rank has indices that cannot be counted, and rank 0 a folder that cannot be written."""
    start(rank, place)
    warnings.simplefilter("ignore")
    w = vqscope.Watch(f"{place}/f", every=2, control=True)
    codes = torch.randn(K, D)
    for step in range(7):
        wrong = rank == 1 and step == 3
        w(step, codebook=codes, indices=torch.randn(3) if wrong else torch.arange(3))
        if rank == 0 and step == 3:
            os.rename(f"{place}/f", f"{place}/away")
            open(f"{place}/f", "w").close()
        if rank == 0 and step == 5:
            os.remove(f"{place}/f")
        # The ranks of a training meet in every step.
        dist.barrier()
    dist.destroy_process_group()


def test_what_fails_on_one_rank_keeps_no_other_waiting(tmp_path):
    (tmp_path / "f").mkdir(mode=0o700)
    run(stumble, tmp_path)
    held = read(tmp_path / "f")
    assert held["step"] == 6 and held["usage_total"][:3].tolist() == [13, 13, 13]
    assert held["tokens"] == 3 * (2 * 4 - 1), (
        "what the file of step 4 could not hold is in this one"
    )
