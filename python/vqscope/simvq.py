"""The remedy: one linear layer behind a codebook that is there (SimVQ, Zhu et al. 2024)."""

from __future__ import annotations

import weakref
from typing import Any, Iterator, Optional

from ._arrays import torch


def simvq(
    embedding: Any,
    optimizer: Any = None,
    *,
    latents: Any = None,
    fresh: bool = True,
    seed: int = 0,
) -> "SimVQ":
    """Puts a linear layer behind an existing codebook: E = C·W + b with C frozen.

    ``embedding.weight`` stays the name of the codes that encodings are compared with, so that the
    quantizer around it runs on unchanged; from now on it is computed as C·W + b, W [d, d] and b [d]
    learn, and whatever moves one code moves them all. ``embedding`` is a ``torch.nn.Embedding`` or
    another module whose parameter ``weight`` [K, d] holds the codes and learns by gradient.

    ``optimizer`` is the one that updates the codes: W and b take their place in its groups (without
    it call this before the optimizer is made). C is drawn anew, N(0, 1/d) as in the paper, by
    ``seed``: the codes of a collapsed codebook lie in a heap, which no linear layer takes apart;
    ``fresh=False`` keeps them. ``latents`` [M, d], outputs of the encoder, set the start: W and b are
    chosen so that mean and spread of E are theirs; without them W is the identity and b zero.

    Returns a :class:`SimVQ`, whose ``undo`` puts E back as codes that learn by themselves, and whose
    ``before`` are the codes that were there.
    Raises TypeError or ValueError in one sentence where the module is none that this can be done to.

    Computing E costs K·d² multiplications wherever the weight is used; where a forward pass uses it
    several times, ``with torch.nn.utils.parametrize.cached():`` around it computes E once.
    """
    t = torch()
    if t is None or not isinstance(embedding, t.nn.Module):
        what = type(embedding).__name__
        raise TypeError(f"simvq takes a module such as torch.nn.Embedding, not a {what}")
    if mapped(embedding) is not None:
        raise ValueError("this codebook has a W already; undo it first")
    weight = embedding._parameters.get("weight")
    if weight is None or weight.dim() != 2:
        name = type(embedding).__name__
        raise ValueError(
            f"simvq needs a parameter `weight` of K x d codes, which {name} does not have; codes that "
            "move by averages (EMA) learn no W: use a quantizer whose codes learn by gradient"
        )
    many = optimizer if isinstance(optimizer, (list, tuple)) else [optimizer]
    optimizers = [one for one in many if one is not None]
    if optimizers and not any(_is_in(one, weight) for one in optimizers):
        raise ValueError("optimizer does not update this codebook; pass the one that does")
    return SimVQ(embedding, weight, optimizers, latents, fresh, seed)


class SimVQ:
    """A codebook under a linear layer, as :func:`simvq` made it."""

    def __init__(
        self,
        embedding: Any,
        weight: Any,
        optimizers: "list[Any]",
        latents: Any,
        fresh: bool,
        seed: int,
    ) -> None:
        t = torch()
        self._embedding = embedding
        # Weakly: a copy of the model (an average of its weights) must not copy its optimizer.
        self._optimizers = [weakref.ref(one) for one in optimizers]
        self._learned = weight.requires_grad
        dim = weight.shape[1]
        #: The codes that were there before, K x d.
        self.before = weight.detach().clone()
        with t.no_grad():
            if fresh:
                drawn = t.Generator().manual_seed(seed)
                made = t.randn(weight.shape, generator=drawn) * dim**-0.5
                weight.copy_(made.to(weight))
            layer = _Layer(dim).to(device=weight.device, dtype=weight.dtype)
            if latents is not None:
                layer.meet(weight, _latents(latents, weight))
        t.nn.utils.parametrize.register_parametrization(embedding, "weight", layer)
        held = embedding.parametrizations.weight
        self._layer, self._codes = layer, held.original
        self._codes.requires_grad_(False)
        self._codes.grad = None
        self._replace([self._codes], [layer.W, layer.b])
        embedding.__dict__[_MARK] = self

    @property
    def C(self) -> Any:  # noqa: N802
        """The frozen codes, K x d."""
        return self._codes

    @property
    def W(self) -> Any:  # noqa: N802
        """The matrix, d x d: a parameter."""
        return self._layer.W

    @property
    def b(self) -> Any:
        """The bias, d: a parameter."""
        return self._layer.b

    def parameters(self) -> "Iterator[Any]":
        """W and b, for an optimizer that is made by hand."""
        return iter([self.W, self.b])

    def undo(self) -> None:
        """Takes the layer off: E becomes the codes themselves, which learn again as before."""
        t = torch()
        embedding = self._embedding
        if embedding.__dict__.pop(_MARK, None) is not self:
            raise ValueError("this W was taken off already")
        off = t.nn.utils.parametrize.remove_parametrizations
        off(embedding, "weight", leave_parametrized=True)
        weight = embedding._parameters["weight"]
        weight.requires_grad_(self._learned)
        self._replace([self.W, self.b], [weight])

    def _replace(self, old: "list[Any]", new: "list[Any]") -> None:
        """In each group of an optimizer that has `old`, `new` stands instead, without moments."""
        for optimizer in filter(None, (held() for held in self._optimizers)):
            for group in optimizer.param_groups:
                kept = [i for i, p in enumerate(group["params"]) if all(p is not o for o in old)]
                if len(kept) == len(group["params"]):
                    continue
                if "param_names" in group:
                    names = [
                        f"vqscope.{'Wb'[i] if len(new) == 2 else 'codes'}" for i in range(len(new))
                    ]
                    group["param_names"] = [group["param_names"][i] for i in kept] + names
                group["params"] = [group["params"][i] for i in kept] + new
            for p in old:
                optimizer.state.pop(p, None)

    def level(self, lookup: str, module: Any) -> Any:
        """What :class:`vqscope.Watch` sees of it."""
        from ._find import Level

        def read() -> "dict[str, Any]":
            return {"C": self.C, "W": self.W, "b": self.b}

        made = Level(read, lookup, module, self.C, (self.W, self.b))
        made.holder = self._embedding
        return made


#: Where an embedding keeps the layer that it is under.
_MARK = "_vqscope_simvq"


def mapped(embedding: Any) -> "Optional[SimVQ]":
    """The layer that :func:`simvq` put behind this module's codes, where it did."""
    return getattr(embedding, "__dict__", {}).get(_MARK)


def _is_in(optimizer: Any, weight: Any) -> bool:
    return any(p is weight for group in optimizer.param_groups for p in group["params"])


def _latents(latents: Any, weight: Any) -> Any:
    z = torch().as_tensor(latents).detach().to(weight)
    if z.dim() < 2 or z.shape[-1] != weight.shape[1]:
        shape = " x ".join(map(str, z.shape))
        raise ValueError(f"latents are {shape}; pass M x {weight.shape[1]}, channels last")
    return z.reshape(-1, z.shape[-1])


def _layer_class() -> Any:
    t = torch()

    class Linear(t.nn.Module):  # type: ignore[misc, name-defined]
        """E = C·W + b, W [d, d], b [d]."""

        def __init__(self, dim: int) -> None:
            super().__init__()
            self.W = t.nn.Parameter(t.eye(dim))
            self.b = t.nn.Parameter(t.zeros(dim))

        def forward(self, codes: Any) -> Any:
            return codes @ self.W + self.b

        def meet(self, codes: Any, latents: Any) -> None:
            """Mean and spread of C·W + b become those of the latents, axis by axis."""
            spread = latents.std(0) / codes.std(0).clamp(min=1e-12)
            self.W.copy_(t.diag(spread.clamp(min=1e-6)))
            self.b.copy_(latents.mean(0) - codes.mean(0) @ self.W)

    return Linear


def _Layer(dim: int) -> Any:  # noqa: N802
    global _CLASS
    if _CLASS is None:
        _CLASS = _layer_class()
    return _CLASS(dim)


_CLASS: Any = None
