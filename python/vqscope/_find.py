"""Finds the codes of a quantizer: which arrays they are, what maps them, how they are compared.

By rules about modules, not by a list of libraries: a module that holds a table of codes under one of
the usual names is a codebook, and lists of such modules are the levels of a residual quantizer.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator, Optional

from ._arrays import array, is_float, is_module, is_tensor, torch

#: How codes are looked for: the least distance, the least angle, the largest product; or not at all
#: (argmax of a layer, rounding, signs).
LOOKUPS = ("l2", "cosine", "dot", "gumbel", "rounding", "sign")

#: Attributes by which modules call their table of codes, the most telling first.
TABLES = (
    "frozen_codebook",
    "_codebook",
    "codebook",
    "embed",
    "embedding",
    "implicit_codebook",
    "codebooks",
    "codevectors",
    "embeddings",
    "code_book",
    "codes",
    "emb",
    "k",
)

#: Attributes that say a module compares by the angle.
ANGLES = ("use_cosine_sim", "l2_norm", "use_l2_norm", "l2_normalize", "use_cosine", "cosine_sim")


class Level:
    """One codebook: where its arrays are, read anew whenever it is saved."""

    def __init__(
        self,
        read: "Callable[[], dict[str, Any]]",
        lookup: str = "l2",
        module: Any = None,
        table: Any = None,
        maps: "tuple[Any, ...]" = (),
    ) -> None:
        self._read = read
        #: One of `LOOKUPS`.
        self.lookup = lookup
        #: The module that holds the table, where there is one.
        self.module = module
        #: The parameter or buffer that holds the codes themselves (C, or E where no W is).
        self.table = table
        #: Parameters of what maps the codes (W and b).
        self.maps = maps
        #: Codes of other levels that stand before these in the same table.
        self.before = 0
        #: The module whose parameter `weight` the table is, to which `vqscope.simvq` can be done.
        self.holder: Any = None

    def arrays(self) -> "dict[str, Any]":
        """`codebook` [K, d], or `C` [K, d0], `W` [d0, d] and maybe `b` [d]: E = C W + b."""
        t = torch()
        if t is None:
            return self._read()
        with t.no_grad():
            return {name: array(x, name) for name, x in self._read().items()}

    def effective(self) -> Any:
        """E, K x d: the codes that encodings are compared with."""
        held = self.arrays()
        if "codebook" in held:
            return held["codebook"]
        made = held["C"] @ held["W"]
        return made + held["b"] if "b" in held else made

    def size(self) -> "tuple[int, int]":
        """K and d."""
        held = self.arrays()
        if "codebook" in held:
            return tuple(held["codebook"].shape)
        return held["C"].shape[0], held["W"].shape[1]


def find(codebook: Any, lookup: "Optional[str]" = None) -> "list[Level]":
    """The codebooks of a module, of arrays, or of a list of them, in the order of their levels.

    Raises TypeError or ValueError in one sentence that says what was looked for.
    """
    if lookup is not None and lookup not in LOOKUPS:
        raise ValueError(f"lookup is {lookup!r}; it is one of {', '.join(LOOKUPS)}")
    levels = list(_of(codebook))
    for level in levels:
        if lookup is not None:
            level.lookup = lookup
        held = level.arrays()
        for name, x in held.items():
            if name != "b" and len(x.shape) != 2 or 0 in tuple(x.shape):
                shape = " x ".join(map(str, x.shape))
                raise ValueError(f"the codebook's {name} is {shape}; codes are a matrix, K x d")
        if "C" in held and held["C"].shape[1] != held["W"].shape[0]:
            raise ValueError(
                f"C has {held['C'].shape[1]} columns and W {held['W'].shape[0]} rows; "
                "E = C W + b, where W is the transpose of a torch.nn.Linear's weight"
            )
    return levels


def _of(codebook: Any) -> "Iterator[Level]":
    if is_module(codebook):
        found = list(_of_module(codebook))
        if not found:
            found = [_only_table(codebook)]
        yield from found
    elif isinstance(codebook, dict):
        yield _named(codebook)
    elif isinstance(codebook, (list, tuple)) and not _is_rows(codebook):
        if not codebook:
            raise ValueError("codebook is an empty list; pass a module or K x d codes")
        for one in codebook:
            yield from _of(one)
    else:
        yield from _heads(lambda: codebook, codebook, "l2", None)


def _is_rows(x: Any) -> bool:
    """Whether a list is a matrix written out, and not a list of codebooks."""
    first = x[0] if x else None
    return isinstance(first, (list, tuple)) and bool(first) and isinstance(first[0], (int, float))


def _named(arrays: "dict[str, Any]") -> Level:
    names = set(arrays)
    if names != {"codebook"} and not {"C", "W"} <= names <= {"C", "W", "b"}:
        named = ", ".join(sorted(map(str, names))) or "nothing"
        raise ValueError(f"codebook names {named}; name `codebook`, or `C`, `W` and maybe `b`")
    return Level(lambda: dict(arrays), table=arrays.get("codebook", arrays.get("C")))


def _of_module(module: Any) -> "Iterator[Level]":
    """All codebooks in a module, those inside of one that was found left out."""
    own = list(_own(module, _registered))
    if not own:
        for child in module.children():
            own.extend(_of_module(child))
    # What a property computes comes last: a residual quantizer stacks its codebooks in one.
    yield from own or _own(module, _attribute)


def _own(module: Any, attribute: "Callable[[Any, str], Any]") -> "Iterator[Level]":
    """The codebook whose table this very module names, by rules from the most telling on."""
    from .simvq import mapped

    t = torch()
    if isinstance(module, t.nn.Embedding):
        return
    held = attribute(module, "frozen_codebook")
    if is_tensor(held):
        yield _over(module, held, module.code_transform)
        return
    for name in TABLES:
        table = attribute(module, name)
        if isinstance(table, t.nn.Embedding) or _is_table(table):
            yield from _embedding(module, table, mapped(table))
            return
        if is_module(table) and not isinstance(table, (t.nn.ModuleList, t.nn.Sequential)):
            inner = list(_inner(module, table))
            if inner:
                yield from inner
                return
        if is_tensor(table) and is_float(table) and table.dim() in (2, 3):
            yield from _heads(lambda: getattr(module, name), table, _angle(module), module)
            return


def _registered(module: Any, name: str) -> Any:
    """A parameter, a buffer or a module by its name."""
    for held in (module._parameters, module._buffers, module._modules):
        if held.get(name) is not None:
            return held[name]
    return None


def _attribute(module: Any, name: str) -> Any:
    """An attribute whose computing may fail, such as a property of a module that is not ready."""
    try:
        return getattr(module, name, None)
    except Exception:
        return None


def _is_table(x: Any) -> bool:
    """A module that holds its codes as `weight` and is no layer (EmbeddingEMA)."""
    t = torch()
    if not is_module(x) or isinstance(x, (t.nn.Linear, t.nn.modules.conv._ConvNd)):
        return False
    weight = _attribute(x, "weight")
    return is_tensor(weight) and weight.dim() == 2 and "mbed" in type(x).__name__


def _embedding(module: Any, table: Any, simvq: Any) -> "Iterator[Level]":
    """A table of `torch.nn.Embedding`, alone, under `vqscope.simvq`, or under a linear layer."""
    t = torch()
    if simvq is not None:
        yield simvq.level(_angle(module), module)
        return
    layer = _attribute(module, "embedding_proj")
    if layer is None and _attribute(module, "sim_vq"):
        layer = _attribute(module, "out_proj")
        layer = layer[0] if isinstance(layer, t.nn.Sequential) and len(layer) else layer
    if isinstance(layer, t.nn.Linear):
        yield _over(module, table.weight, layer)
        return
    made = Level(lambda: {"codebook": table.weight}, _angle(module, table), module, table.weight)
    made.holder = table
    yield made


def _over(module: Any, codes: Any, layer: Any) -> Level:
    """Codes under a layer: as C, W and b where it is linear, else what it makes of them."""
    t = torch()
    if isinstance(layer, t.nn.Linear):

        def read() -> "dict[str, Any]":
            held = {"C": codes, "W": layer.weight.t()}
            return held if layer.bias is None else {**held, "b": layer.bias}

        return Level(read, _angle(module), module, codes, tuple(layer.parameters()))
    maps = tuple(layer.parameters()) if is_module(layer) else ()
    return Level(lambda: {"codebook": layer(codes)}, _angle(module), module, codes, maps)


def _inner(module: Any, book: Any) -> "Iterator[Level]":
    """A codebook that is a module of its own inside a quantizer (`_codebook`, `codebook`)."""
    for name in ("embed", "embedding", "weight", "codebook"):
        codes = _attribute(book, name)
        if not is_tensor(codes) or codes.dim() not in (2, 3) or not is_float(codes):
            continue
        if _attribute(book, "affine_param") or _attribute(book, "vq_bridge") is not None:
            read = lambda: _after_maps(book)  # noqa: E731
        else:
            read = lambda: getattr(book, name)  # noqa: E731
        yield from _heads(read, codes, _angle(module, book), book)
        return


def _after_maps(book: Any) -> Any:
    """The codes of vector-quantize-pytorch after its bridge and its affine parameters."""
    codes = book.embed
    if _attribute(book, "vq_bridge") is not None:
        codes = book.vq_bridge(codes)
    if _attribute(book, "affine_param") and book.batch_mean is not None:
        std = book.codebook_variance.clamp(min=1e-5).sqrt()
        wanted = book.batch_variance.clamp(min=1e-5).sqrt()
        codes = (codes - book.codebook_mean) * (wanted / std) + book.batch_mean
    return codes


def _heads(read: "Callable[[], Any]", codes: Any, lookup: str, module: Any) -> "Iterator[Level]":
    """One level of a matrix, or one for each head of [heads, K, d]."""
    shape = array(codes, "codebook").shape
    if len(shape) != 3:
        yield Level(lambda: {"codebook": read()}, lookup, module, codes)
        return
    groups = _attribute(module, "num_groups") if module is not None else None
    count, each = shape[0], shape[1]
    if count == 1 and isinstance(groups, int) and groups > 1 and each % groups == 0:
        # Groups one below the other, of which a layer's argmax chooses (wav2vec 2.0).
        count, each, lookup = groups, each // groups, "gumbel"
    for n in range(count):

        def part(n: int = n) -> "dict[str, Any]":
            whole = read()
            return {"codebook": whole.reshape(-1, whole.shape[-1])[n * each : (n + 1) * each]}

        made = Level(part, lookup, module, codes)
        made.before = n * each
        yield made


def _angle(*modules: Any) -> str:
    """How a module compares, as its attributes and its class say it."""
    for module in modules:
        if module is None:
            continue
        if any(_attribute(module, name) is True for name in ANGLES):
            return "cosine"
        name = type(module).__name__
        # Factorized codes (ViT-VQGAN, DAC, SNAC) are compared on the unit sphere.
        factorized = "in_proj", "out_proj", "codebook", "decode_latents"
        if all(hasattr(module, part) for part in factorized) or name.startswith("NormEMA"):
            return "cosine"
        for word, lookup in [
            ("Gumbel", "gumbel"),
            ("IndexPropagation", "dot"),
            ("FSQ", "rounding"),
            ("LFQ", "sign"),
        ]:
            if word in name:
                return lookup
    return "l2"


def _only_table(module: Any) -> Level:
    """The only matrix of a quantizer that was written by hand and names it in its own way."""
    from .simvq import mapped

    t = torch()
    if isinstance(module, t.nn.Embedding):
        simvq = mapped(module)
        if simvq is not None:
            return simvq.level("l2", module)
        made = Level(lambda: {"codebook": module.weight}, "l2", module, module.weight)
        made.holder = module
        return made
    embeddings = [m for m in module.modules() if isinstance(m, t.nn.Embedding)]
    if len(embeddings) == 1:
        return next(_embedding(module, embeddings[0], mapped(embeddings[0])))
    held = [*module.named_parameters(), *module.named_buffers()]
    tables = [(n, x) for n, x in held if x.dim() == 2 and is_float(x)]
    if len(tables) == 1:
        name, table = tables[0]
        return Level(lambda: {"codebook": table}, _angle(module), module, table)
    names = ", ".join(f"`{name}`" for name, _ in held[:6]) or "nothing"
    raise ValueError(
        f"no codebook is found in {type(module).__name__}, which holds {names}; "
        "pass the codes themselves, K x d, as codebook="
    )
