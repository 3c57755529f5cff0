"""The eight ways in which use lies: section 2 of the list of layouts.

`right` says what a reader must say, where the number of codes in use is not the point.
"""

import numpy as np
import torch
from vector_quantize_pytorch import VectorQuantize

from layouts.common import Level, Made, averages, nearest, seed, unit, use

LIBRARY = "vector-quantize-pytorch VectorQuantize"


def never_counted(out):
    seed(2011)
    vq = VectorQuantize(dim=8, codebook_size=64, learnable_codebook=True, ema_update=False)
    centre = torch.randn(1, 1, 8)
    seen = set()
    for _ in range(50):
        z = torch.randn(8, 256, 8) * 0.02 + centre
        seen.update(vq(z)[1].flatten().tolist())
    assert len(seen) == 1
    codes, known = vq.codebook, use(1, 50 * 2048, "_codebook.cluster_size", None)
    more = {"right": "never counted: use is not known", "uncounted": "_codebook.cluster_size"}
    out.tensors(
        Made(
            "lie-1-never-counted.safetensors",
            LIBRARY,
            "2.1",
            "class",
            "l2",
            [Level(64, 8, codes, known)],
            note="cluster_size stays 1 for each code",
            more=more,
        ),
        vq.state_dict(),
    )
    z = z.reshape(-1, 8)[:512]
    known = use(1, 512, "latents", "latents")
    out.tensors(
        Made(
            "lie-1-with-latents.safetensors",
            LIBRARY,
            "2.1",
            "class",
            "l2",
            [Level(64, 8, codes, known)],
            note="the same beside latents, which can be counted",
            more={
                "right": "1 of 64, counted in the latents",
                "uncounted": "_codebook.cluster_size",
            },
        ),
        {**vq.state_dict(), "latents": z},
    )


def starts_at_ones(out):
    for steps in [1, 3]:
        seed(202)
        vq = VectorQuantize(dim=8, codebook_size=64)
        two = vq.codebook[:2].clone()
        seen = set()
        for _ in range(steps):
            z = two[torch.arange(512) % 2] + torch.randn(512, 8) * 1e-4
            seen.update(vq(z[None])[1].flatten().tolist())
        assert len(seen) == 2
        known = use(
            2, 512 * steps, "_codebook.cluster_size", "ema", decay=0.8, start=1, passes=steps
        )
        out.tensors(
            Made(
                f"lie-2-starts-at-ones-{steps}.safetensors",
                LIBRARY,
                "2.2",
                "class",
                "l2",
                [Level(64, 8, vq.codebook, known)],
                note=f"defaults, saved after step {steps}",
                more={"right": "averages younger than their start value"},
            ),
            vq.state_dict(),
        )
    # Codes that were replaced hold exactly the threshold.
    seed(2021)
    vq = VectorQuantize(dim=8, codebook_size=64, threshold_ema_dead_code=2)
    for _ in range(30):
        z = torch.randn(1, 8) + torch.randn(512, 8) * 1e-3
        chosen = vq(z[None])[1].flatten().tolist()
    size = vq._codebook.cluster_size[0]
    known = use(
        # Those of the newest passes, whose averages are still above the threshold.
        (size != 2).sum(),
        512 * 30,
        "_codebook.cluster_size",
        "ema",
        decay=0.8,
        start=1,
        last_pass=len(set(chosen)),
        replaced=int((size == 2).sum()),
    )
    out.tensors(
        Made(
            "lie-2-replaced.safetensors",
            LIBRARY,
            "2.2",
            "class",
            "l2",
            [Level(64, 8, vq.codebook, known)],
            note="threshold_ema_dead_code 2: a replaced code holds exactly 2",
            more={"right": "replaced is not used"},
        ),
        vq.state_dict(),
    )


def fewer_tokens_than_codes(out):
    size = 4096
    for name, law in [("even", np.ones(size)), ("zipf", 1 / np.arange(1, size + 1))]:
        rng = seed(203)
        p = law / law.sum()
        mean = np.zeros(size)
        for _ in range(600):
            mean = 0.99 * mean + 0.01 * rng.multinomial(1200, p)
        q = mean[mean > 0] / mean.sum()
        known = use(
            (mean > 0).sum(),
            1200 * 600,
            "quantizer.cluster_size",
            "ema",
            decay=0.99,
            start=0,
            perplexity=float(np.exp(-(q * np.log(q)).sum())),
            least=float(mean.min()),
            most=float(mean.max()),
        )
        codes = torch.tensor(rng.normal(size=(size, 2)), dtype=torch.float16)
        out.tensors(
            Made(
                f"lie-3-few-tokens-{name}.safetensors",
                "WavTokenizer",
                "2.3",
                "shape",
                "l2",
                [Level(size, 2, None, known, array="quantizer.embed")],
                more={"right": "compared with 0 or scaled by their own mass, never rounded"},
            ),
            {
                "quantizer.embed": codes,
                "quantizer.cluster_size": torch.tensor(mean, dtype=torch.float32),
            },
        )


def under_another_name(out):
    rng = seed(204)
    codes = torch.tensor(unit(rng.normal(size=(512, 4))), dtype=torch.float32)
    size = averages(512, rng.permutation(512)[:51], 2048, 900, 0.99, 0, rng)
    known = use(51, None, "quantize.cluster_size", "ema", decay=0.99, start=0)
    out.tensors(
        Made(
            "lie-4-beside.safetensors",
            "BEiT-2 VQ-KD",
            "2.4",
            "shape",
            "cosine",
            [Level(512, 4, codes, known)],
            note="the other array is zero",
            more={"right": "quantize.cluster_size, and said so"},
        ),
        {
            "quantize.embedding.weight": codes,
            "quantize.embedding.cluster_size": torch.zeros(512),
            "quantize.embedding.embed_avg": codes.clone(),
            "quantize.embedding.initted": torch.ones(1),
            "quantize.cluster_size": size,
        },
    )
    # As long as the codebook, so that its length does not tell that these are indices.
    codes = torch.tensor(unit(rng.normal(size=(1024, 4))), dtype=torch.float32)
    ring = torch.tensor(rng.integers(100, 150, 1024), dtype=torch.float32)
    known = use(len(ring.unique()), 1024, "quantize.codebook_used", "indices")
    out.tensors(
        Made(
            "lie-4-indices.safetensors",
            "LlamaGen",
            "2.4",
            "shape",
            "cosine",
            [Level(1024, 4, None, known, array="quantize.embedding.weight")],
            note="a ring as long as the codebook",
            more={"right": "indices, never taken for counts"},
        ),
        {"quantize.embedding.weight": codes, "quantize.codebook_used": ring},
    )


def wrong_lookup(out):
    rng = seed(205)
    codes = unit(rng.normal(size=(1024, 8))) * np.exp(rng.normal(size=(1024, 1)) * 1.2)
    codes, z = codes.astype(np.float32), (rng.normal(size=(4096, 8)) * 3).astype(np.float16)
    used = {lookup: len(np.unique(nearest(z, codes, lookup))) for lookup in ["l2", "cosine", "dot"]}
    known = use(used["l2"], 4096, "latents", "latents", by_lookup=used)
    out.tensors(
        Made(
            "lie-5-lookup.safetensors",
            "names of vqscope",
            "2.5",
            "shape",
            None,
            [Level(1024, 8, None, known, array="codebook")],
            note="`used` is by L2",
            more={"right": "the lookup is named beside the number"},
        ),
        {"codebook": torch.tensor(codes), "latents": torch.tensor(z)},
    )


def only_the_first(out):
    seed(206)
    codes = torch.rand(128, 2) * 4
    z = (codes.repeat_interleave(128, 0) + torch.randn(16384, 2) * 1e-3).to(torch.float16)
    chosen = nearest(z, codes)
    known = use(
        len(np.unique(chosen)),
        16384,
        "latents",
        "latents",
        first_4096=len(np.unique(chosen[:4096])),
    )
    out.tensors(
        Made(
            "lie-6-first-latents.safetensors",
            "names of vqscope",
            "2.6",
            "shape",
            "l2",
            [Level(128, 2, codes, known)],
            more={"right": "all are counted, or an even sample of stated size"},
        ),
        {"codebook": codes, "latents": z},
    )


def ceiling(out):
    # A ring of 4,096 for the 65,536 of the originals; the shares are the same.
    for size in [1024, 4096, 16384]:
        rng = seed(207)
        ring = torch.tensor(rng.integers(0, size, 4096), dtype=torch.float32)
        codes = torch.tensor(rng.normal(size=(size, 2)), dtype=torch.float16)
        known = use(
            len(ring.unique()),
            4096,
            "quantize.codebook_used",
            "indices",
            ceiling=float(1 - np.exp(-4096 / size)),
        )
        out.tensors(
            Made(
                f"lie-7-ceiling-{size}.safetensors",
                "LlamaGen",
                "2.7",
                "shape",
                "cosine",
                [Level(size, 2, None, known, array="quantize.embedding.weight")],
                more={"right": "all that so many tokens can show"},
            ),
            {"quantize.embedding.weight": codes, "quantize.codebook_used": ring},
        )


def five_meanings(out):
    rng = seed(208)
    size, tokens = 64, 65536
    codes = torch.tensor(rng.normal(size=(size, 4)), dtype=torch.float32)
    law = np.exp(-np.arange(size) / 6.0)
    p = law / law.sum()
    indices = rng.choice(size, tokens, p=p)
    batch = indices[-1024:]
    total = np.bincount(indices, minlength=size) + rng.multinomial(400_000, p)
    mean = np.zeros(size)
    for part in indices.reshape(-1, 1024):
        mean = 0.99 * mean + 0.01 * np.bincount(part, minlength=size)
    counted = np.bincount(batch, minlength=size)
    meanings = {
        "seen_once_in_all": int((total > 0).sum()),
        "distinct_in_the_last_65536": len(np.unique(indices)),
        "average_at_least_8_percent_of_fair": int((mean >= 0.08 * 1024 / size).sum()),
        "at_least_1_percent_of_fair_in_a_batch": int((counted >= 0.01 * 1024 / size).sum()),
        "distinct_in_one_batch": int((counted > 0).sum()),
    }
    known = use(len(np.unique(batch)), 1024, "usage", "counts", meanings=meanings)
    out.tensors(
        Made(
            "lie-8-five-meanings.safetensors",
            "names of vqscope",
            "2.8",
            "shape",
            "l2",
            [Level(size, 4, codes, known)],
            note="usage counts the last batch, usage_total all, indices are the last 65,536 tokens, cluster_size is the average (.99)",
            more={"right": "the definition stands wherever a utilization stands"},
        ),
        {
            "codebook": codes,
            "usage": torch.tensor(counted),
            "usage_total": torch.tensor(total),
            "indices": torch.tensor(indices.astype(np.uint8)),
            "cluster_size": torch.tensor(mean, dtype=torch.float32),
        },
    )


def make(out):
    for part in [
        never_counted,
        starts_at_ones,
        fewer_tokens_than_codes,
        under_another_name,
        wrong_lookup,
        only_the_first,
        ceiling,
        five_meanings,
    ]:
        part(out)
