"""The hand on the switch: each key on a real training."""

import threading

import pytest
import torch
import vqscope
from conftest import read, steps
from loop import D, K, Quantizer, Training
from steered import Watched
from vector_quantize_pytorch import SimVQ, VectorQuantize


@pytest.fixture
def watched(tmp_path, silent):
    return Watched(tmp_path / "f")


def test_nothing_changes_before_a_command(tmp_path, silent):
    alone = Training()
    watched = Watched(tmp_path / "f")
    alone.one()
    for _ in range(5):
        alone.one()
        watched.one()
    assert torch.equal(
        alone.quantizer.embedding.weight, watched.training.quantizer.embedding.weight
    )
    status = watched.window.status
    assert status["control"] is True and status["number"] == 0 and status["answers"] == []
    values = {"learn_c": True, "lr_factor": 1.0, "commitment": 0.25, "simvq": False}
    assert status["values"] == values
    assert "simvq puts one" in status["cannot"]["learn_w"]
    assert not (tmp_path / "f" / "control.json").exists()


def test_learn_c_freezes_the_codes_and_lets_them_go(watched):
    codes = watched.training.quantizer.embedding.weight
    encoder = watched.training.encoder[0].weight
    watched.window.command(learn_c=False)
    watched.one()
    held, other = codes.detach().clone(), encoder.detach().clone()
    assert watched.one(5).learn_c is False
    assert torch.equal(codes, held) and not torch.equal(encoder, other)
    assert watched.answer == {"number": 1, "step": 2, "window": "w", "set": {"learn_c": False}}
    watched.window.command(learn_c=True)
    watched.one(3)
    assert watched.control.learn_c is True and not torch.equal(codes, held)
    assert watched.window.status["values"]["learn_c"] is True


def test_learn_c_without_an_optimizer_and_with_averages(tmp_path, silent):
    """Codes that move by averages are put back; those without an optimizer get no gradient."""
    vq = VectorQuantize(dim=D, codebook_size=K)
    for number, (quantizer, table) in enumerate(
        [(vq, lambda: vq._codebook.embed), (Quantizer(), None)]
    ):
        watched = Watched(tmp_path / str(number), quantizer)
        if number == 1:
            watched.watch = vqscope.Watch(watched.folder, control=True)
            watched.one()
        codes = table or (lambda: quantizer.embedding.weight)
        before = codes().detach().clone()
        watched.one()
        assert not torch.equal(codes(), before), "it moves"
        watched.window.command(learn_c=False)
        watched.one()
        held = codes().detach().clone()
        for _ in range(4):
            watched.training.one()
            z = watched.training.z
            # What the next pass sees is what was frozen.
            watched.watch(9, codebook=quantizer, indices=watched.training.indices, latents=z)
            assert torch.equal(codes(), held)
        watched.window.command(learn_c=True)
        watched.one(3)
        assert not torch.equal(codes(), held)


def test_learn_w_of_a_simvq(tmp_path, silent):
    quantizer = SimVQ(dim=D, codebook_size=K)
    watched = Watched(tmp_path / "f", quantizer)
    status = watched.window.status
    assert status["values"]["learn_w"] is True
    assert status["cannot"]["learn_c"] == "C is frozen by the quantizer itself"
    w = quantizer.code_transform.weight
    watched.window.command(learn_w=False)
    watched.one()
    held = w.detach().clone()
    watched.one(4)
    assert torch.equal(w, held) and watched.control.learn_w is False
    watched.window.command(learn_c=True)
    watched.one()
    assert "frozen by the quantizer" in watched.answer["refused"]
    watched.window.command(learn_w=True)
    watched.one(2)
    assert not torch.equal(w, held)


def test_lr_factor_multiplies_what_schedulers_set(tmp_path, silent):
    """With SGD a step is the rate times the gradient: with a factor it is as much longer."""
    rates = []
    watched = Watched(tmp_path / "f", optimizer=torch.optim.SGD, lr=0.1)
    optimizer = watched.training.optimizer
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.register_step_pre_hook(lambda o, *_: rates.append(o.param_groups[0]["lr"]))
    watched.window.command(lr_factor=0.1)
    watched.one()
    weight = watched.training.encoder[2].bias
    for n in range(3):
        before = weight.detach().clone()
        watched.one()
        wanted = 0.1 * 0.1 * 0.5**n * weight.grad
        assert torch.allclose(before - weight, wanted, atol=1e-7)
        assert optimizer.param_groups[0]["lr"] == pytest.approx(0.1 * 0.5**n), "its own rate stays"
        schedule.step()
    assert rates[1:] == pytest.approx([0.01, 0.005, 0.0025])
    watched.window.command(lr_factor=1)
    watched.one(2)
    assert rates[-1] == pytest.approx(0.1 * 0.5**3)


def test_commitment_is_the_loops_to_use(watched):
    watched.uses_commitment = True
    assert watched.control.commitment == 0.25
    watched.window.command(commitment=40)
    watched.one()
    assert watched.control.commitment == 40.0
    free, bound = Training(), Training()
    for training, weight in [(free, 0.25), (bound, 40.0)]:
        for _ in range(60):
            training.one(weight)
    watched.one(60)
    near = [t.quantizer.commitment.item() for t in [bound, free]]
    assert watched.training.quantizer.commitment.item() < (near[0] + near[1]) / 2


def far(codes, z):
    """How far each code lies from the nearest encoding."""
    exact = "donot_use_mm_for_euclid_dist"
    return torch.cdist(codes, z, compute_mode=exact).min(1).values


def test_revive_gives_unused_codes_encodings_of_this_call(watched):
    watched.one(30)
    training, codes = watched.training, watched.training.quantizer.embedding.weight
    seen = set()
    watched.window.command(save=True)
    watched.one()
    for _ in range(20):
        watched.one()
        seen.update(training.indices.tolist())
    unused = sorted(set(range(K)) - seen)
    assert len(unused) > K / 2, "it has collapsed"
    for name in ("exp_avg", "exp_avg_sq"):
        training.optimizer.state[codes][name].fill_(1.0)
    before = codes.detach().clone()
    # The command comes before the call of the next step, whose encodings it takes.
    watched.window.command(revive=True)
    training.one()
    after_step = codes.detach().clone()
    seen.update(training.indices.tolist())
    unused = sorted(set(range(K)) - seen)
    watched.watch(
        training.step, codebook=training.quantizer, indices=training.indices, latents=training.z
    )
    assert watched.answer["revived"] == len(unused)
    made, z = codes.detach()[unused], training.z.detach()
    assert (far(made, z) < 1e-6).all(), "each is an encoding of this call"
    assert len(made.unique(dim=0)) == min(len(unused), len(z))
    used = sorted(seen)
    assert torch.equal(codes[used], after_step[used]) and not torch.equal(made, before[unused])
    for name in ("exp_avg", "exp_avg_sq"):
        moments = training.optimizer.state[codes][name]
        assert (moments[unused] == 0).all() and (moments[used] != 0).all()
    again = set()
    for _ in range(5):
        watched.one()
        again.update(training.indices.tolist())
    assert len(again) > len(seen) * 2, "they are in use"


def test_revive_with_averages_and_under_a_w(tmp_path, silent):
    vq = VectorQuantize(dim=D, codebook_size=K)
    watched = Watched(tmp_path / "0", vq)
    watched.window.command(revive=True)
    watched.one()
    assert watched.answer["revived"] > 0
    book = vq._codebook
    z = watched.training.z.detach()
    fresh = far(book.embed[0], z) < 1e-6
    assert int(fresh.sum()) >= watched.answer["revived"]
    sums, counts = book.embed_avg[0][fresh], book.cluster_size[0][fresh]
    assert torch.allclose(sums, book.embed[0][fresh] * counts[:, None], atol=1e-5)

    simvq = SimVQ(dim=D, codebook_size=K)
    watched = Watched(tmp_path / "1", simvq)
    watched.window.command(revive=True)
    watched.one()
    z = watched.training.z.detach()
    near = far(simvq.codebook.detach(), z)
    assert int((near < 1e-3).sum()) >= watched.answer["revived"] > 0


def test_save_writes_this_file_now_and_files_around_a_command_stay(tmp_path, silent):
    watched = Watched(tmp_path / "f", every=5)
    watched.watch.keep = 2
    watched.one(12)
    watched.window.command(save=True)
    watched.one()
    assert steps(watched.folder)[-1] == watched.training.step == 14
    watched.one(60)
    kept = steps(watched.folder)
    assert {10, 14} <= set(kept), "before and after the command"
    # Files 1 to 16: the newest two, every tenth, and the two around the command.
    assert read(watched.folder, 14)["about"]["keep"] == "yes"
    again = vqscope.Watch(watched.folder, every=1, keep=2, control=True)
    t = watched.training
    for step in range(100, 130):
        again(step, codebook=t.quantizer, indices=t.indices)
    assert {10, 14} <= set(steps(watched.folder)), "a training that goes on keeps them as well"


def test_pause_waits_inside_the_call(watched):
    watched.window.command(pause=True, learn_c=False)
    thread = threading.Thread(target=watched.one)
    thread.start()
    wait_for(lambda: watched.window.status["state"] == "paused")
    step = watched.training.step
    # Other commands are done while it waits.
    watched.window.command(save=True)
    wait_for(lambda: watched.window.status["number"] == 2)
    watched.window.command(learn_c=True)
    wait_for(lambda: watched.window.status["number"] == 3)
    assert watched.training.step == step and thread.is_alive()
    watched.window.command(pause=False)
    thread.join()
    assert watched.window.status["state"] == "training"
    assert watched.control.learn_c is True
    assert step in steps(watched.folder)


def test_a_pause_that_nobody_ends_ends(watched):
    watched.watch._commands.longest_pause = 0.0
    watched.window.command(pause=True)
    watched.one()
    assert watched.window.status["state"] == "training"
    assert "too long" in watched.answer["ended"]
    watched.one()


def wait_for(condition):
    """Looks until it is so; the thread that makes it so is a training of a few steps."""
    event = threading.Event()
    while not condition():
        event.wait(0.01)


def test_simvq_rescues_from_the_window_and_is_taken_off_again(watched):
    """All four cells of what learns, on a codebook that has collapsed."""
    training, window = watched.training, watched.window
    embedding = training.quantizer.embedding
    watched.one(400)
    before = watched.used(50)
    window.command(simvq=True)
    watched.one()
    status = window.status
    assert status["values"]["simvq"] is True and status["values"]["learn_c"] is False
    assert status["values"]["learn_w"] is True and "learn_w" not in status["cannot"]
    watched.one(200)
    assert before < K / 4 < K / 2 < watched.used(50)
    for learn_c, learn_w in [(True, False), (False, False), (True, True), (False, True)]:
        window.command(learn_c=learn_c, learn_w=learn_w)
        watched.one()
        held = [x.detach().clone() for x in embedding.parameters()]
        watched.one(2)
        named = {name.split(".")[-1]: x for name, x in embedding.named_parameters()}
        c, w, b = (named[name] for name in ("original", "W", "b"))
        moved = [not torch.equal(x, y) for x, y in zip(embedding.parameters(), held)]
        order = [x is c for x in embedding.parameters()]
        assert [m for m, is_c in zip(moved, order) if is_c] == [learn_c]
        assert [m for m, is_c in zip(moved, order) if not is_c] == [learn_w] * 2
        assert (watched.control.learn_c, watched.control.learn_w) == (learn_c, learn_w)
    assert {"C", "W", "b"} <= set(saved(watched))
    window.command(simvq=False)
    watched.one()
    held = embedding.weight.detach().clone()
    watched.one(2)
    assert type(embedding) is torch.nn.Embedding and not torch.equal(held, embedding.weight)
    assert "codebook" in saved(watched) and window.status["values"]["learn_c"] is True


def saved(watched):
    watched.window.command(save=True)
    watched.one()
    return read(watched.folder)


def test_simvq_of_codes_that_move_by_averages_is_refused(tmp_path, silent):
    watched = Watched(tmp_path / "f", VectorQuantize(dim=D, codebook_size=K))
    watched.window.command(simvq=True)
    watched.one()
    assert "learns by gradient" in watched.answer["refused"]
