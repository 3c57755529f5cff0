"""Whole files: safetensors and JSON, written under another name and renamed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Iterable, Mapping, Optional, Sequence, Union

Buffer = Union[bytes, bytearray, memoryview]

#: Bytes of a number, by its kind.
WIDTHS = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2, "U8": 1, "I8": 1}
WIDTHS["BOOL"] = 1


class Array:
    """An array as a file holds it: a name for its numbers, a shape, and the bytes in rows."""

    def __init__(self, kind: str, shape: Sequence[int], data: Buffer) -> None:
        self.kind = kind
        self.shape = list(shape)
        self.data = memoryview(data).cast("B") if len(data) else memoryview(b"")


def number(value: int) -> Array:
    """A whole number by itself."""
    return Array("I64", [], int(value).to_bytes(8, "little", signed=True))


def text(word: str) -> Array:
    """A word as its ASCII letters, one number each."""
    letters = word.encode("ascii")
    return Array("U8", [len(letters)], letters)


def safetensors(arrays: Mapping[str, Array], about: Mapping[str, str]) -> "list[Buffer]":
    """A safetensors file in parts: the length of its header, the header, the arrays one by one."""
    header: "dict[str, Any]" = {"__metadata__": dict(about)}
    at = 0
    # The widest numbers first, so that each array begins where its numbers may lie in memory.
    ordered = sorted(arrays.items(), key=lambda held: -WIDTHS[held[1].kind])
    for name, array in ordered:
        end = at + array.data.nbytes
        header[name] = {"dtype": array.kind, "shape": array.shape, "data_offsets": [at, end]}
        at = end
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    return [len(head).to_bytes(8, "little") + head, *(array.data for _, array in ordered)]


def write_whole(path: Path, parts: "Iterable[Buffer]") -> None:
    """Writes a file that appears whole or not at all.

    It is made anew beside its place, never through a link, and then renamed.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        os.unlink(beside)
    except FileNotFoundError:
        pass
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = os.open(beside, flags, 0o644)
    try:
        with os.fdopen(file, "wb", buffering=0) as out:
            for part in parts:
                view = memoryview(part)
                while view.nbytes:
                    view = view[out.write(view) :]
        os.replace(beside, path)
    except BaseException:
        try:
            os.unlink(beside)
        except OSError:
            pass
        raise


def write_json(path: Path, value: Any) -> None:
    """Writes a value as JSON, whole."""
    write_whole(path, [json.dumps(value, indent=1).encode() + b"\n"])


def about(path: Path) -> "Optional[dict[str, str]]":
    """What a safetensors file says of itself beside its arrays; `None` where it is not one."""
    try:
        # Whoever may write here could have put a pipe, which would wait for ever.
        if not path.is_file():
            return None
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= 1 << 24:
                return None
            head = json.loads(file.read(length))
    except (OSError, ValueError, RecursionError):
        return None
    said = head.get("__metadata__") if isinstance(head, dict) else None
    return said if isinstance(said, dict) else {}
