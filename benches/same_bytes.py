#!/usr/bin/env python3
"""Two builds of vqscope on the same stories: whether what they write is the same, digit by digit.

    cargo build --release                      # in a checkout of each
    python3 benches/same_bytes.py BEFORE AFTER [STORY...] [KEY=VALUE...]

BEFORE and AFTER are the programs (target/release/vqscope). Every story, a name or a file, is trained by
both on the CPU with seed 0 and with the settings that are given. Of metrics.csv and events.csv the columns
that BEFORE writes are compared by name, and of summary.json its keys, as the text that stands there;
columns and keys that are new in AFTER are only named. What depends on the clock or on the build alone is
left out (LEFT_OUT), and the hash of a scenario, which has all keys that a build knows. Each difference is
told, and the program ends with 1 where there is one. The five stories take two minutes.
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

STORIES = ["collapse", "rescue", "fsq", "revival", "digits"]
TABLES = ["metrics.csv", "events.csv"]
LEFT_OUT = ["steps_per_second", "version", "sha256", "scenario_hash"]

# Differing cells of a column that are told one by one.
TOLD = 3


def run(program, story, sets, folder):
    sets = [word for set in sets for word in ("--set", set)]
    arguments = ["run", story, *sets, "--seed", "0", "--device", "cpu", "--tables-only", "--out", folder]
    done = subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    # A story whose expectations fail has its files all the same.
    if not (Path(folder) / "summary.json").exists():
        sys.exit(f"{program} run {story} wrote no summary.json:\n{done.stderr.decode()}")


def table(path):
    """The columns of a table by name."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return {name: [row[at] for row in rows] for at, name in enumerate(header)}


def leaves(value, path=""):
    """The values of a JSON text by their path."""
    if isinstance(value, dict):
        inner = [(f"{path}.{key}" if path else key, item) for key, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{at}]", item) for at, item in enumerate(value)]
    else:
        return {path: value}
    return {key: leaf for name, item in inner for key, leaf in leaves(item, name).items()}


def summary(path):
    # Numbers as they are written.
    text = Path(path).read_text(encoding="utf-8")
    known = leaves(json.loads(text, parse_float=str, parse_int=str))
    return {key: [value] for key, value in known.items() if key not in LEFT_OUT}


def differences(old, new):
    """What of `old` is otherwise in `new`, a sentence each."""
    for name, cells in old.items():
        if name not in new:
            yield f"{name} is gone"
            continue
        if len(cells) != len(new[name]):
            yield f"{name} has {len(new[name])} rows instead of {len(cells)}"
            continue
        both = list(enumerate(zip(cells, new[name])))
        # What is measured at other steps is no other number.
        alone = sum(bool(a) != bool(b) for _, (a, b) in both)
        if alone:
            yield f"{name} stands in {alone} rows of one of them alone"
        others = [(at, a, b) for at, (a, b) in both if a and b and a != b]
        for at, before, after in others[:TOLD]:
            yield f"{name}, row {at + 1}: {before!r} became {after!r}"
        if len(others) > TOLD:
            yield f"{name} differs in {len(others) - TOLD} more rows"


def compare(before, after, story, sets):
    """Prints a line a file; whether all of it is the same."""
    is_same = True
    with tempfile.TemporaryDirectory() as folder:
        folders = [str(Path(folder) / name) for name in ("before", "after")]
        for program, place in zip((before, after), folders):
            run(program, story, sets, place)
        for name in [*TABLES, "summary.json"]:
            read = summary if name == "summary.json" else table
            old, new = (read(Path(place) / name) for place in folders)
            found = list(differences(old, new))
            added = [key for key in new if key not in old]
            cells = sum(len(column) for column in old.values())
            said = "the same" if not found else f"{len(found)} differences"
            more = f"; new: {', '.join(added)}" if added else ""
            print(f"{story} {name}: {cells} values of {len(old)} names, {said}{more}", flush=True)
            for line in found:
                print(f"    {line}", flush=True)
            is_same = is_same and not found
    return is_same


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    before, after, *rest = sys.argv[1:]
    stories = [word for word in rest if "=" not in word] or STORIES
    sets = [word for word in rest if "=" in word]
    results = [compare(before, after, story, sets) for story in stories]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
