"""Commands that must change nothing: stale, foreign, garbled, of others, or wrong."""

import json
import os
import random
import warnings

import pytest
import torch
import vqscope
from loop import D, K, Quantizer, Training
from steered import Watched, Window
from vqscope.control import parse


@pytest.fixture
def watched(tmp_path, silent):
    return Watched(tmp_path / "f")


def test_stale_and_foreign_commands_change_nothing_and_are_said(watched):
    identity = watched.window.status["id"]
    watched.window.command(lr_factor=2.0)
    watched.one()
    for value, words in [
        ({"id": "0" * 32, "number": 9, "set": {"lr_factor": 0.5}}, "another training"),
        ({"id": identity, "number": 1, "set": {"lr_factor": 0.5}}, "not above 1"),
        ({"id": identity, "number": 0, "set": {"lr_factor": 0.5}}, "whole number from 1"),
    ]:
        watched.window.write(value)
        watched.one()
        assert words in watched.window.status["ignored"][-1]["why"]
        assert watched.control.lr_factor == 2.0
    # One that lies there from the training before.
    watched.window.command(lr_factor=3.0)
    other = Watched(watched.folder)
    assert "another training" in other.window.status["ignored"][-1]["why"]
    assert other.control.lr_factor == 1.0 and other.window.status["answers"] == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"lr_factor": 0.001}, "between 0.01 and 10"),
        ({"lr_factor": float("nan")}, "between 0.01 and 10"),
        ({"lr_factor": 10**400}, "between 0.01 and 10"),
        ({"lr_factor": True}, "between 0.01 and 10"),
        ({"commitment": -1}, "between 0 and 100"),
        ({"commitment": "1"}, "between 0 and 100"),
        ({"learn_c": 1}, "true or false"),
        ({"save": False}, "left out"),
        ({"learn_w": False}, "there is no W"),
        ({"commitment": 3, "quit": True}, "no key 'quit'"),
    ],
)
def test_a_wrong_value_refuses_the_whole_command(keys, words, watched):
    watched.window.command(**keys)
    control = watched.one()
    assert words in watched.answer["refused"]
    assert (control.commitment, control.lr_factor, control.learn_c) == (0.25, 1.0, True)
    # The next one is taken.
    watched.window.command(commitment=2)
    assert watched.one().commitment == 2.0


def test_a_hundred_garbled_commands_change_nothing(tmp_path, silent):
    watched, alone = Watched(tmp_path / "f"), Training()
    alone.one()
    rng = random.Random(0)
    good = {
        "id": watched.window.status["id"],
        "number": 1,
        "set": {"lr_factor": 2.0, "learn_c": False},
    }
    text = json.dumps(good).encode()
    for n in range(100):
        data = bytearray(text)
        kind = n % 5
        if kind == 0:
            data = data[: rng.randrange(len(data))]
        elif kind == 1:
            for _ in range(rng.randrange(1, 9)):
                # Below 32 no byte is part of a text, so that no mutation is a command.
                data[rng.randrange(len(data))] = rng.randrange(1, 9)
        elif kind == 2:
            data = bytearray(rng.randbytes(rng.randrange(4096)))
        elif kind == 3:
            data = bytearray(b"[" * rng.randrange(1, 4000))
        else:
            data = data[:-1] + b" " * 5000 + b"}"
        watched.window.write(bytes(data))
        watched.one()
        alone.one()
    status = watched.window.status
    assert status["number"] == 0 and status["answers"] == [] and len(status["ignored"]) == 100
    codes = [t.quantizer.embedding.weight for t in [alone, watched.training]]
    assert torch.equal(*codes)
    watched.window.write(text)
    assert watched.one().lr_factor == 2.0, "the one that they were made from is taken"


@pytest.mark.parametrize(
    "text",
    [
        b'{"id": "a", "number": 1, "set": {"save": true}, "set": {"save": true}}',
        b'{"id": "a", "number": 1.0, "set": {"save": true}}',
        b'{"id": "a", "number": true, "set": {"save": true}}',
        b'{"id": 1, "number": 1, "set": {"save": true}}',
        b'{"id": "a", "number": 1, "set": []}',
        b'{"id": "a", "number": 1, "set": "save"}',
        b'{"id": "a", "number": 1, "set": null}',
        b'{"id": "a", "number": 1, "set": {"save": true}, "run": "rm"}',
        b'{"id": "a", "number": 9007199254740993, "set": {"save": true}}',
        b"null",
        b"\xff\xfe",
        b"",
    ],
)
def test_what_is_no_command_is_refused(text):
    with pytest.raises(ValueError):
        parse(text)


def test_links_pipes_and_files_of_others_are_not_read(watched, tmp_path):
    place = watched.folder / "control.json"
    command = {"id": watched.window.status["id"], "number": 1, "set": {"lr_factor": 2.0}}
    real = tmp_path / "real.json"
    real.write_text(json.dumps(command))

    def refused(words):
        watched.one()
        assert words in watched.window.status["ignored"][-1]["why"]
        assert watched.control.lr_factor == 1.0

    place.symlink_to(real)
    refused("links are not followed")
    place.unlink()
    os.link(real, place)
    refused("regular file of one name")
    place.unlink()
    os.mkfifo(place)
    refused("regular file of one name")
    place.unlink()
    watched.window.write(command, mode=0o666)
    refused("others may write it")
    place.unlink()
    watched.folder.chmod(0o777)
    watched.window.write(command)
    refused("others may write into the folder")
    watched.folder.chmod(0o700)
    place.unlink()
    watched.window.write(command)
    watched.one()
    assert watched.control.lr_factor == 2.0


def test_in_a_folder_that_others_can_write_control_is_off(tmp_path):
    folder = tmp_path / "f"
    folder.mkdir()
    folder.chmod(0o775)
    training = Training()
    training.one()
    w = vqscope.Watch(folder, control=True, optimizer=training.optimizer)
    with pytest.warns(UserWarning, match="takes no commands: others may write into the folder"):
        w(0, codebook=training.quantizer)
    status = Window(folder).status
    assert status["control"] is False and "chmod" in status["why"]
    Window(folder).command(lr_factor=2.0)
    assert w(1, codebook=training.quantizer).lr_factor == 1.0


def test_where_owners_cannot_be_read_control_is_off(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "geteuid")
    with pytest.warns(UserWarning, match="does not say who owns a file"):
        vqscope.Watch(tmp_path, control=True)(0, codebook=Quantizer())
    assert Window(tmp_path).status["control"] is False


def test_two_windows_at_once(watched):
    """Whoever comes second sees that its number is taken, and its command changes nothing."""
    first, second = Window(watched.folder, "first"), Window(watched.folder, "second")
    number = first.status["number"] + 1
    first.command(number, commitment=3)
    watched.one()
    second.command(number, commitment=7)
    watched.one()
    status = second.status
    assert status["answers"][-1]["window"] == "first" and watched.control.commitment == 3.0
    assert f"not above {number}" in status["ignored"][-1]["why"]
    # Both between two steps: the newer one is there.
    first.command(commitment=4)
    second.command(commitment=5)
    watched.one()
    assert second.status["answers"][-1]["window"] == "second" and watched.control.commitment == 5.0


def test_a_command_that_fails_is_refused_and_the_training_goes_on(watched):
    watched.window.command(revive=True, lr_factor=3.0)
    t = watched.training
    t.one()
    control = watched.watch(t.step, codebook=t.quantizer)
    assert "indices= and latents=" in watched.answer["refused"] and control.lr_factor == 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        watched.one(2)


def test_a_quantizer_given_as_an_array_says_what_cannot_be_set(tmp_path, silent):
    tmp_path.chmod(0o700)
    w = vqscope.Watch(tmp_path, control=True)
    w(0, codebook=torch.randn(K, D))
    cannot = Window(tmp_path).status["cannot"]
    assert set(cannot) == {"lr_factor", "learn_w", "learn_c", "revive", "simvq"}
