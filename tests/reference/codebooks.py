"""Codebooks of another program, as files for the tests of `vqscope watch`, and what is in them.

    python3 tests/reference/codebooks.py tests/reference/codebooks

NumPy alone, in 64 bits. A stand-in for a training: encoder outputs spread and wander away from the
origin, as they do early on, and each chosen code moves towards the mean of those that chose it. The
rest is left behind at the origin, and the codebook collapses. `expected.json` holds the numbers
that the program must find.
"""

import json
import sys
from pathlib import Path

import numpy as np

K, D, BATCH = 64, 8, 256
LR = 0.05


def nearest(z, codes):
    return ((z[:, None, :] - codes[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)


def save_safetensors(path, arrays):
    """The safetensors format: length of a JSON header, the header, the bytes of all arrays."""
    names = {"float32": "F32", "float64": "F64", "float16": "F16", "int64": "I64"}
    header, data = {}, b""
    for name, array in arrays.items():
        array = np.ascontiguousarray(array)
        start = len(data)
        data += array.tobytes()
        header[name] = {
            "dtype": names[str(array.dtype)],
            "shape": list(np.shape(arrays[name])),
            "data_offsets": [start, len(data)],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + data)


def measure(codes, counts, latents):
    """Numbers of one file: use as counted, and what the latents tell."""
    p = counts[counts > 0] / counts.sum()
    index = nearest(latents, codes)
    error = ((latents - codes[index]) ** 2).sum() / ((latents - latents.mean(axis=0)) ** 2).sum()
    return {
        "used": int((counts > 0).sum()),
        "tokens": int(counts.sum()),
        "perplexity": float(np.exp(-(p * np.log(p)).sum())),
        "quant_error": float(error),
        "counted_here": np.bincount(index, minlength=K).tolist(),
    }


def series(folder, expected):
    rng = np.random.default_rng(7)
    codes = rng.normal(size=(K, D)) * 0.3
    spread = 0.7 ** np.arange(D)
    away = 0.8 ** np.arange(D)
    counts = np.zeros(K, dtype=np.int64)
    for step in range(401):
        grown = (step / 400) ** 2
        latents = rng.normal(size=(BATCH, D)) * spread * (0.6 + 0.4 * grown) + 6 * away * grown
        index = nearest(latents, codes)
        if step % 100 == 0:
            latents32 = latents.astype(np.float32)
            codes32 = codes.astype(np.float32)
            seen = counts + np.bincount(index, minlength=K)
            save_safetensors(
                folder / f"codebook_{step:06}.safetensors",
                {"codebook": codes32, "usage": seen, "latents": latents32, "step": np.int64(step)},
            )
            expected["series"][str(step)] = measure(
                codes32.astype(np.float64), seen, latents32.astype(np.float64)
            )
            counts[:] = 0
        # A file counts the 50 steps before it.
        if step % 100 >= 50:
            counts += np.bincount(index, minlength=K)
        for code in np.unique(index):
            codes[code] += LR * (latents[index == code].mean(axis=0) - codes[code])


def forms(folder, expected):
    """The same kind of content by other names and in other formats."""
    rng = np.random.default_rng(8)
    c, w, b = rng.normal(size=(K, D)), rng.normal(size=(D, D)), rng.normal(size=D)
    c, w, b = (x.astype(np.float32) for x in (c, w, b))
    effective = c.astype(np.float64) @ w.astype(np.float64) + b
    latents = rng.normal(size=(40, D)).astype(np.float32)
    np.savez_compressed(folder / "simvq_12.npz", C=c, W=np.asfortranarray(w), b=b, latents=latents)
    layer = {
        "model.quantize.embedding.weight": c,
        "model.quantize.embedding_proj.weight": np.ascontiguousarray(w.T),
        "model.quantize.embedding_proj.bias": b,
    }
    save_safetensors(folder / "state_dict_13.safetensors", layer)
    np.save(folder / "bare_14.npy", effective)
    expected["forms"] = {
        "effective": effective.round(6).ravel().tolist(),
        "singular_values": np.linalg.svd(w.astype(np.float64), compute_uv=False).tolist(),
        "counted_here": np.bincount(
            nearest(latents.astype(np.float64), effective), minlength=K
        ).tolist(),
    }


def main():
    folder = Path(sys.argv[1])
    (folder / "series").mkdir(parents=True, exist_ok=True)
    (folder / "forms").mkdir(exist_ok=True)
    expected = {"series": {}}
    series(folder / "series", expected)
    forms(folder / "forms", expected)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
