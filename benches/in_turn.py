#!/usr/bin/env python3
"""Two builds of the benchmark `speed` in turn: what a change did to it.

    cargo build --release --bench speed        # in a checkout of each
    python3 benches/in_turn.py BEFORE AFTER [ROUNDS]

BEFORE and AFTER are the programs (target/release/deps/speed-*). Every measurement is taken ROUNDS
times (five by default) with each of them, in turn, and the one that goes first alternates. Printed are
the medians and their ratio. Nothing else may run on the machine.
"""

import json
import statistics
import subprocess
import sys

# What is run, and the number of its answer that is compared.
WHAT = [
    ("nearest 3136 65536 32 5", "ms"),
    ("nearest 4096 65536 64 5", "ms"),
    ("nearest 4096 262144 32 3", "ms"),
    ("step 512 16 512 400", "ms"),
    ("step 65536 64 1024 50", "ms"),
    ("streaming 512 16 512 3 400", "share"),
    ("streaming 65536 16 2048 3 100", "share"),
    ("recording 512 16 512 3 400", "bare_step_ms"),
    ("recording 512 16 512 3 400", "cost_percent.median"),
    ("recording 65536 64 1024 1 60", "cost_percent.median"),
    ("frames 512 16 512 200", "median_ms"),
    ("frames 65536 16 512 60", "median_ms"),
    ("frames 262144 4 512 40", "median_ms"),
    ("scrub 512 16 512 200", "median_ms"),
    ("scrub 65536 64 1024 30", "median_ms"),
    ("scrub 262144 4 512 20", "median_ms"),
]


def measure(program, arguments):
    out = subprocess.run(
        [program, *arguments.split()], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return json.loads(out.strip().splitlines()[-1])


def number(answer, path):
    for key in path.split("."):
        answer = answer[key]
    return answer


def main():
    before, after = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    print("| what | number | before | after | ratio |\n|---|---|---|---|---|")
    for arguments in dict.fromkeys(what for what, _ in WHAT):
        answers = {before: [], after: []}
        for turn in range(rounds):
            for program in (before, after) if turn % 2 == 0 else (after, before):
                answers[program].append(measure(program, arguments))
        for path in (path for what, path in WHAT if what == arguments):
            old, new = (
                statistics.median(number(answer, path) for answer in answers[program])
                for program in (before, after)
            )
            print(f"| `{arguments}` | {path} | {old:.3g} | {new:.3g} | {new / old:.2f} |", flush=True)


if __name__ == "__main__":
    main()
