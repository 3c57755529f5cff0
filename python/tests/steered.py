"""A training that takes commands, and the window that writes them."""

import json
import os

import vqscope
from loop import Training


class Window:
    """What the window does: reads the status, writes commands whole."""

    def __init__(self, folder, name="w"):
        self.folder, self.name = folder, name

    @property
    def status(self):
        return json.loads((self.folder / "status.json").read_text())

    def write(self, data, mode=0o600):
        beside = self.folder / f".{self.name}.tmp"
        beside.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        beside.chmod(mode)
        os.replace(beside, self.folder / "control.json")

    def command(self, number=None, **keys):
        status = self.status
        number = status["number"] + 1 if number is None else number
        self.write({"id": status["id"], "number": number, "set": keys, "window": self.name})
        return number


class Watched:
    """A training under a Watch that takes commands."""

    def __init__(self, folder, quantizer=None, every=1000, **more):
        self.training = Training(quantizer, **more)
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.watch = vqscope.Watch(
            folder, every=every, control=True, optimizer=self.training.optimizer
        )
        self.window = Window(folder)
        self.control = None
        self.one()

    def one(self, count=1):
        for _ in range(count):
            weight = self.control.commitment if self.control and self.uses_commitment else None
            self.training.one(weight)
            t = self.training
            self.control = self.watch(t.step, codebook=t.quantizer, indices=t.indices, latents=t.z)
        return self.control

    def used(self, count):
        """Steps, and how many codes were chosen in them."""
        seen = set()
        for _ in range(count):
            self.one()
            seen.update(self.training.indices.flatten().tolist())
        return len(seen)

    uses_commitment = False

    @property
    def answer(self):
        return self.window.status["answers"][-1]
