#!/usr/bin/env python3
"""Reference values for the quantizers, in float64, from the published rules.

Needs NumPy alone. Writes quantizers.json beside itself; the tests read that file, so the script
runs only when a case is added:

    python3 tests/reference/quantizers.py

Gradients are central differences of the loss in float64, with everything under a stop-gradient
held constant; they are good to about nine digits.
"""

import json
import pathlib

import numpy as np

N, D, K, P = 6, 3, 4, 2
RANK, HIDDEN = 2, 4 * D
BETA = 0.25
rng = np.random.default_rng(7)


def draw(*shape):
    # Rounded, so that the numbers in the file are the numbers that were used.
    return np.round(rng.uniform(-1, 1, shape), 4)


def nearest(z, e):
    return ((z[:, None, :] - e[None]) ** 2).sum(-1).argmin(1)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def weights(form):
    """Layers and biases of W in one of its forms; none for a free codebook."""
    layers = dict(
        free=[],
        full=[(D, D)],
        diagonal=[(1, D)],
        mlp=[(D, HIDDEN), (HIDDEN, D)],
    )
    layers["low-rank"] = [(D, RANK), (RANK, D)]
    biases = dict(free=[], mlp=[(1, HIDDEN), (1, D)]).get(form, [(1, D)])
    return [draw(*s) for s in layers[form]], [draw(*s) for s in biases]


def effective(form, c, layers, biases, lookup):
    """E = C W + b (Zhu et al. 2024, section 4), or a perceptron of C; rows of length 1 for cosine."""
    zero = [np.zeros(1)] * 2
    b = biases or zero
    if form == "free":
        e = c
    elif form == "full":
        e = c @ layers[0] + b[0]
    elif form == "diagonal":
        e = c * layers[0] + b[0]
    elif form == "low-rank":
        e = c @ layers[0] @ layers[1] + b[0]
    else:
        e = np.maximum(c @ layers[0] + b[0], 0) @ layers[1] + b[1]
    return unit(e) if lookup == "cosine" else e


def rotation(z, q):
    """lambda R of the rotation trick (Fifty et al. 2024, section 4.2), one matrix a row."""
    out = []
    for zi, qi in zip(z, q):
        z1, q1 = zi / np.linalg.norm(zi), qi / np.linalg.norm(qi)
        m = (z1 + q1) / np.linalg.norm(z1 + q1)
        r = np.eye(len(zi)) - 2 * np.outer(m, m) + 2 * np.outer(q1, z1)
        scale = np.linalg.norm(qi) / np.linalg.norm(zi)
        assert np.allclose(scale * r @ zi, qi)
        out.append(scale * r)
    return np.array(out)


def entropy(z, e, tau):
    """E[H(p)] - H(E[p]) with p = softmax(-|z-e|^2 / tau) (Yu et al. 2023, equation 4)."""
    d = ((z[:, None, :] - e[None]) ** 2).sum(-1)
    logits = -d / tau
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    mean = p.mean(0)
    return -(p * np.log(p)).sum(1).mean() + (mean * np.log(mean)).sum()


def differences(loss, arrays):
    """Central differences of loss(arrays) for each number of each array."""
    out = []
    for array in arrays:
        gradient = np.zeros_like(array)
        for at in np.ndindex(array.shape):
            kept = array[at]
            array[at] = kept + 1e-5
            up = loss()
            array[at] = kept - 1e-5
            down = loss()
            array[at] = kept
            gradient[at] = (up - down) / 2e-5
        out.append(gradient)
    return out


def gradient_case(form, has_bias, estimator, lookup, weight, tau=0.5, codebook=1.0):
    """Loss of van den Oord et al. 2017, equation 3 (means over all elements), plus the entropy
    penalty, and its gradients."""
    y, x, v = draw(N, D), draw(N, P), draw(D, P)
    bits = form == "bits"
    if bits:
        # Lookup-free: all corners of the cube, the first number the highest bit.
        c = np.array([[1.0 if k >> (D - 1 - i) & 1 else -1.0 for i in range(D)] for k in range(2**D)])
        layers, biases, codebook = [], [], 0.0
    else:
        c = draw(K, D)
        layers, biases = weights(form)
        if not has_bias:
            biases = []

    def codes():
        return c if bits else effective(form, c, layers, biases, lookup)

    def encoding():
        return unit(y) if lookup == "cosine" else y

    # Values under a stop-gradient.
    z0, e0 = encoding().copy(), codes().copy()
    index = nearest(z0, e0)
    if bits:
        assert (e0[index] == np.where(z0 > 0, 1, -1)).all()
    q0 = e0[index]
    turned = rotation(z0, q0)

    def terms():
        z, e = encoding(), codes()
        q = e[index]
        if estimator == "rotation":
            passed = np.einsum("nij,nj->ni", turned, z)
        else:
            passed = z + (q0 - z0)
        return dict(
            recon=((passed @ v - x) ** 2).mean(),
            codebook=((q - z0) ** 2).mean(),
            commitment=((q0 - z) ** 2).mean(),
            entropy=entropy(z, e, tau),
        )

    def total():
        t = terms()
        return t["recon"] + codebook * t["codebook"] + BETA * t["commitment"] + weight * t["entropy"]

    g_y, *g_layers = differences(total, [y, *layers])
    g_c, *g_biases = differences(total, [c, *biases])
    return dict(
        form=form, has_bias=has_bias, estimator=estimator, lookup=lookup, beta=BETA,
        weight=weight, temperature=tau, z=y, c=c, layers=layers, biases=biases, x=x, decoder=v,
        index=index, q=q0, **terms(), total=total(),
        g_z=g_y, g_c=g_c, g_layers=g_layers, g_biases=g_biases,
    )


EPSILON = 1e-5


def upkeep_case(update, upkeep, steps=3, decay=0.99, revive_below=0.1):
    """State after three steps; the first averages are a fair share of tokens at each code."""
    tokens, size, dim = 8, 5, 2
    fair = tokens / size
    c = draw(size, dim)
    n, m, p = np.full(size, fair), c * fair, np.zeros(size)
    # Two codes far from all encodings, nearly out of use already, so that revival has work to do.
    c[3:], m[3:] = c[3:] + 9, (c[3:] + 9) * fair
    n[3:], m[3:] = 0.1601, c[3:] * 0.1601
    start = dict(c=c.copy(), counts=n.copy(), sums=m.copy())
    zs, picks = [], []
    for _ in range(steps):
        z, pick = draw(tokens, dim), rng.integers(0, tokens, size)
        zs.append(z), picks.append(pick)
        index = nearest(z, c)
        hits = np.bincount(index, minlength=size).astype(float)
        n = decay * n + (1 - decay) * hits
        p = decay * p + (1 - decay) * hits / tokens
        if update == "ema":
            s = np.zeros_like(c)
            np.add.at(s, index, z)
            m = decay * m + (1 - decay) * s
            smooth = (n + EPSILON) / (n.sum() + size * EPSILON) * n.sum()
            c = m / smooth[:, None]
        if upkeep == "revive":
            threshold = revive_below * fair
            dead = n < threshold
            c = np.where(dead[:, None], z[pick], c)
            m = np.where(dead[:, None], threshold * z[pick], m)
            n = np.where(dead, threshold, n)
        if upkeep == "cvq":
            anchor = z[((c[:, None, :] - z[None]) ** 2).sum(-1).argmin(1)]
            alpha = np.exp(-(p * size * 10) / (1 - decay) - 1e-3)[:, None]
            c = (1 - alpha) * c + alpha * anchor
    return dict(update=update, upkeep=upkeep, decay=decay, revive_below=revive_below,
                start=start, z=zs, picks=picks,
                c=c, counts=n, sums=m, shares=p)


def fsq_case(levels, count=9):
    """Finite scalar quantization (Mentzer et al. 2023), bound and shift as in the official code."""
    levels = np.array(levels)
    z = draw(count, len(levels)) * 2
    half = (levels - 1) * (1 - 1e-3) / 2
    offset = np.where(levels % 2 == 0, 0.5, 0.0)
    shift = np.tan(offset / half)
    rounded = np.round(np.tanh(z + shift) * half - offset)
    width = levels // 2
    basis = np.concatenate(([1], np.cumprod(levels[:-1])))
    index = ((rounded + width) * basis).sum(1).astype(int)
    g_z = (1 - np.tanh(z + shift) ** 2) * half / width
    return dict(levels=levels, z=z, q=rounded / width, index=index, g_z=g_z)


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return value.ravel().tolist()
    return value.item() if isinstance(value, np.generic) else value


cases = dict(
    gradients=[
        gradient_case(form, has_bias, estimator, lookup, weight)
        for form in ("free", "full", "diagonal", "low-rank", "mlp")
        for has_bias in ((False,) if form == "free" else (True, False))
        for estimator in ("straight-through", "rotation")
        for lookup, weight in (("l2", 0.0), ("cosine", 0.0), ("l2", 0.1), ("cosine", 0.3))
    ],
    bits=[gradient_case("bits", False, "straight-through", "l2", weight) for weight in (0.0, 0.1)],
    fsq=[fsq_case([8, 6, 5]), fsq_case([8, 8, 8]), fsq_case([3, 2])],
    upkeep=[
        upkeep_case("ema", "none"),
        upkeep_case("ema", "revive"),
        upkeep_case("gradient", "revive"),
        upkeep_case("gradient", "cvq"),
        upkeep_case("ema", "none", decay=0.8),
        upkeep_case("ema", "revive", decay=0.8),
        upkeep_case("gradient", "cvq", decay=0.9),
        upkeep_case("ema", "revive", revive_below=0.8),
        upkeep_case("gradient", "revive", decay=0.7, revive_below=1.0),
    ],
)


def lines(kind):
    return ",\n".join(json.dumps(plain(case), separators=(",", ":")) for case in cases[kind])


target = pathlib.Path(__file__).with_name("quantizers.json")
# One line a case.
text = ",\n".join(f'"{kind}":[\n{lines(kind)}\n]' for kind in cases)
target.write_text("{\n" + text + "\n}\n")
print(f"wrote {target.name}: " + ", ".join(f"{len(all)} {kind}" for kind, all in cases.items()))
