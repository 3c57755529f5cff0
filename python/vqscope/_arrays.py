"""Arrays of torch, of NumPy, or of anything that NumPy takes, without needing either."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Optional

from ._files import Array

#: Names that safetensors has for numbers, by those of torch and NumPy.
KINDS = {
    "float16": "F16",
    "bfloat16": "BF16",
    "float32": "F32",
    "float64": "F64",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "bool": "BOOL",
}


#: Most indices that wait to be counted, and most calls of which they are.
MOST_WAITING = 1 << 16
MOST_COPIES = 64


def torch() -> Any:
    """torch, if this process has imported it: whoever has a tensor has done so."""
    return sys.modules.get("torch")


def numpy() -> Any:
    """NumPy, or `None` where it is not installed."""
    try:
        import numpy as np
    except ImportError:
        return None
    return np


def is_tensor(x: Any) -> bool:
    """Whether this is a tensor of torch."""
    t = torch()
    return t is not None and isinstance(x, t.Tensor)


def is_module(x: Any) -> bool:
    """Whether this is a module of torch."""
    t = torch()
    return t is not None and isinstance(x, t.nn.Module)


def array(x: Any, what: str) -> Any:
    """`x` as a tensor without gradient or as an array of NumPy; `what` names it in an error."""
    if is_tensor(x):
        return x.detach()
    np = numpy()
    if np is None:
        raise TypeError(f"{what} is a {type(x).__name__}; pass a tensor of torch, or install numpy")
    try:
        made = np.asarray(x)
    except Exception as why:
        raise TypeError(f"{what} is a {type(x).__name__}, which is no array: {why}") from None
    if made.dtype.kind not in "fiub" and str(made.dtype) != "bfloat16":
        kind = type(x).__name__
        raise TypeError(f"{what} is a {kind}, which holds no numbers; pass an array of numbers")
    return made


def dtype(x: Any) -> str:
    """The name of an array's numbers: `float32`, `int64`..."""
    return str(x.dtype).rpartition(".")[2]


def is_float(x: Any) -> bool:
    """Whether an array holds floats."""
    return "float" in dtype(x)


def host(x: Any) -> Array:
    """An array as a file holds it; from a device this waits for the device."""
    shape = tuple(x.shape)
    if is_tensor(x):
        t = torch()
        if dtype(x) not in KINDS:
            x = x.to(t.float32)
        x = x.to("cpu").contiguous()
        if x.numel() == 0:
            return Array(KINDS[dtype(x)], shape, b"")
        # The bytes themselves, also where NumPy is missing or does not know the type.
        length = x.numel() * x.element_size()
        bytes_of = (ctypes.c_char * length).from_address(x.data_ptr())
        made = Array(KINDS[dtype(x)], shape, memoryview(bytes_of))
        made.owner = x  # type: ignore[attr-defined]
        return made
    np = numpy()
    if dtype(x) not in KINDS:
        x = x.astype(np.float32)
    x = np.ascontiguousarray(x)
    if x.dtype.byteorder == ">" or x.dtype.byteorder == "=" and sys.byteorder == "big":
        x = x.astype(x.dtype.newbyteorder("<"))
    kind = KINDS[dtype(x)]
    return Array(kind, shape, memoryview(x.reshape(-1).view(np.uint8)) if x.size else b"")


def rows(x: Any, most: int) -> Any:
    """At most `most` rows, evenly spread over all of them."""
    count = x.shape[0]
    if count <= most:
        return x
    if is_tensor(x):
        return x[torch().arange(most, device=x.device) * count // most]
    return x[numpy().arange(most) * count // most]


class Counts:
    """How often each of K codes was chosen, counted where the indices are.

    Adding does not wait for a device. Two more places count what is no code: indices below 0, with
    which libraries mark what was left out, and indices of K and more.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._sum: Any = None
        #: Copies that wait to be counted, and how many indices they hold.
        self.waiting: "list[Any]" = []
        self.length = 0

    def add(self, indices: Any) -> None:
        """Counts the indices of one call, whole numbers of any shape.

        Small ones are copied and wait for each other: one small operation a call is what is felt.
        """
        if is_tensor(indices):
            self._copy(indices)
        else:
            self._count(indices.reshape(-1))

    def keep(self, indices: Any) -> bool:
        """Counts the indices of one call if they are a tensor of int64, as nearly all are."""
        t = torch()
        if t is None or not isinstance(indices, t.Tensor) or indices.dtype is not t.int64:
            return False
        self._copy(indices)
        return True

    def _copy(self, indices: Any) -> None:
        # Whoever trains may overwrite them, as a replayed graph does.
        self.waiting.append(indices.clone())
        self.length += indices.numel()
        if self.length >= MOST_WAITING or len(self.waiting) >= MOST_COPIES:
            self.flush()

    def flush(self) -> None:
        """Counts what waits."""
        if self.waiting:
            waiting, self.waiting, self.length = self.waiting, [], 0
            for device in dict.fromkeys(indices.device for indices in waiting):
                here = [indices.reshape(-1) for indices in waiting if indices.device == device]
                self._count(torch().cat(here))

    def _count(self, flat: Any) -> None:
        if is_tensor(flat):
            t = torch()
            if self._sum is None or not is_tensor(self._sum):
                self._sum = t.zeros(self.size + 2, dtype=t.int64, device=flat.device)
            if self._sum.device != flat.device:
                self._sum = self._sum.to(flat.device)
            # Below 0 becomes K, K and above K + 1.
            place = flat.to(t.int64)
            place = t.where(place < 0, self.size, t.where(place >= self.size, self.size + 1, place))
            self._sum.index_add_(0, place, t.ones_like(place))
            return
        np = numpy()
        if self._sum is None:
            self._sum = np.zeros(self.size + 2, np.int64)
        place = flat.astype(np.int64)
        place = np.where(place < 0, self.size, np.where(place >= self.size, self.size + 1, place))
        self._sum += np.bincount(place, minlength=self.size + 2)

    def take(self) -> Any:
        """The counts so far, K + 2 numbers, from where they lie; counting begins anew."""
        self.flush()
        taken, self._sum = self._sum, None
        return taken

    def so_far(self) -> Any:
        """A copy of the counts so far, K + 2 numbers."""
        self.flush()
        return self._sum.clone()


def spread_of(x: Any) -> "Optional[tuple[float, float]]":
    """The least and the greatest number of an array; `None` for none."""
    if 0 in tuple(x.shape):
        return None
    return float(x.min()), float(x.max())
