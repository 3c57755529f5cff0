"""What a file holds, when it is written, and that no training is ever broken."""

import ast
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
import vqscope
from conftest import REPO, files, read, steps, with_helper, word
from loop import Quantizer
from torch import nn

K, D = 16, 4


def one(watch, step, **more):
    held = {"codebook": torch.randn(K, D), "indices": torch.randint(K, (3, 7)), **more}
    return watch(step, **held)


def test_a_file_holds_what_the_loop_gave(tmp_path, silent):
    folder = tmp_path / "not" / "there" / "yet"
    w = vqscope.Watch(folder, every=10)
    quantizer = Quantizer(K, D)
    since, total = (torch.zeros(K, dtype=torch.int64) for _ in range(2))
    for step in range(31):
        if step % 10 == 1:
            since.zero_()
        z = torch.randn(2, 10, D)
        indices = torch.cdist(z.reshape(-1, D), quantizer.embedding.weight).argmin(-1).view(2, 10)
        since += torch.bincount(indices.flatten(), minlength=K)
        total += torch.bincount(indices.flatten(), minlength=K)
        w(step, codebook=quantizer, indices=indices, latents=z, inputs=torch.rand(2, 3, 8, 6))
    assert steps(folder) == [0, 10, 20, 30]
    held = read(folder)
    assert set(held) == {
        "about", "codebook", "usage", "usage_total", "tokens", "latents", "indices", "inputs", "step", "lookup",
    }  # fmt: skip
    assert torch.equal(held["codebook"], quantizer.embedding.weight)
    assert torch.equal(held["usage"], since) and held["usage"].dtype == torch.int64
    assert torch.equal(held["usage_total"], total)
    assert held["tokens"].item() == since.sum() == 200
    assert torch.equal(held["latents"], z.reshape(-1, D))
    assert torch.equal(held["indices"], indices.reshape(-1, 1).int())
    assert held["step"].item() == 30 and held["step"].dtype == torch.int64
    assert held["inputs"].shape == (2, 8, 6, 3) and held["inputs"].dtype == torch.uint8
    assert word(held["lookup"]) == "l2"
    assert sorted(os.listdir(folder)) == [path.name for path in files(folder)], (
        "nothing is left over"
    )


def test_the_page_defines_what_a_file_holds(tmp_path, silent):
    page = (REPO / "docs" / "your-codebook.md").read_text()
    section = page.split("## What the helper writes")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    defined = {name for row in rows for name in row.split("`")[1::2]}
    quantizer = Quantizer(K, D)
    w = vqscope.Watch(tmp_path, every=1)
    one(w, 0, codebook=quantizer, latents=torch.randn(21, D), inputs=torch.rand(2, 8, 6))
    vqscope.simvq(quantizer.embedding)
    one(w, 1, codebook=quantizer)
    one(w, 2, codebook=[torch.randn(K, D)] * 3, latents=torch.randn(7, D))
    held = {name for step in range(2) for name in read(tmp_path, step)} - {"about"}
    assert held == defined
    # Those of several levels carry the level, and the sentence below the table lists them.
    of_levels = {name.split(".")[2] for name in read(tmp_path, 2) if name.startswith("level.")}
    (line,) = [line for line in section.splitlines() if line.startswith("With several levels")]
    assert of_levels < set(line.split(" stand as ")[0].split("`")[1::2])
    assert all(name in read(tmp_path)["about"] for name in ("vqscope", "number", "keep"))
    for number in ("16,384", "at most 64", "newest 200", "every tenth"):
        assert number in section


def test_numpy_does_as_well_and_a_loop_need_not_have_torch(tmp_path, silent):
    w = vqscope.Watch(tmp_path, every=2)
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(K, D))
    total = np.zeros(K, np.int64)
    for step in range(5):
        indices = rng.integers(0, K, (5, 3))
        total += np.bincount(indices.ravel(), minlength=K)
        z = rng.normal(size=(5, D, 3)).astype(np.float32)
        w(step, codebook=codes, indices=indices, latents=z)
    held = read(tmp_path)
    assert np.array_equal(held["usage_total"], total)
    assert np.array_equal(held["codebook"], codes) and held["codebook"].dtype == torch.float64
    assert np.array_equal(held["latents"], np.moveaxis(z, 1, -1).reshape(-1, D))


def test_nothing_but_the_codes_is_needed(tmp_path, silent):
    vqscope.Watch(tmp_path)(5, codebook=torch.randn(K, D, dtype=torch.bfloat16))
    held = read(tmp_path)
    assert set(held) == {"about", "codebook", "step", "lookup"}
    assert held["codebook"].dtype == torch.bfloat16


def test_what_was_left_out_is_not_counted(tmp_path, silent):
    indices = torch.tensor([0, 1, -1, 1, -1])
    vqscope.Watch(tmp_path)(0, codebook=torch.randn(K, D), indices=indices)
    held = read(tmp_path)
    assert held["usage"][:3].tolist() == [1, 2, 0] and held["tokens"].item() == 3


def test_an_even_sample_of_many_encodings(tmp_path):
    z = torch.arange(50_000.0)[:, None].expand(-1, D)
    indices = torch.arange(50_000) % K
    vqscope.Watch(tmp_path)(0, codebook=torch.randn(K, D), indices=indices, latents=z)
    held = read(tmp_path)
    rows = held["latents"][:, 0]
    assert rows.shape == (16_384,) and rows[0] == 0 and rows[-1] > 49_990
    gaps = rows.diff()
    assert gaps.min() >= 3 and gaps.max() <= 4
    assert torch.equal(held["indices"][:, 0], (rows % K).int()), "row by row the same tokens"
    assert held["usage"].sum() == 50_000


@pytest.mark.parametrize(
    ("start", "end", "every", "wanted"),
    [
        (0, 8, 3, [0, 3, 6]),
        (1, 8, 3, [1, 3, 6]),
        (1000, 1009, 5, [1000, 1005]),
    ],
)
def test_files_come_at_the_first_call_and_at_multiples(start, end, every, wanted, tmp_path):
    w = vqscope.Watch(tmp_path, every=every)
    for step in range(start, end):
        one(w, step)
    assert steps(tmp_path) == wanted


def test_a_loop_that_calls_seldom_still_saves(tmp_path):
    w = vqscope.Watch(tmp_path, every=10)
    for step in range(0, 100, 7):
        one(w, step)
    assert steps(tmp_path) == [0, 14, 21, 35, 42, 56, 63, 70, 84, 91]


def test_of_older_files_every_tenth_is_kept_and_nobody_elses_is_touched(tmp_path):
    # By names of the pattern, but not by a Watch.
    (tmp_path / "codebook_00000000.safetensors").write_bytes(b"mine")
    (tmp_path / "codebook_mine.safetensors").write_bytes(b"mine")
    w = vqscope.Watch(tmp_path, every=1, keep=5)
    for step in range(1, 60):
        one(w, step)
    found = [path.name for path in files(tmp_path)]
    assert found.pop() == "codebook_mine.safetensors"
    numbers = [int(name[9:17]) for name in found]
    assert numbers == [0, 10, 20, 30, 40, 50, 55, 56, 57, 58, 59]
    # A training that goes on counts on, and thins out what is old.
    w = vqscope.Watch(tmp_path, every=1, keep=5)
    for step in range(60, 72):
        one(w, step)
    assert steps_of_ours(tmp_path) == [0, 10, 20, 30, 40, 50, 60, 67, 68, 69, 70, 71]


def steps_of_ours(folder):
    return [
        int(path.name[9:17]) for path in files(folder) if path.name != "codebook_mine.safetensors"
    ]


def test_a_file_appears_whole(tmp_path, monkeypatch):
    """At the moment of the renaming all bytes are there, and no other name has ever been seen."""
    seen = []
    replace = os.replace

    def look(old, new):
        seen.append((os.path.getsize(old), sorted(p.name for p in files(tmp_path))))
        replace(old, new)
        assert os.path.getsize(new) == seen[-1][0]

    monkeypatch.setattr(os, "replace", look)
    w = vqscope.Watch(tmp_path, every=1)
    for step in range(3):
        one(w, step)
    assert [len(names) for _, names in seen] == [0, 1, 2]


def test_an_error_warns_once_and_the_training_goes_on(tmp_path):
    folder = tmp_path / "f"
    w = vqscope.Watch(folder, every=1)
    one(w, 0)
    for path in files(folder):
        path.unlink()
    folder.rmdir()
    folder.write_text("in the way")
    with pytest.warns(RuntimeWarning, match="the training goes on") as warned:
        for step in range(1, 5):
            one(w, step)
    assert len(warned) == 1
    folder.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one(w, 5)
    assert steps(folder) == [5], "it goes on by itself once it can"
    held = read(folder)
    assert held["tokens"].item() == 5 * 21, "what no file has yet is in this one"
    assert held["usage_total"].sum() == 6 * 21


def test_an_error_between_two_files_warns_as_well(tmp_path):
    """Most calls only keep the indices, and what goes wrong there does not end the training either."""

    class Lost(torch.Tensor):
        def clone(self, *arguments, **named):
            raise RuntimeError("the device is gone")

    module = torch.nn.Embedding(16, 4)
    w = vqscope.Watch(tmp_path, every=100)
    indices = torch.arange(16)
    for step in range(3):
        w(step, codebook=module, indices=indices)
    with pytest.warns(RuntimeWarning, match="the device is gone"):
        w(3, codebook=module, indices=indices.as_subclass(Lost))
    w(100, codebook=module, indices=indices)
    assert read(tmp_path)["tokens"].item() == 3 * 16


def test_a_later_change_of_shape_warns_and_errors_do_not_leak(tmp_path):
    w = vqscope.Watch(tmp_path, every=1)
    one(w, 0)
    with pytest.warns(RuntimeWarning, match="K x d"):
        one(w, 1, codebook=torch.randn(3))
    # Where somebody makes errors of warnings.
    other = vqscope.Watch(tmp_path / "other", every=1)
    one(other, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one(other, 1, codebook=torch.randn(3))


def test_indices_above_the_codes_are_said_later_too(tmp_path):
    w = vqscope.Watch(tmp_path, every=2)
    one(w, 0)
    one(w, 1, indices=torch.tensor([K, 1]))
    with pytest.warns(RuntimeWarning, match="1 indices are at or above the 16 codes"):
        one(w, 2)
    assert read(tmp_path)["usage"].sum() == 22


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"indices": torch.randn(3)}, "indices are float32"),
        ({"indices": torch.tensor([K])}, f"an index is {K}, and the codebook has {K} codes"),
        ({"latents": torch.randn(3, D + 1)}, f"as wide as the codes, {D}"),
        ({"latents": torch.ones(3, D, dtype=torch.int64)}, "latents are int64"),
        ({"inputs": torch.randn(3, 7, 2, 2, 2)}, "inputs are 3 x 7 x 2 x 2 x 2"),
        ({"codebook": [torch.randn(K, D)] * 2}, "levels, 2"),
        (
            {"codebook": [torch.randn(K, D)] * 3, "indices": torch.ones(3, 3, dtype=int)},
            "levels_axis=-1",
        ),
    ],
)
def test_wrong_arguments_raise_at_the_first_call(more, words, tmp_path):
    w = vqscope.Watch(tmp_path / "f")
    for _ in range(2):
        with pytest.raises((TypeError, ValueError)) as why:
            one(w, 0, **more)
        assert words in str(why.value)
    assert not (tmp_path / "f").exists()
    one(w, 0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: vqscope.Watch(p, every=0), "every is 0"),
        (lambda p: vqscope.Watch(p, keep=True), "keep is True"),
        (lambda p: vqscope.Watch(p, lookup="euclid"), "one of l2, cosine, dot"),
        (lambda p: vqscope.Watch(p, optimizer=3), "optimizer is a int"),
        (lambda p: vqscope.Watch(__file__), "is a file"),
        (lambda p: vqscope.Watch(p)("x", codebook=torch.ones(2, 2)), "step is 'x'"),
        (lambda p: vqscope.Watch(p)(-1, codebook=torch.ones(2, 2)), "step is -1"),
    ],
)
def test_wrong_settings_raise(make, words, tmp_path):
    with pytest.raises((TypeError, ValueError), match=words):
        make(tmp_path / "f")


@pytest.mark.parametrize(
    ("inputs", "shape", "first"),
    [
        (torch.full((2, 1, 8, 6), 0.5), (2, 8, 6), 128),
        (torch.full((2, 3, 8, 6), -1.0), (2, 8, 6, 3), 0),
        (torch.full((2, 8, 6, 3), 7, dtype=torch.uint8), (2, 8, 6, 3), 7),
        (np.full((100, 8, 6), 1.0), (64, 8, 6), 255),
        (torch.cat([torch.full((1, 8, 6), -40.0), torch.full((1, 8, 6), 90.0)]), (2, 8, 6), 0),
        (torch.full((3, 3, 1024, 1024), 1.0), (1, 1024, 1024, 3), 255),
    ],
)
def test_inputs_become_bytes(inputs, shape, first, tmp_path):
    one(vqscope.Watch(tmp_path), 0, inputs=inputs)
    held = read(tmp_path)["inputs"]
    assert tuple(held.shape) == shape and held.dtype == torch.uint8 and held.flatten()[0] == first


def test_levels_stand_where_each_library_puts_them(tmp_path):
    books = [torch.randn(K, D) for _ in range(3)]
    chosen = torch.randint(K, (3, 2, 5))
    for name, indices, axis in [
        ("first", chosen, None),
        ("middle", chosen.movedim(0, 1), None),
        ("last", chosen.movedim(0, -1), None),
        ("said", chosen[:, :, :3].movedim(0, -1), -1),
        ("list", list(chosen), None),
    ]:
        w = vqscope.Watch(tmp_path / name, levels_axis=axis)
        w(0, codebook=books, indices=indices)
        held = read(tmp_path / name)
        for n in range(3):
            taken = chosen[n, :, :3] if name == "said" else chosen[n]
            wanted = torch.bincount(taken.flatten(), minlength=K)
            assert torch.equal(held[f"level.{n}.usage"], wanted), name
        assert torch.equal(held["indices"][:, 1], taken_of(chosen, name, 1))


def taken_of(chosen, name, n):
    return (chosen[n, :, :3] if name == "said" else chosen[n]).flatten().int()


def test_counting_waits_for_no_device_and_leaves_gradients_alone(tmp_path):
    """Between two files nothing is read back: neither a number nor an array."""
    w = vqscope.Watch(tmp_path, every=1000)
    quantizer = Quantizer(K, D)
    z = torch.randn(5, D, requires_grad=True)
    indices = torch.randint(K, (5,))
    w(0, codebook=quantizer, indices=indices, latents=z)
    asked = []

    class Meter(torch.utils._python_dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            asked.append(str(function))
            return function(*args, **(kwargs or {}))

    with Meter():
        w(1, codebook=quantizer, indices=indices, latents=z)
    waits = (
        "item",
        "_local_scalar_dense",
        "nonzero",
        "cpu",
        "equal",
        "bincount",
        "unique",
        "masked_select",
    )
    assert asked and not [name for name in asked if any(f"aten.{wait}" in name for wait in waits)]
    assert z.grad is None and all(p.grad is None for p in quantizer.parameters())
    if torch.cuda.is_available():
        # The device itself says so where there is one.
        w = vqscope.Watch(tmp_path / "cuda", every=1000)
        there = {"codebook": quantizer.cuda(), "indices": indices.cuda(), "latents": z.cuda()}
        w(0, **there)
        torch.cuda.set_sync_debug_mode("error")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                w(1, **there)
        finally:
            torch.cuda.set_sync_debug_mode("default")
        w(1000, **there)
        assert read(tmp_path / "cuda")["usage"].sum() == 10


class Elsewhere(torch.overrides.TorchFunctionMode):
    """What would lie on another device, and what of it is brought over, by its length."""

    def __init__(self, *tensors):
        super().__init__()
        self.brought = []
        for x in tensors:
            x.is_elsewhere = True

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        made = function(*args, **kwargs)
        around = [
            x for arg in args for x in (arg if isinstance(arg, (list, tuple)) else [arg])
        ]
        if not any(getattr(x, "is_elsewhere", False) is True for x in around):
            return made
        name = function.__name__
        numbers = ("item", "tolist", "numpy", "__int__", "__bool__", "__float__", "__index__")
        if name == "cpu" or name == "to" and "cpu" in map(str, args[1:]) or name in numbers:
            self.brought.append(args[0].numel())
            return made.clone() if isinstance(made, torch.Tensor) else made
        for x in [made, *(args[:1] if name.endswith("_") else [])]:
            if isinstance(x, torch.Tensor):
                x.is_elsewhere = True
        return made


@pytest.mark.parametrize("levels", [1, 8])
def test_counts_of_all_levels_come_over_in_one_piece(levels, tmp_path, silent):
    books = [torch.randn(K, D) for _ in range(levels)]
    w = vqscope.Watch(tmp_path, every=2)
    w(0, codebook=books)
    chosen = [torch.randint(K, (9,)) for _ in books]
    given = chosen if levels > 1 else chosen[0]
    with Elsewhere(*chosen) as there:
        w(1, codebook=books, indices=given)
        assert there.brought == [], "nothing between two files"
        w(2, codebook=books, indices=given)
    # Counts, what is below 0 and above K, and whether any are there; and the file's `indices`.
    assert sorted(there.brought) == sorted([levels * (K + 3), levels * 9])
    held = read(tmp_path)
    for n, indices in enumerate(chosen):
        name = f"level.{n}.usage" if levels > 1 else "usage"
        assert torch.equal(held[name], 2 * torch.bincount(indices, minlength=K))


def test_an_embedding_under_simvq_is_saved_as_c_w_and_b(tmp_path):
    quantizer = Quantizer(K, D)
    w = vqscope.Watch(tmp_path, every=1)
    w(0, codebook=quantizer)
    cure = vqscope.simvq(quantizer.embedding)
    w(1, codebook=quantizer)
    assert "codebook" in read(tmp_path, 0)
    held = read(tmp_path, 1)
    assert (
        torch.equal(held["C"], cure.C)
        and torch.equal(held["W"], cure.W)
        and torch.equal(held["b"], cure.b)
    )
    alone = tmp_path / "alone"
    vqscope.Watch(alone)(0, codebook=quantizer.embedding)
    assert torch.equal(read(alone)["C"], cure.C)


def test_a_loop_without_torch_and_numpy_can_import_it():
    block = (
        "import sys; sys.modules['torch'] = None; sys.modules['numpy'] = None\n"
        "import vqscope\n"
        "try:\n    vqscope.Watch('f')(0, codebook=[[1.0]])\n"
        "except TypeError as why:\n    print(why)\n"
    )
    command = [sys.executable, "-c", block]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=with_helper())
    assert "install numpy" in done.stdout


def test_a_module_that_is_trained_elsewhere_is_not_changed(tmp_path):
    quantizer = nn.Sequential(nn.Embedding(K, D))
    before = {k: v.clone() for k, v in quantizer.state_dict().items()}
    vqscope.Watch(tmp_path)(0, codebook=quantizer)
    assert all(torch.equal(before[k], v) for k, v in quantizer.state_dict().items())


def test_the_helper_is_python_3_9(tmp_path):
    sources = list((REPO / "python" / "vqscope").glob("*.py"))
    assert len(sources) > 10
    for source in sources:
        ast.parse(source.read_text(), feature_version=(3, 9))
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n  case 1: pass", feature_version=(3, 9))
