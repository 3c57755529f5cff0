"""Codebooks as the well-known libraries save them, as files for the tests of the reader.

    python3 tests/reference/families.py tests/reference/codebooks/families

Needs what `tests/reference/requirements.txt` names, and downloads nothing. A row whose class is to be
had is made by that class with random weights ("by": "class"), the others are arrays with the listed
names and smaller shapes ("by": "shape"). `families.json` says of each file what a reader must find in
it, and `expected.safetensors` has the codes that encodings are compared with, by file and level.
"""

import shutil
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[2] / "python"))

from layouts import audio, contents, lies, lucidrains, other_shapes, pictures, shapes  # noqa: E402
from layouts.common import Folder  # noqa: E402


def main():
    # The order of sums, and so the last bit, depends on the number of threads.
    torch.set_num_threads(1)
    path = Path(sys.argv[1])
    shutil.rmtree(path, ignore_errors=True)
    out = Folder(path)
    for part in [lucidrains, audio, pictures, shapes, other_shapes, lies, contents]:
        part.make(out)
    out.manifest()


if __name__ == "__main__":
    main()
