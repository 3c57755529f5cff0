"""What a command does to a training in torch: freezing, learning rates, fresh codes."""

from __future__ import annotations

import weakref
from typing import Any, Optional

from ._arrays import is_float, torch
from ._find import Level
from .simvq import mapped, simvq

#: Buffers beside codes that move by averages: sums of encodings, and counts.
SUMS = ("embed_avg", "embed_sum", "embedding_sum", "ema_w", "ema_dw", "_ema_w")
COUNTS = ("cluster_size", "cluster_usage", "ema_cluster_size", "_ema_cluster_size")


class Switch:
    """Holds what commands have set, and applies it around the steps of the optimizers."""

    def __init__(self, optimizers: "list[Any]", are_many: bool = False) -> None:
        self.optimizers = optimizers
        self.are_many = are_many
        self.lr_factor = 1.0
        self.learn_c = True
        self.learn_w = True
        self._levels: "list[Level]" = []
        self._frozen: "list[Any]" = []
        self._was_learned: "list[tuple[Any, bool]]" = []
        self._held: "list[tuple[Any, Any]]" = []
        self._lrs: "dict[int, list[Any]]" = {}
        me = weakref.ref(self)
        for optimizer in optimizers:
            # Around the step and not before it: schedulers see their own rates, and DistributedData-
            # Parallel, which waits for the gradient of each parameter, sees all of them.
            optimizer.register_step_pre_hook(lambda o, *_: _call(me, "_before", o))
            optimizer.register_step_post_hook(lambda o, *_: _call(me, "_after", o))

    def meet(self, levels: "list[Level]") -> None:
        """The codebooks of this call; modules are the same from call to call."""
        is_first, self._levels = not self._levels, levels
        if is_first:
            self.learn_c = any(map(self._learns, levels)) or not any(map(_is_held, levels))

    def can(self) -> "tuple[dict[str, Any], dict[str, str]]":
        """Values of the keys that can be set here, and why the others cannot."""
        cannot = {}
        if not self.optimizers:
            cannot["lr_factor"] = cannot["simvq"] = "pass optimizer= to Watch"
        if not any(level.maps for level in self._levels):
            cannot["learn_w"] = "there is no W; simvq puts one behind the codes"
        if not any(_is_held(level) for level in self._levels):
            for key in ("learn_c", "revive", "simvq"):
                cannot[key] = "pass the quantizer's module as codebook=, not an array"
        elif not any(self._learns(level) or self._may_learn(level) for level in self._levels):
            cannot["learn_c"] = "C is frozen by the quantizer itself"
        if not any(_may_have_w(level) for level in self._levels):
            why = "the codes are no parameter `weight` that learns by gradient"
            cannot.setdefault("simvq", why)
        elif self.are_many:
            cannot["simvq"] = "with several processes it comes before the model is wrapped"
        values = {
            "learn_c": self.learn_c,
            "learn_w": self.learn_w,
            "lr_factor": self.lr_factor,
            "simvq": any(mapped(level.holder) is not None for level in self._levels),
        }
        return {k: v for k, v in values.items() if k not in cannot}, cannot

    def simvq(self, wanted: bool, latents: Any) -> None:
        """Puts a layer behind all codes that can have one, or takes it off."""
        for n, level in enumerate(self._levels):
            cure = mapped(level.holder)
            if wanted and cure is None and _may_have_w(level):
                # Later stages see what the first one leaves over.
                simvq(level.holder, self.optimizers, latents=latents if n == 0 else None)
            elif not wanted and cure is not None:
                cure.undo()
        if wanted:
            self.learn_c, self.learn_w = False, True
        else:
            self.learn_c = True

    def set(self, keys: "dict[str, Any]") -> None:
        """Applies `learn_c`, `learn_w` and `lr_factor`."""
        self.lr_factor = float(keys.get("lr_factor", self.lr_factor))
        if not {"learn_c", "learn_w", "simvq"} & set(keys):
            return
        for parameter, learned in self._was_learned:
            parameter.requires_grad_(learned)
        self._was_learned, self._frozen, self._held = [], [], []
        self.learn_c = keys.get("learn_c", self.learn_c)
        self.learn_w = keys.get("learn_w", self.learn_w)
        for level in self._levels:
            if not self.learn_w:
                for parameter in level.maps:
                    self._freeze(parameter)
            if not self.learn_c:
                self._freeze_codes(level)
            elif self._may_learn(level):
                self._thaw(level)

    def _learns(self, level: Level) -> bool:
        """Whether the codes themselves move, by gradient or by averages, where no command holds them."""
        table = level.table
        if isinstance(table, torch().nn.Parameter):
            frozen = any(p is table and learned for p, learned in self._was_learned)
            return bool(table.requires_grad or frozen)
        return bool(_is_held(level) and any(name in SUMS for name, _ in _named_buffers(level)))

    def _may_learn(self, level: Level) -> bool:
        """Whether codes that were frozen under a W can be given to an optimizer."""
        is_parameter = isinstance(level.table, torch().nn.Parameter)
        return bool(is_parameter and level.maps and self.optimizers and not self.are_many)

    def _thaw(self, level: Level) -> None:
        level.table.requires_grad_(True)
        groups = [group for o in self.optimizers for group in o.param_groups]
        if any(p is level.table for group in groups for p in group["params"]):
            return
        for group in groups:
            if any(p is level.maps[0] for p in group["params"]):
                group["params"].append(level.table)
                if "param_names" in group:
                    group["param_names"].append("vqscope.C")
                return
        raise ValueError("optimizer does not update the W of this codebook")

    def _freeze_codes(self, level: Level) -> None:
        t = torch()
        if isinstance(level.table, t.nn.Parameter):
            self._freeze(level.table)
        # Codes that move by averages, and the averages themselves, are put back after each step.
        for buffer in _buffers(level):
            if all(buffer is not held for held, _ in self._held):
                self._held.append((buffer, buffer.detach().clone()))

    def _freeze(self, parameter: Any) -> None:
        self._frozen.append(parameter)
        if not any(
            p is parameter for o in self.optimizers for g in o.param_groups for p in g["params"]
        ):
            self._was_learned.append((parameter, parameter.requires_grad))
            parameter.requires_grad_(False)
            parameter.grad = None

    def put_back(self) -> None:
        """What averages have moved since the last call goes back where it is frozen."""
        with torch().no_grad():
            for buffer, held in self._held:
                buffer.copy_(held)

    def _before(self, optimizer: Any) -> None:
        for parameter in self._frozen:
            parameter.grad = None
        if self.lr_factor != 1.0:
            groups = optimizer.param_groups
            self._lrs[id(optimizer)] = [group["lr"] for group in groups]
            for group in groups:
                group["lr"] = group["lr"] * self.lr_factor

    def _after(self, optimizer: Any) -> None:
        for group, lr in zip(optimizer.param_groups, self._lrs.pop(id(optimizer), [])):
            group["lr"] = lr

    def revive(self, level: Level, unused: Any, latents: Any, draw: Any) -> int:
        """Codes of the mask `unused` [K] get random rows of `latents` [M, d]; how many they were.

        C under a layer gets what the layer maps nearest to such a row. `draw` hands out random
        numbers, the same on all ranks.
        """
        t = torch()
        with t.no_grad():
            at = unused.nonzero().flatten()
            if not len(at) or not len(latents):
                return 0
            table = level.table
            rows = latents[draw(len(latents), len(at))].to(t.float32)
            held = level.arrays()
            if "C" in held:
                rows = rows - held["b"] if "b" in held else rows
                # Least squares: W need not be square, nor of full rank.
                rows = t.linalg.lstsq(held["W"].t().float().cpu(), rows.t().cpu()).solution.t()
            if level.lookup == "cosine":
                norms = held["codebook"].float().norm(dim=1).mean() if "codebook" in held else 1.0
                rows = t.nn.functional.normalize(rows, dim=1) * norms
            flat = table.data if table.dim() == 2 else table.data.reshape(-1, table.shape[-1])
            at = at.to(flat.device) + level.before
            flat[at] = rows.to(flat)
            self._revive_averages(level, at, flat)
            self._zero_moments(table, at)
            for buffer, kept in self._held:
                kept.copy_(buffer)
            return len(at)

    def _revive_averages(self, level: Level, at: Any, codes: Any) -> None:
        held = {name: x for name, x in _named_buffers(level) if is_float(x)}
        count = None
        for name in COUNTS:
            if name in held:
                sizes = held[name].view(-1)
                count = sizes[sizes > 0].mean().clamp(min=1.0)
                sizes[at] = count
        for name in SUMS:
            if name in held:
                sums = held[name].view(-1, held[name].shape[-1])
                sums[at] = codes[at] * (1.0 if count is None else count)

    def _zero_moments(self, table: Any, at: Any) -> None:
        for optimizer in self.optimizers:
            for moment in optimizer.state.get(table, {}).values():
                if hasattr(moment, "shape") and moment.shape == table.shape:
                    moment.view(-1, moment.shape[-1])[at] = 0


def _call(me: Any, name: str, optimizer: Any) -> None:
    switch = me()
    if switch is not None:
        getattr(switch, name)(optimizer)


def _may_have_w(level: Level) -> bool:
    """Whether `vqscope.simvq` can be done to it, or is done."""
    weight = getattr(level.holder, "_parameters", {}).get("weight")
    return mapped(level.holder) is not None or weight is not None and weight is level.table


def _is_held(level: Level) -> bool:
    """Whether the codes are those of the training, and not a copy that was handed over."""
    t = torch()
    has_module = level.module is not None and isinstance(level.table, t.Tensor)
    return has_module or isinstance(level.table, t.nn.Parameter)


def _named_buffers(level: Level) -> "list[tuple[str, Any]]":
    module = level.module
    return list(module.named_buffers(recurse=False)) if module is not None else []


def _buffers(level: Level) -> "list[Any]":
    """Floating buffers of a codebook that averages move: the codes, their sums and counts."""
    named = _named_buffers(level)
    if not any(name in SUMS for name, _ in named):
        return []
    return [x for name, x in named if is_float(x) and (name in SUMS + COUNTS or x is level.table)]


def random_rows(seed: int) -> Any:
    """Draws rows to copy: the same on every rank that is given the same seed."""
    made: "Optional[Any]" = torch().Generator().manual_seed(seed)

    def draw(count: int, wanted: int) -> Any:
        t = torch()
        if wanted <= count:
            return t.randperm(count, generator=made)[:wanted]
        return t.randint(count, (wanted,), generator=made)

    return draw
