#!/usr/bin/env python3
"""Reference values for the quantizers, in float64, from the published rules.

Needs NumPy alone. Writes quantizers.json beside itself; the tests read that file, so the script
runs only when a case is added:

    python3 tests/reference/quantizers.py

Gradients are written out by hand, with everything under a stop-gradient held constant.
"""

import json
import pathlib

import numpy as np

N, D, K, P = 6, 3, 4, 2
BETA = 0.25
rng = np.random.default_rng(7)


def draw(*shape):
    # Rounded, so that the numbers in the file are the numbers that were used.
    return np.round(rng.uniform(-1, 1, shape), 4)


def nearest(z, e):
    return ((z[:, None, :] - e[None]) ** 2).sum(-1).argmin(1)


def gradient_case(form, has_bias, estimator):
    """Loss of van den Oord et al. 2017, equation 3 (means over all elements), and its gradients."""
    z, c, x, v = draw(N, D), draw(K, D), draw(N, P), draw(D, P)
    w = draw(D, D) if form == "full" else draw(1, D)
    b = draw(1, D) if has_bias else np.zeros((1, D))
    e = (c @ w if form == "full" else c * w) + b
    index = nearest(z, e)
    q = e[index]
    # The decoder is linear: x_hat = passed v, where passed has the value of q.
    x_hat = q @ v
    recon = ((x_hat - x) ** 2).mean()
    codebook = commitment = ((q - z) ** 2).mean()
    g = 2 * (x_hat - x) @ v.T / (N * P)  # at the quantizer's output
    if estimator == "straight-through":
        g_z = g
    else:
        # Rotation trick (Fifty et al. 2024): q = lambda R z with R, lambda constant.
        g_z = np.zeros_like(z)
        for i in range(N):
            z1, q1 = z[i] / np.linalg.norm(z[i]), q[i] / np.linalg.norm(q[i])
            m = (z1 + q1) / np.linalg.norm(z1 + q1)
            r = np.eye(D) - 2 * np.outer(m, m) + 2 * np.outer(q1, z1)
            scale = np.linalg.norm(q[i]) / np.linalg.norm(z[i])
            assert np.allclose(scale * r @ z[i], q[i])
            g_z[i] = scale * r.T @ g[i]
    g_z = g_z + BETA * 2 * (z - q) / (N * D)
    g_q = 2 * (q - z) / (N * D)  # codebook loss alone reaches the codes
    rows = c[index]
    g_c = np.zeros_like(c)
    np.add.at(g_c, index, g_q @ w.T if form == "full" else g_q * w)
    g_w = rows.T @ g_q if form == "full" else (rows * g_q).sum(0, keepdims=True)
    return dict(
        form=form, has_bias=has_bias, estimator=estimator, beta=BETA,
        z=z, c=c, w=w, b=b, x=x, decoder=v, index=index, q=q,
        recon=recon, codebook=codebook, commitment=commitment,
        total=recon + codebook + BETA * commitment,
        g_z=g_z, g_c=g_c, g_w=g_w, g_b=g_q.sum(0, keepdims=True),
    )


GAMMA, EPSILON = 0.99, 1e-5


def upkeep_case(update, upkeep, steps=3):
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
        n = GAMMA * n + (1 - GAMMA) * hits
        p = GAMMA * p + (1 - GAMMA) * hits / tokens
        if update == "ema":
            s = np.zeros_like(c)
            np.add.at(s, index, z)
            m = GAMMA * m + (1 - GAMMA) * s
            smooth = (n + EPSILON) / (n.sum() + size * EPSILON) * n.sum()
            c = m / smooth[:, None]
        if upkeep == "revive":
            threshold = 0.1 * fair
            dead = n < threshold
            c = np.where(dead[:, None], z[pick], c)
            m = np.where(dead[:, None], threshold * z[pick], m)
            n = np.where(dead, threshold, n)
        if upkeep == "cvq":
            anchor = z[((c[:, None, :] - z[None]) ** 2).sum(-1).argmin(1)]
            alpha = np.exp(-(p * size * 10) / (1 - GAMMA) - 1e-3)[:, None]
            c = (1 - alpha) * c + alpha * anchor
    return dict(update=update, upkeep=upkeep, start=start, z=zs, picks=picks,
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
        gradient_case(form, has_bias, estimator)
        for form in ("full", "diagonal")
        for has_bias in (True, False)
        for estimator in ("straight-through", "rotation")
    ],
    fsq=[fsq_case([8, 6, 5]), fsq_case([8, 8, 8]), fsq_case([3, 2])],
    upkeep=[
        upkeep_case("ema", "none"),
        upkeep_case("ema", "revive"),
        upkeep_case("gradient", "revive"),
        upkeep_case("gradient", "cvq"),
    ],
)
target = pathlib.Path(__file__).with_name("quantizers.json")
target.write_text(json.dumps(plain(cases), indent=1) + "\n")
print(f"wrote {target.name}: {len(cases['gradients'])} gradients, {len(cases['upkeep'])} upkeeps")
