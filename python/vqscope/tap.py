"""Takes indices and encodings from a quantizer as it runs, where the loop does not hand them out."""

from __future__ import annotations

from typing import Any, Iterator, Optional

from ._arrays import is_float, is_tensor, torch
from ._split import level_axis


class Tap:
    """Listens to a quantizer: what its forward passes took and chose since the last :meth:`take`.

    ``module`` is a torch module whose first argument are the encodings, and among whose results are
    the chosen codes, the first tensor of whole numbers. Passes in evaluation are left out. ::

        tap = vqscope.Tap(quantizer)
        w(step, codebook=quantizer, **tap.take())
    """

    def __init__(self, module: Any) -> None:
        self._indices: "list[Any]" = []
        self._latents: Any = None
        self._module = module
        self._handle = module.register_forward_hook(self._listen)

    def _listen(self, module: Any, arguments: Any, result: Any) -> None:
        if not module.training:
            return
        chosen = next((x for x in _tensors(result) if not _is_other(x)), None)
        if chosen is None:
            return
        self._indices.append(chosen.detach())
        taken = next((x for x in _tensors(arguments) if is_float(x)), None)
        self._latents = None if taken is None else taken.detach()

    def take(self) -> "dict[str, Any]":
        """``indices`` of all passes since the last call and ``latents`` of the newest one, as arguments
        of :class:`Watch`."""
        held, latents = self._indices, self._latents
        self._indices, self._latents = [], None
        if not held:
            return {}
        return {"indices": _joined(held, self._module), "latents": latents}

    def close(self) -> None:
        """Listens no more."""
        self._handle.remove()


def _joined(held: "list[Any]", module: Any) -> Any:
    """Several passes as one, batch after batch; shorter ones are filled up with -1, which is no code."""
    if len(held) == 1:
        return held[0]
    # The levels of a residual quantizer may come first, and the batch behind them.
    axis = 1 if level_axis(module) == 0 and held[0].dim() > 1 else 0
    ends = [max(x.shape[n] for x in held) for n in range(held[0].dim())]
    filled = []
    for x in held:
        gaps = [(0, 0 if n == axis else end - x.shape[n]) for n, end in enumerate(ends)]
        pad = [side for gap in reversed(gaps) for side in gap]
        filled.append(torch().nn.functional.pad(x, pad, value=-1))
    return torch().cat(filled, dim=axis)


def _tensors(x: Any, depth: int = 0) -> "Iterator[Any]":
    """All tensors in a result: in tuples, dicts, and objects with fields such as a ModelOutput."""
    if is_tensor(x):
        yield x
    elif depth < 4:
        inside: "Optional[Any]" = None
        if isinstance(x, dict):
            inside = list(x.values())
        elif isinstance(x, (list, tuple)):
            inside = x
        elif hasattr(x, "__dataclass_fields__"):
            inside = list(vars(x).values())
        for one in inside or ():
            yield from _tensors(one, depth + 1)


def _is_other(x: Any) -> bool:
    """Whether a tensor holds no indices: floats, flags, or a single number."""
    return is_float(x) or x.dtype == torch().bool or x.is_complex() or x.dim() == 0
