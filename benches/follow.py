#!/usr/bin/env python3
"""What it costs a run that a window follows it, and how long a step takes to the window.

    python3 benches/follow.py [STORY] [STEPS] [DEVICE] [ROUNDS]

By default `collapse`, 6000 steps, on the device that the program chooses, five rounds. It needs a
display, real or virtual (`xvfb-run -a -s "-screen 0 1440x900x24"` before the command), and
target/release/vqscope. In each round the run trains alone and then followed; the folder lies where
temporary files do, on one machine, so that trainer and window share its processors.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = os.environ.get("VQSCOPE", "target/release/vqscope")


def times(process, pattern):
    """When a line about each step came, filled while the process runs."""
    found = {}

    def read():
        for line in process.stderr:
            match = re.search(pattern, line)
            if match:
                found.setdefault(int(match.group(1)), time.monotonic())

    thread = threading.Thread(target=read)
    thread.start()
    return found, thread


def train(story, steps, device, is_followed):
    """Steps a second of all lanes, and seconds from each save to its being handed to the window."""
    with tempfile.TemporaryDirectory() as folder:
        run = os.path.join(folder, "run")
        command = [PROGRAM, "run", "-vv", story, "--device", device, "--steps", steps, "--out", run]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        trainer = subprocess.Popen(command, **silent)
        saved, of_trainer = times(trainer, r"saved step (\d+) in")
        delays = []
        if is_followed:
            while not os.path.exists(os.path.join(run, "run.toml")):
                time.sleep(0.05)
            window = subprocess.Popen(
                [PROGRAM, "-vv", run, "--device", "cpu", "--no-save", "--exit-at", steps], **silent
            )
            shown, of_window = times(window, r"handed out step (\d+)")
        trainer.wait()
        of_trainer.join()
        if is_followed:
            window.wait()
            of_window.join()
            # What was saved before the window was there has no delay.
            first = min(shown.values(), default=0.0)
            both = [step for step in shown if step in saved and saved[step] > first]
            delays = [shown[step] - saved[step] for step in both]
        with open(os.path.join(run, "summary.json")) as file:
            return json.load(file)["steps_per_second"], delays


def main():
    defaults = ["collapse", "6000", "auto", "5"]
    story, steps, device, rounds = (sys.argv[1:] + defaults[len(sys.argv) - 1 :])[:4]
    alone, followed, delays = [], [], []
    for _ in range(int(rounds)):
        alone.append(train(story, steps, device, False)[0])
        rate, seen = train(story, steps, device, True)
        followed.append(rate)
        delays += seen
    middle = statistics.median
    print(
        json.dumps(
            {
                "story": story,
                "steps": int(steps),
                "steps_per_second_alone": [round(rate) for rate in alone],
                "steps_per_second_followed": [round(rate) for rate in followed],
                "followed_to_alone": round(middle(followed) / middle(alone), 3),
                "saves_seen": len(delays),
                "seconds_from_save_to_window": {
                    "median": round(middle(delays), 2) if delays else None,
                    "most": round(max(delays), 2) if delays else None,
                },
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
