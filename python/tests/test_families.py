"""`tests/reference/families.py` makes what lies in the repository."""

import json
import subprocess
import sys

import numpy as np
import torch
from conftest import REPO, with_helper
from safetensors.torch import load_file

MADE = REPO / "tests" / "reference" / "codebooks" / "families"


def arrays(path):
    """All arrays of a file by name, in whatever form it is."""
    if path.suffix == ".safetensors":
        return load_file(path)
    if path.suffix == ".npz":
        return dict(np.load(path))
    found = {}
    collect(torch.load(path, weights_only=False), "", found)
    return found


def collect(value, name, found):
    if isinstance(value, torch.nn.Module):
        value = value.state_dict()
    if torch.is_tensor(value):
        found[name] = value.detach()
    elif isinstance(value, dict):
        for key, x in value.items():
            collect(x, f"{name}.{key}", found)
    elif isinstance(value, (list, tuple)):
        for key, x in enumerate(value):
            collect(x, f"{name}.{key}", found)


def test_the_script_makes_the_same_files_again(tmp_path):
    again = tmp_path / "families"
    script = REPO / "tests" / "reference" / "families.py"
    subprocess.run([sys.executable, script, again], check=True, capture_output=True)

    def names(folder):
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    assert names(MADE) == names(again) and len(names(MADE)) > 80
    for name in names(MADE):
        if name.endswith(".json"):
            continue
        old, new = arrays(MADE / name), arrays(again / name)
        assert list(old) == list(new), name
        for key, x in old.items():
            x, y = (np.asarray(torch.as_tensor(v).float()) for v in (x, new[key]))
            # The last bits of sums depend on the processor.
            assert np.allclose(x, y, rtol=1e-3, atol=1e-4, equal_nan=True), (name, key)
    old, new = (json.loads((path / "families.json").read_text()) for path in (MADE, again))
    for one, other in zip(old, new):
        assert one["file"] == other["file"] and one["lookup"] == other["lookup"]
        used = [
            [level["use"] and level["use"]["used"] for level in row["levels"]]
            for row in (one, other)
        ]
        assert used[0] == used[1], one["file"]


def test_every_row_of_the_list_is_there_and_the_whole_stays_small():
    rows = json.loads((MADE / "families.json").read_text())
    numbers = {part.strip() for row in rows for part in row["row"].split(",")}
    assert {str(n) for n in range(1, 37)} <= numbers
    assert {f"2.{n}" for n in range(1, 9)} <= numbers
    assert {f"3.{n}" for n in [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]} <= numbers
    assert sum(path.stat().st_size for path in MADE.rglob("*") if path.is_file()) < 1_600_000


def test_what_the_helper_writes_is_what_the_reader_is_tested_with(tmp_path):
    """The folders of `tests/reference/codebooks/helper`, byte for byte."""
    script, made = REPO / "tests" / "reference" / "helper.py", MADE.parent / "helper"
    subprocess.run([sys.executable, script, tmp_path / "h"], check=True, env=with_helper())

    def contents(folder):
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}

    assert contents(tmp_path / "h") == contents(made) and len(contents(made)) == 10
