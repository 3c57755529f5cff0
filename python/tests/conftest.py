"""What the tests of the helper share: files as another reader sees them, seeds, the real classes."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

# Before torch is imported, and for what the tests start: threads that wait for each other on a busy
# machine take minutes where one takes seconds.
os.environ["OMP_NUM_THREADS"] = "1"

import pytest
import torch
from safetensors import safe_open

REPO = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPO / "tests" / "reference"))
# Last, so that an installed wheel is what is tested where there is one.
sys.path.append(str(REPO / "python"))

import vqscope  # noqa: E402
from vqscope.program import binary  # noqa: E402


@pytest.fixture(autouse=True)
def repeatable():
    torch.manual_seed(0)
    # Sums in another order differ in the last bit, and a training in more.
    torch.set_num_threads(1)


@pytest.fixture
def silent():
    """A warning of the helper fails the test."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="vqscope")
        yield


def steps(folder):
    """The steps of the files of a folder, in order."""
    return [int(path.stem.split("_")[1]) for path in files(folder)]


def files(folder):
    return sorted(Path(folder).glob("*.safetensors"))


def read(folder, step=None):
    """The arrays of the file of a step, of the newest without one, by the safetensors library."""
    path = files(folder)[-1] if step is None else Path(folder, f"codebook_{step:08}.safetensors")
    with safe_open(path, "pt") as file:
        held = {name: file.get_tensor(name) for name in file.keys()}
        held["about"] = file.metadata()
    return held


def word(letters):
    return bytes(letters.tolist()).decode()


def program(option=None):
    """The program, and with `option` one whose `watch` has it.

    Without it the test is left out, or fails where `VQSCOPE_TEST_DEMANDS` names `program`.
    """
    try:
        found = binary()
        helped = subprocess.run(
            [found, "watch", "--help"], capture_output=True, text=True, check=True
        )
        if option is None or option in helped.stdout:
            return found
        missing = f"vqscope watch has no {option}"
    except (OSError, subprocess.CalledProcessError) as why:
        missing = str(why)
    if "program" in demands():
        pytest.fail(missing)
    pytest.skip(missing)


def demands():
    """What a test must not be left out for."""
    return os.environ.get("VQSCOPE_TEST_DEMANDS", "").split()


def pytest_sessionfinish(session):
    """Where something is demanded, nothing is left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if demands() and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = 1


def with_helper():
    """This environment, in which the helper that is tested is found."""
    place = os.path.dirname(os.path.dirname(vqscope.__file__))
    return {**os.environ, "PYTHONPATH": place}
