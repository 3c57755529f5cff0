#!/usr/bin/env python3
"""The whole window against the same run without one: frames and steps a second at unlimited pace.

    python3 benches/window.py [STORY] [STEPS] [DEVICE]

By default `scale`, 400 steps, on the device that the program chooses. It needs a display, real or
virtual (`xvfb-run -a -s "-screen 0 1440x900x24"` before the command), and target/release/vqscope.
Both train the same steps, one after the other.
"""

import json
import os
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("VQSCOPE", "target/release/vqscope")


def main():
    story, steps, device = (sys.argv[1:] + ["scale", "400", "auto"][len(sys.argv) - 1 :])[:3]
    with tempfile.TemporaryDirectory() as folder:
        report, run = os.path.join(folder, "report.json"), os.path.join(folder, "run")
        window = [PROGRAM, story, "--set", "pace=unlimited", "--device", device]
        window += ["--no-save", "--exit-at", steps, "--report", report]
        subprocess.run(window, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        bare = [PROGRAM, "run", story, "--device", device, "--steps", steps]
        # A story that ends early does not hold what it expects of its end.
        subprocess.run(bare + ["--tables-only", "--out", run], capture_output=True)
        with open(report) as file:
            seen = json.load(file)
        with open(os.path.join(run, "summary.json")) as file:
            unseen = json.load(file)
    # Without a window the steps of all lanes are counted.
    alone = unseen["steps_per_second"] / len(unseen["lanes"])
    print(
        json.dumps(
            {
                "story": story,
                "device": seen["device"],
                "renderer": seen["renderer"],
                "frames_per_second": seen["frames_per_second"],
                "steps_per_second": seen["steps_per_second"],
                "without_a_window": alone,
                "share": seen["steps_per_second"] / alone,
            }
        )
    )


if __name__ == "__main__":
    main()
