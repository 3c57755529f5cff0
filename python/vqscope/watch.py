"""Two lines in a training loop: what the codebook is, every so many steps, as a file."""

from __future__ import annotations

import json
import logging
import os
import re
import warnings
from pathlib import Path
from typing import Any, Optional, Sequence, Union

from . import _files as files
from ._arrays import MOST_COPIES, MOST_WAITING, Counts, host, is_module, is_tensor, numpy, rows, torch
from ._commands import Commands
from ._find import LOOKUPS, Level, find
from ._ranks import Ranks
from ._split import by_level, in_rows, pictures, projected

#: Most encodings in a file.
LATENTS = 16_384

#: Names of the files that are written.
NAMES = re.compile(r"codebook_(\d{8,})\.safetensors")

#: Largest step, up to which every reader counts in ones.
LAST_STEP = 2**53


class Control:
    """What a call of :class:`Watch` hands back to the loop."""

    def __init__(self, commitment: float) -> None:
        #: Weight of the commitment loss: what was given to ``Watch``, or what the window has set.
        self.commitment = commitment
        #: Whether C and W learn, and by what the learning rates are multiplied; as it is applied.
        self.learn_c = True
        self.learn_w = True
        self.lr_factor = 1.0


class Watch:
    """Saves a codebook and its use while a training runs, for ``vqscope watch``.

    ::

        w = vqscope.Watch("codebooks", every=100)
        for step, x in enumerate(batches):
            ...
            w(step, codebook=quantizer, indices=indices, latents=z, inputs=x)

    ``folder`` is made if it is not there. A file is written at the first call and then whenever
    ``step`` reaches a multiple of ``every``; between them the uses of each code are summed where the
    indices are, without waiting for a device. ``keep`` files are kept, of older ones every tenth.

    ``lookup`` says how the nearest code is looked for ("l2", "cosine", "dot") where the module does
    not; ``levels_axis`` which axis of ``indices`` counts the levels of a residual quantizer.

    ``control=True`` lets the window of ``vqscope watch`` act on the training, once "take control" was
    pressed there; ``optimizer`` (or a list of them) is what it then acts on, and ``commitment`` what
    ``Watch(...)(...).commitment`` is until the window sets it.

    Arguments that cannot be used raise TypeError or ValueError at the first call. Whatever goes wrong
    later is warned of once, and the training goes on.

    Under ``torch.distributed`` all ranks call it at the same steps: uses are summed over the ranks,
    and rank 0 writes.
    """

    def __init__(
        self,
        folder: "Union[str, os.PathLike[str]]",
        every: int = 100,
        *,
        keep: int = 200,
        lookup: "Optional[str]" = None,
        levels_axis: "Optional[int]" = None,
        control: bool = False,
        optimizer: Any = None,
        commitment: float = 0.25,
    ) -> None:
        self.folder = Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise ValueError(f"{self.folder} is a file; name a folder for the codebooks")
        for name, value in [("every", every), ("keep", keep)]:
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} is {value!r}; it is a whole number from 1")
        if lookup is not None and lookup not in LOOKUPS:
            raise ValueError(f"lookup is {lookup!r}; it is one of {', '.join(LOOKUPS)}")
        self.every = every
        self.keep = keep
        self._lookup = lookup
        self._axis = levels_axis
        self._ranks = Ranks()
        self._levels: "list[Level]" = []
        self._of: Any = None
        self._counts: "list[Counts]" = []
        # Counts that no file has yet, and all of them, as numbers of this machine.
        self._since: "list[Any]" = []
        self._totals: "list[Any]" = []
        self._last: "Optional[int]" = None
        # What the calls until the next file need: the module, the steps, the counts, and what indices are.
        # For a module with one codebook, and where nobody may ask for something between two files.
        self._plain: "Optional[tuple[Any, int, int, Counts, Any, Any]]" = None
        self._has_warned = False
        self._is_first = True
        self._number = 0
        self._is_open = False
        self._names: "list[str]" = []
        self._keepers: "set[str]" = set()
        self._keep_next = False
        self._control = Control(float(commitment))
        optimizers = _list_of(optimizer)
        self._commands = Commands(self, optimizers) if control else None

    def __call__(
        self,
        step: Any,
        *,
        codebook: Any,
        indices: Any = None,
        latents: Any = None,
        inputs: Any = None,
    ) -> Control:
        """One step of the training.

        ``codebook``: a module (of the known libraries, or your own with one table of codes); codes
        K x d; a dict of ``C``, ``W`` and maybe ``b`` with E = C·W + b; or a list of these, one for
        each level. ``indices``: the chosen codes, whole numbers of any shape. ``latents``: what the
        quantizer takes, channels last or second. ``inputs``: the batch of pictures.
        """
        try:
            # Nearly every call: nothing is due, and one operation counts. A training has the processor's
            # caches to itself between two calls, so that each name that is looked up here is felt.
            plain = self._plain
            if plain is not None:
                of, start, end, counts, tensor, whole = plain
                if codebook is of and type(step) is int and start <= step < end:
                    if type(indices) is tensor and indices.dtype is whole:
                        counts.waiting.append(indices.clone())
                        counts.length += indices.numel()
                        if counts.length >= MOST_WAITING or len(counts.waiting) >= MOST_COPIES:
                            counts.flush()
                        return self._control
        except Exception as why:
            self._warn(why)
            return self._control
        if self._is_first:
            self._start(step, codebook, indices, latents, inputs)
            self._is_first = False
        try:
            self._step(int(step), codebook, indices, latents, inputs)
        except Exception as why:
            self._warn(why)
        return self._control

    def _warn(self, why: Exception) -> None:
        if not self._has_warned:
            self._has_warned = True
            said = f"vqscope has met a problem, and the training goes on: {why}"
            try:
                warnings.warn(said, RuntimeWarning, stacklevel=3)
            except RuntimeWarning:
                # Where warnings are made errors, too, the training goes on.
                logging.getLogger("vqscope").warning(said)

    def _start(self, step: Any, codebook: Any, indices: Any, latents: Any, inputs: Any) -> None:
        """Holds the arguments of the first call against what they can be, before anything is kept."""
        try:
            number = int(step)
        except (TypeError, ValueError):
            raise TypeError(f"step is {step!r}; it is a whole number from 0") from None
        if not 0 <= number <= LAST_STEP:
            raise ValueError(f"step is {number}; it is a whole number from 0")
        levels = find(codebook, self._lookup)
        if indices is not None:
            each = by_level(indices, len(levels), self._axis, _module(codebook))
            for n, (level, chosen) in enumerate(zip(levels, each)):
                size = level.size()[0]
                if len(chosen) and int(chosen.max()) >= size:
                    of = f" of level {n}" if len(levels) > 1 else ""
                    raise ValueError(
                        f"an index{of} is {int(chosen.max())}, and the codebook has {size} codes"
                    )
        if latents is not None:
            self._rows(levels, codebook, latents, indices)
        if inputs is not None:
            pictures(inputs)
        if self._commands is not None and torch() is None:
            raise ValueError("control needs a training in torch")

    def _step(self, step: int, codebook: Any, indices: Any, latents: Any, inputs: Any) -> None:
        try:
            self._meet(codebook)
            self._count(indices)
        except Exception as why:
            # Of several processes the others wait for this one below, whatever it could not count.
            self._warn(why)
        asked = self._commands is not None and self._commands.take(step, indices, latents)
        due = self._last is None or step // self.every != self._last // self.every
        if due or asked:
            self._last = step
            self._save(step, indices, latents, inputs)
        self._plain = self._plain_way()

    def _plain_way(self) -> "Optional[tuple[Any, int, int, Counts, Any, Any]]":
        t = torch()
        is_plain = len(self._counts) == 1 and self._commands is None and is_module(self._of)
        if t is None or self._last is None or not is_plain:
            return None
        start = self._last // self.every * self.every
        return self._of, start, start + self.every, self._counts[0], t.Tensor, t.int64

    def _count(self, indices: Any) -> None:
        if indices is not None and not (len(self._counts) == 1 and self._counts[0].keep(indices)):
            each = by_level(indices, len(self._levels), self._axis, _module(self._of))
            for counts, chosen in zip(self._counts, each):
                counts.add(chosen)

    def _meet(self, codebook: Any, anew: bool = False) -> None:
        """Looks for the codes: for arrays at each call, for a module once and before each file."""
        if not anew and self._of is codebook and is_module(codebook):
            return
        self._levels = find(codebook, self._lookup)
        self._of = codebook
        sizes = [level.size()[0] for level in self._levels]
        if sizes != [counts.size for counts in self._counts]:
            self._counts = [Counts(size) for size in sizes]
            self._since = [None for _ in sizes]
            self._totals = [None for _ in sizes]
        if self._commands is not None:
            self._commands.meet(self._levels)

    def _rows(self, levels: "list[Level]", codebook: Any, latents: Any, indices: Any) -> Any:
        """Encodings as rows, behind the quantizer's own projection where its codes are narrower."""
        dim = levels[0].size()[1]
        narrower = projected(latents, _around(_module(codebook), levels[0].module))
        try:
            return in_rows(narrower, dim, len(levels), indices)
        except ValueError:
            if narrower is latents:
                raise
            return in_rows(latents, dim, len(levels), indices)

    # Files

    def _save(self, step: int, indices: Any, latents: Any, inputs: Any) -> None:
        taken = self._ranks.sum([(counts.size + 2, counts.take()) for counts in self._counts])
        if not self._ranks.is_first:
            return
        self._meet(self._of, anew=True)
        several = len(self._levels) > 1
        arrays: "dict[str, files.Array]" = {"step": files.number(step)}
        for n, level in enumerate(self._levels):
            prefix = f"level.{n}." if several else ""
            for name, x in level.arrays().items():
                arrays[prefix + name] = host(x)
            arrays[prefix + "lookup"] = files.text(level.lookup)
            self._use(n, prefix, taken[n] if n < len(taken) else None, arrays)
        if latents is not None:
            z = self._rows(self._levels, self._of, latents, indices)
            for n, part in _by_codebook(z, self._levels):
                arrays[f"level.{n}.latents" if several else "latents"] = host(rows(part, LATENTS))
        if indices is not None:
            each = by_level(indices, len(self._levels), self._axis, _module(self._of))
            places = [rows(x, LATENTS) for x in each]
            # Levels that this call left out choose no code.
            places += [places[0] * 0 - 1 for _ in self._levels[len(each) :]]
            if len({len(x) for x in places}) == 1:
                arrays["indices"] = host(_columns(places))
        if inputs is not None:
            arrays["inputs"] = host(pictures(inputs))
        self._write(step, arrays)
        self._since = [None for _ in self._levels]

    def _use(self, n: int, prefix: str, counts: Any, arrays: "dict[str, files.Array]") -> None:
        """Counts since the last file that was written, and since the beginning."""
        size = self._counts[n].size
        if counts is not None and len(counts) == size + 2:
            for sums in (self._since, self._totals):
                sums[n] = counts[:size] + (0 if sums[n] is None else sums[n])
            beyond = int(counts[size + 1])
            if beyond:
                self._warn(ValueError(f"{beyond} indices are at or above the {size} codes"))
        if self._totals[n] is not None:
            # A level that was left out since the file before was chosen not once.
            since = self._totals[n] * 0 if self._since[n] is None else self._since[n]
            arrays[prefix + "usage"] = host(since)
            arrays[prefix + "usage_total"] = host(self._totals[n])
            arrays[prefix + "tokens"] = files.number(int(since.sum()))

    def _write(self, step: int, arrays: "dict[str, files.Array]") -> None:
        self._open_folder()
        self._number += 1
        name = f"codebook_{step:08}.safetensors"
        kept = "yes" if self._keep_next else "no"
        about = {"vqscope": "1", "number": str(self._number), "keep": kept}
        files.write_whole(self.folder / name, files.safetensors(arrays, about))
        if name in self._names:
            self._names.remove(name)
        self._names.append(name)
        if self._keep_next:
            self._keepers.add(name)
            self._keep_next = False
        self._thin_out()
        if self._commands is not None:
            self._commands.saved(step, name)

    def _open_folder(self) -> None:
        """Makes the folder; numbers and what is kept go on where an earlier training stopped."""
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if self._is_open:
            return
        self._is_open = True
        self._names = sorted(filter(NAMES.fullmatch, os.listdir(self.folder)))
        said = (files.about(self.folder / name) for name in self._names)
        self._number = max(map(_number_of, said), default=0)
        status = self.folder / "status.json"
        try:
            if not status.is_file():
                return
            with open(status, "rb") as file:
                kept = json.loads(file.read(1 << 20))["kept"]
            self._keepers = {name for name in kept if NAMES.fullmatch(name)}
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass

    def _keep_around(self) -> None:
        """The file before a command and the one after it stay for good."""
        if self._names:
            self._keepers.add(self._names[-1])
        self._keep_next = True

    def _thin_out(self) -> None:
        """Of the files before the newest every tenth is kept, and those around a command."""
        for name in self._names[: -self.keep]:
            self._names.remove(name)
            if name in self._keepers:
                continue
            about = files.about(self.folder / name)
            # Only what a Watch wrote is ever removed.
            if about is None or "vqscope" not in about or about.get("keep") == "yes":
                continue
            if _number_of(about) % 10 != 0:
                try:
                    os.unlink(self.folder / name)
                except FileNotFoundError:
                    pass


def _module(codebook: Any) -> Any:
    return codebook if is_module(codebook) else None


def _around(top: Any, inner: Any) -> "list[Any]":
    """The modules from `top` down to `inner`, which is in it or is it."""
    if top is None:
        return []
    path = next((name for name, module in top.named_modules() if module is inner), "")
    found = [top]
    for part in filter(None, path.split(".")):
        found.append(getattr(found[-1], part))
    return found


def _list_of(optimizer: Any) -> "list[Any]":
    if optimizer is None:
        return []
    held: "Sequence[Any]" = optimizer if isinstance(optimizer, (list, tuple)) else [optimizer]
    for one in held:
        if not hasattr(one, "param_groups"):
            raise TypeError(f"optimizer is a {type(one).__name__}; pass an optimizer of torch")
    return list(held)


def _by_codebook(z: Any, levels: "list[Level]") -> "list[tuple[int, Any]]":
    """Encodings for each level that they belong to: the first, or that of each head or group."""
    dim = levels[0].size()[1]
    count = z.shape[1] // dim
    if count == 1:
        return [(0, z)]
    if len(levels) % count:
        raise ValueError(f"latents are {z.shape[1]} wide, and the codes {dim}")
    each = len(levels) // count
    return [(g * each, z[:, g * dim : (g + 1) * dim]) for g in range(count)]


def _columns(places: "list[Any]") -> Any:
    """Indices of all levels side by side, [M, levels]."""
    if is_tensor(places[0]):
        return torch().stack(list(places), dim=1).to(torch().int32)
    return numpy().stack(places, axis=1).astype("int32")


def _number_of(about: "Optional[dict[str, str]]") -> int:
    try:
        return int((about or {}).get("number", "0"))
    except ValueError:
        return 0
