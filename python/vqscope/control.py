"""The hand on the switch: commands of the window to a training, and what is answered.

The window writes ``control.json`` into the folder of codebooks, the helper ``status.json``. A command
is ``{"id": ID, "number": N, "set": {...}}``: the id of the newest status, so that no command meets
another training, and a number above that of every command before. One that sets nothing tells who has
control: the window that it names, or none.
"""

from __future__ import annotations

import json
import os
import stat
import uuid
from pathlib import Path
from typing import Any, Optional

from ._files import write_json

#: Most bytes of a command.
MOST_BYTES = 4096

#: Largest number of a command, up to which every reader of JSON counts in ones.
LAST_NUMBER = 2**53

#: Answers and refusals that the status keeps, the newest ones.
KEPT = 100


class Command:
    """One command that was taken."""

    def __init__(self, number: int, keys: "dict[str, Any]", window: str = "") -> None:
        self.number = number
        self.keys = keys
        self.window = window


def why_unsafe(folder: Path) -> "Optional[str]":
    """Why commands in this folder may be another user's; `None` where they cannot be."""
    if not hasattr(os, "geteuid"):
        return "this system does not say who owns a file"
    try:
        held = os.stat(folder)
    except OSError as why:
        return f"the folder cannot be looked at: {why}"
    if held.st_uid != os.geteuid():
        return "the folder belongs to another user"
    if held.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others may write into the folder; chmod go-w it"
    return None


def check(key: str, value: Any) -> "Optional[str]":
    """Why a key cannot have a value; `None` where it can."""
    if key in ("learn_c", "learn_w", "revive", "pause", "save", "simvq"):
        if not isinstance(value, bool):
            return f"{key} is true or false"
        if key in ("revive", "save") and not value:
            return f"{key} is true, or left out"
        return None
    bounds = {"lr_factor": (0.01, 10.0), "commitment": (0.0, 100.0)}.get(key)
    if bounds is None:
        return f"there is no key {key[:40]!r}"
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not bounds[0] <= value <= bounds[1]:
        return f"{key} lies between {bounds[0]:g} and {bounds[1]:g}"
    return None


def parse(data: bytes) -> "dict[str, Any]":
    """A command as it is written; ValueError with a sentence where it is none."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is longer than {MOST_BYTES} bytes")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as why:
        raise ValueError(f"it is no JSON: {str(why)[:80]}") from None
    if not isinstance(value, dict) or not {"id", "number", "set"} <= set(value):
        raise ValueError("it lacks one of id, number and set")
    if not set(value) <= {"id", "number", "set", "window"}:
        raise ValueError("it holds more than id, number, set and window")
    number, keys, window = value["number"], value["set"], value.get("window", "")
    if not isinstance(value["id"], str) or not isinstance(window, str) or len(window) > 64:
        raise ValueError("id and window are short texts")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= LAST_NUMBER:
        raise ValueError("number is a whole number from 1")
    if not isinstance(keys, dict):
        raise ValueError("set is no table of keys")
    return value


def _once(pairs: "list[tuple[str, Any]]") -> "dict[str, Any]":
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


class Mailbox:
    """Reads ``control.json`` and writes ``status.json`` of one training."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = uuid.uuid4().hex
        self.number = 0
        #: The values of all keys that can be set, and for the others why they cannot.
        self.values: "dict[str, Any]" = {}
        self.cannot: "dict[str, str]" = {}
        self.answers: "list[dict[str, Any]]" = []
        self.ignored: "list[dict[str, Any]]" = []
        self.off: "Optional[str]" = None
        self.state = "training"
        self.step = 0
        #: The newest file, and those that are kept for good: before and after a command.
        self.file = ""
        self.kept: "list[str]" = []
        self._seen: Any = None

    def open(self) -> None:
        """Says whether commands are taken at all; the folder is there."""
        self.off = why_unsafe(self.folder)

    def look(self, step: int) -> "Optional[Command]":
        """A command that was not there before and is for this training."""
        self.step = step
        if self.off is not None:
            return None
        try:
            held = os.stat(self.folder / "control.json", follow_symlinks=False)
        except OSError:
            return None
        seen = (held.st_ino, held.st_mtime_ns, held.st_size)
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            value = parse(self._read())
            return self._accept(value)
        except (OSError, ValueError) as why:
            self._ignore(str(why))
            return None

    def _read(self) -> bytes:
        """The bytes of the command, of a file that nobody else can have written."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0)
        try:
            file = os.open(self.folder / "control.json", flags)
        except OSError as why:
            raise ValueError(f"it cannot be opened, and links are not followed: {why}") from None
        with os.fdopen(file, "rb") as opened:
            held = os.fstat(file)
            if not stat.S_ISREG(held.st_mode) or held.st_nlink > 1:
                raise ValueError("it is no regular file of one name")
            if held.st_uid != os.geteuid():
                raise ValueError("it belongs to another user")
            if held.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise ValueError("others may write it")
            unsafe = why_unsafe(self.folder)
            if unsafe is not None:
                raise ValueError(unsafe)
            return opened.read(MOST_BYTES + 1)

    def _accept(self, value: "dict[str, Any]") -> "Optional[Command]":
        number, keys = value["number"], value["set"]
        if value["id"] != self.id:
            raise ValueError("it is for another training")
        if number <= self.number:
            raise ValueError(f"number {number} is not above {self.number}, the last one")
        # From here on it is answered, whatever the answer.
        self.number = number
        checked = [check(key, keys[key]) for key in keys]
        wrong = [why for why in checked if why is not None]
        wrong += [f"{key}: {self.cannot[key]}" for key in keys if key in self.cannot]
        if wrong:
            self.answer(Command(number, keys, value.get("window", "")), refused="; ".join(wrong))
            self.write()
            return None
        return Command(number, keys, value.get("window", ""))

    def answer(
        self, command: Command, done: "Optional[dict[str, Any]]" = None, refused: str = ""
    ) -> None:
        """Keeps what became of a command, with its step: all of it was done, or nothing."""
        said: "dict[str, Any]" = {"number": command.number, "step": self.step}
        if command.window:
            said["window"] = command.window
        if refused:
            said["refused"] = refused[:400]
        else:
            said["set"] = command.keys
            said.update(done or {})
        self.answers = [*self.answers, said][-KEPT:]

    def _ignore(self, why: str) -> None:
        self.ignored = [*self.ignored, {"step": self.step, "why": why[:200]}][-KEPT:]
        self.write()

    def end(self) -> None:
        """Says that nothing reads a command any more, unless another training has begun here."""
        status = self.folder / "status.json"
        try:
            if not status.is_file():
                return
            with open(status, "rb") as file:
                known = json.loads(file.read(1 << 20))["id"]
            if known == self.id:
                self.state = "ended"
                self.write()
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass

    def write(self) -> None:
        """Writes the status."""
        said = {
            "vqscope": 1,
            "id": self.id,
            "pid": os.getpid(),
            "step": self.step,
            "state": self.state,
            "control": self.off is None,
            "number": self.number,
            "values": self.values,
            "cannot": self.cannot,
            "answers": self.answers,
            "ignored": self.ignored,
            "file": self.file,
            "kept": self.kept,
        }
        if self.off is not None:
            said["why"] = self.off
        write_json(self.folder / "status.json", said)
