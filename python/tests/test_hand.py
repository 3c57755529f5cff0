"""The program's hand on a real training: `vqscope control`, which shares the window's code."""

import json
import random
import stat
import subprocess
import sys

import pytest
import torch
from conftest import demands, read, steps, with_helper
from loop import D, K, Training
from steered import Watched
from vector_quantize_pytorch import VectorQuantize
from vqscope.program import binary


@pytest.fixture
def control():
    """Starts `vqscope control`."""
    try:
        found = binary()
        helped = subprocess.run([found, "control", "--help"], capture_output=True, check=False)
        missing = None if helped.returncode == 0 else "vqscope has no control"
    except OSError as why:
        missing = str(why)
    if missing is not None:
        (pytest.fail if "program" in demands() else pytest.skip)(missing)

    def start(folder, *keys, wait="600"):
        return subprocess.Popen(
            [found, "control", str(folder), *keys, "--wait", wait],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture
def watched(tmp_path, silent):
    return Watched(tmp_path / "f")


def trained(watched, *programs):
    """Steps until the programs have their answers; what each said, and how it ended."""
    while any(one.poll() is None for one in programs):
        watched.one()
    said = [one.communicate() for one in programs]
    assert all(err == "" for _, err in said), said
    ended = [(out.strip(), one.returncode) for (out, _), one in zip(said, programs)]
    return ended if len(ended) > 1 else ended[0]


def test_what_can_be_set_is_printed_and_nothing_is_written(control, watched):
    said, code = trained(watched, control(watched.folder))
    lines = said.splitlines()
    assert code == 0 and lines[0].startswith("training, step ")
    assert "learn_c=true" in lines and "lr_factor=1" in lines and "commitment=0.25" in lines
    assert "learn_w: there is no W; simvq puts one behind the codes" in lines
    assert "revive" in lines and "save" in lines
    assert not (watched.folder / "control.json").exists()


def test_each_key_acts_on_the_training(control, watched):
    codes = watched.training.quantizer.embedding.weight
    said, code = trained(watched, control(watched.folder, "learn_c=false", "lr_factor=0.5"))
    step = watched.answer["step"]
    assert (said, code) == (f"step {step}: C frozen, learning rates × 0.5", 0)
    assert watched.answer["set"] == {"learn_c": False, "lr_factor": 0.5}
    assert watched.control.lr_factor == 0.5
    held = codes.detach().clone()
    watched.one(3)
    assert torch.equal(codes, held)
    mode = (watched.folder / "control.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600

    assert trained(watched, control(watched.folder, "learn_c=true"))[1] == 0
    watched.one(2)
    assert not torch.equal(codes, held)
    assert trained(watched, control(watched.folder, "commitment=40"))[1] == 0
    assert watched.control.commitment == 40.0
    said, _ = trained(watched, control(watched.folder, "revive=true"))
    assert said.endswith(f"{watched.answer['revived']} codes revived")
    said, _ = trained(watched, control(watched.folder, "save=true"))
    assert said.endswith("file saved") and watched.answer["step"] in steps(watched.folder)


def test_simvq_rescues_a_collapsed_training_from_a_terminal(control, watched):
    watched.one(400)
    before = watched.used(50)
    assert before < K / 4
    said, code = trained(watched, control(watched.folder, "simvq=true"))
    assert code == 0 and said.endswith("layer W put behind the codes")
    watched.one(200)
    assert watched.used(50) > K / 2
    lines = trained(watched, control(watched.folder))[0].splitlines()
    assert {"simvq=true", "learn_c=false", "learn_w=true"} <= set(lines)
    trained(watched, control(watched.folder, "save=true"))
    assert {"C", "W", "b"} <= set(read(watched.folder))


def test_what_the_training_refuses_is_said_with_its_reason(control, tmp_path, silent):
    watched = Watched(tmp_path / "f", VectorQuantize(dim=D, codebook_size=K))
    said, code = trained(watched, control(watched.folder, "simvq=true"))
    assert code == 1 and "refused: simvq: " in said and "learns by gradient" in said
    # What cannot be is refused before anything is written.
    wrong = control(watched.folder, "lr_factor=0.001")
    assert "between 0.01 and 10" in wrong.communicate()[1] and wrong.returncode == 2
    assert watched.window.status["number"] == 1


def test_two_at_once_are_both_done(control, watched):
    """Both may have the same number: one is taken, and the other goes out again."""
    for n in range(3):
        both = [
            control(watched.folder, f"lr_factor=0.{n + 1}"),
            control(watched.folder, f"commitment={n}"),
        ]
        ended = trained(watched, *both)
        assert [code for _, code in ended] == [0, 0], ended
        assert ended[0][0].endswith(f"learning rates × 0.{n + 1}")
        assert ended[1][0].endswith(f"commitment {n}")
        assert (watched.control.lr_factor, watched.control.commitment) == ((n + 1) / 10, n)
    assert watched.window.status["number"] == 6


def test_a_pause_is_ended_from_a_terminal(control, tmp_path, silent):
    """The call waits, so that the training is a process of its own."""
    folder = tmp_path / "f"
    script = (
        "import sys; from pathlib import Path; from steered import Watched\n"
        "watched = Watched(Path(sys.argv[1]))\n"
        "while watched.control.commitment != 7: watched.one()\n"
        "print(watched.training.step)"
    )
    environment = with_helper()
    environment["PYTHONPATH"] += ":" + str(__file__).rsplit("/", 1)[0]
    training = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    try:
        while not (folder / "status.json").exists():
            assert training.poll() is None
        asked = control(folder, "pause=true")
        assert asked.communicate()[0].strip().endswith("paused") and asked.returncode == 0
        lines = control(folder).communicate()[0].splitlines()
        assert lines[0].startswith("paused at step ")
        asked = control(folder, "pause=false", "commitment=7")
        assert asked.communicate()[0].strip().endswith("commitment 7, goes on")
        assert training.wait() == 0
    finally:
        training.kill()
    # Its last word: nothing reads a command any more.
    status = json.loads((folder / "status.json").read_text())
    assert status["state"] == "ended"
    late = control(folder, "save=true")
    assert "has come to its end" in late.communicate()[1] and late.returncode == 2


def test_garbled_files_of_others_do_not_keep_a_command_from_the_training(control, watched):
    """A hundred garbled commands in its place; then a whole one is written over the last of them."""
    source = random.Random(19)
    whole = json.dumps({"id": "x", "number": 9, "set": {"lr_factor": 3.0}}).encode()
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(source.randrange(1, 6)):
            data[source.randrange(len(data))] = source.randrange(256)
        watched.window.write(bytes(data))
        watched.one()
    assert watched.window.status["answers"] == []
    said, code = trained(watched, control(watched.folder, "lr_factor=2"))
    assert code == 0 and said.endswith("learning rates × 2")


def test_a_folder_that_others_can_write_takes_no_commands(control, tmp_path, silent):
    watched = Watched(tmp_path / "f")
    watched.folder.chmod(0o777)
    said = control(watched.folder, "lr_factor=2")
    assert "can be written by others" in said.communicate()[1] and said.returncode == 2
    assert not (watched.folder / "control.json").exists()
    watched.one(2)
    assert watched.control.lr_factor == 1.0


def test_without_an_answer_it_says_what_becomes_of_the_command(control, watched):
    asked = control(watched.folder, "lr_factor=2", wait="0")
    said = asked.communicate()[1]
    assert asked.returncode == 1 and "no answer within 0 s" in said
    assert "acts when the training comes to its next call" in said
    watched.one()
    assert watched.control.lr_factor == 2.0
    # Nobody trains there.
    alone = control(watched.folder / "..", "lr_factor=2")
    assert "no training takes commands" in alone.communicate()[1] and alone.returncode == 2


def test_a_greeting_tells_who_has_control_and_changes_nothing(watched):
    alone = Training()
    alone.one()
    for keys in [{}, {}]:
        watched.window.command(**keys)
        watched.one()
        alone.one()
    same = [t.quantizer.embedding.weight for t in [alone, watched.training]]
    assert torch.equal(*same)
    wanted = [{"number": n, "step": n + 1, "window": "w", "set": {}} for n in [1, 2]]
    assert watched.window.status["answers"] == wanted
    assert watched.window.status["kept"] == []


def test_the_last_word_is_only_of_the_training_that_is_there(tmp_path, silent):
    """A Watch that goes says so, but not where another one has begun."""
    import gc

    first = Watched(tmp_path / "f")
    second = Watched(tmp_path / "f")
    del first
    gc.collect()
    status = second.window.status
    assert status["state"] == "training"
    window = second.window
    del second
    gc.collect()
    assert window.status["state"] == "ended" and window.status["id"] == status["id"]
