"""Indices, encodings and inputs of one call, brought into the order of a file."""

from __future__ import annotations

from typing import Any, Optional

from ._arrays import array, dtype, is_float, is_tensor, numpy, spread_of, torch

#: Most bytes of the inputs in a file.
INPUT_BYTES = 1 << 22

#: Most inputs in a file.
INPUTS = 64

#: Axes in which libraries put the levels of a residual quantizer into their indices.
LEVEL_AXES = (
    ("encodec", 0),
    ("audiocraft", 0),
    ("transformers.models.dac", 1),
    ("dac", 1),
    ("moshi", 1),
    ("vector_quantize_pytorch", -1),
)


def by_level(indices: Any, count: int, axis: "Optional[int]", module: Any) -> "list[Any]":
    """Indices of each of `count` levels or of the first ones, flat, in the order of the tokens.

    Raises ValueError where their shape leaves open which axis counts levels.
    """
    if isinstance(indices, (list, tuple)) and count > 1 and len(indices) == count:
        held = [array(x, "indices") for x in indices]
        if len({tuple(x.shape) for x in held}) > 1 or held[0].shape:
            return [_whole(x).reshape(-1) for x in held]
    x = _whole(array(indices, "indices"))
    if count == 1:
        return [x.reshape(-1)]
    shape = tuple(x.shape)
    if axis is None:
        axis = _axis(shape, count, module)
    if axis == GROUPS:
        # [groups, B, N, levels] of a grouped residual quantizer.
        each = count // shape[0]
        return [x[g, ..., q].reshape(-1) for g in range(shape[0]) for q in range(each)]
    if not -len(shape) <= axis < len(shape) or shape[axis] > count or not shape[axis]:
        raise ValueError(
            f"indices are {_words(shape)}, and axis {axis} is not as long as there are levels, {count}"
        )
    at = axis % len(shape)
    return [x[(slice(None),) * at + (n,)].reshape(-1) for n in range(shape[at])]


#: Groups stand first and levels last.
GROUPS = "groups"


def level_axis(module: Any) -> "Optional[int]":
    """The axis of its indices that counts levels, for a module of a known library."""
    of = type(module).__module__ if module is not None else ""
    known = [axis for name, axis in LEVEL_AXES if of == name or of.startswith(name + ".")]
    return known[0] if known else None


def _axis(shape: "tuple[int, ...]", count: int, module: Any) -> Any:
    known = level_axis(module)
    if known is not None and -len(shape) <= known < len(shape) and shape[known] == count:
        return known
    if known in (0, 1) and known < len(shape) and shape[known] < count and count not in shape:
        # Codecs of several bit rates use the first levels alone.
        return known
    fitting = [i for i, n in enumerate(shape) if n == count]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and len(shape) > 2 and shape[0] * shape[-1] == count:
        return GROUPS
    why = "no axis is" if not fitting else "more than one axis is"
    raise ValueError(
        f"indices are {_words(shape)}, and {why} as long as there are levels, {count}; "
        "put the levels last and say Watch(..., levels_axis=-1)"
    )


def _whole(x: Any) -> Any:
    if is_float(x) or dtype(x) == "bool":
        raise ValueError(f"indices are {dtype(x)}; pass the whole numbers of the chosen codes")
    return x


def _words(shape: "tuple[int, ...]") -> str:
    return " x ".join(map(str, shape)) or "a single number"


def in_rows(latents: Any, dim: int, levels: int, indices: Any = None) -> Any:
    """Encodings as M x dim, or M x n·dim of n parallel codebooks: channels last or second.

    Raises ValueError where neither the last axis nor the second one is as wide as the codes.
    """
    z = array(latents, "latents")
    if not is_float(z):
        raise ValueError(f"latents are {dtype(z)}; pass the encoder's outputs before quantization")
    shape = tuple(z.shape)
    widths = [n * dim for n in range(1, levels + 1) if levels % n == 0]
    last = len(shape) >= 2 and shape[-1] in widths
    second = len(shape) >= 3 and shape[1] in widths
    if last and second and hasattr(indices, "shape"):
        # Indices lie as the encodings do, without their channels.
        places = tuple(indices.shape)
        last = (
            places[: len(shape) - 1] != shape[:1] + shape[2:]
            or places[: len(shape) - 1] == shape[:-1]
        )
    if last:
        return z.reshape(-1, shape[-1])
    if second:
        moved = z.movedim(1, -1) if is_tensor(z) else numpy().moveaxis(z, 1, -1)
        return moved.reshape(-1, shape[1])
    raise ValueError(
        f"latents are {_words(shape)}, and neither their last axis nor their second is as wide as "
        f"the codes, {dim}; pass what is compared with the codes"
    )


def projected(latents: Any, modules: "list[Any]") -> Any:
    """Encodings behind the layer by which a quantizer projects what it takes; themselves where it has
    none, or where they are behind it already."""
    t = torch()
    if not is_tensor(latents):
        return latents
    for module in modules:
        for name in ("project_in", "in_proj", "input_proj"):
            layer = getattr(module, name, None)
            if layer is None or isinstance(layer, t.nn.Identity):
                continue
            z = latents.detach()
            for turned in [z, z.movedim(1, -1)] if z.dim() > 2 else [z]:
                try:
                    with t.no_grad():
                        return layer(turned)
                except Exception:
                    continue
    return latents


def pictures(inputs: Any) -> Any:
    """At most 64 inputs as u8, [n, height, width] or [n, height, width, 3]; floats from [0, 1] or
    [-1, 1], or else from their least to their greatest number.

    Raises ValueError for what is no batch of pictures.
    """
    x = array(inputs, "inputs")
    shape = tuple(x.shape)
    if len(shape) == 4 and shape[1] in (1, 3):
        x = x.movedim(1, -1) if is_tensor(x) else numpy().moveaxis(x, 1, -1)
    elif not (len(shape) == 3 and min(shape[1:]) > 3 or len(shape) == 4 and shape[-1] in (1, 3)):
        raise ValueError(
            f"inputs are {_words(shape)}; pass pictures, B x 1 or 3 x height x width, or leave it out"
        )
    if len(shape) == 4 and x.shape[-1] == 1:
        x = x[..., 0]
    each = 1
    for n in tuple(x.shape)[1:]:
        each *= n
    x = x[: max(1, min(INPUTS, INPUT_BYTES // max(each, 1)))]
    if dtype(x) == "uint8" or 0 in tuple(x.shape):
        return x
    if is_tensor(x):
        x = x.to(torch().float32)
    else:
        x = x.astype("float32")
    low, high = spread_of(x) or (0.0, 1.0)
    # A bit beyond is what resampling and normalising leave behind.
    if low >= -0.01 and high <= 1.01:
        low, high = 0.0, 1.0
    elif low >= -1.01 and high <= 1.01:
        low, high = -1.0, 1.0
    scaled = (x - low) * (255.0 / ((high - low) or 1.0))
    if is_tensor(x):
        return scaled.nan_to_num(0.0).clamp(0, 255).round().to(torch().uint8)
    np = numpy()
    return np.nan_to_num(scaled).clip(0, 255).round().astype(np.uint8)
