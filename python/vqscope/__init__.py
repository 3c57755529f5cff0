"""vqscope: watch a VQ codebook collapse, and SimVQ cure it.

Two lines put a training under the window::

    w = vqscope.Watch("codebooks", every=100)
    w(step, codebook=quantizer, indices=indices, latents=z, inputs=x)      # in the loop

``vqscope watch codebooks``, or :func:`open` from here, shows it while it trains; :func:`shot`,
:func:`report` and :func:`check` do without a window, and :func:`simvq` is the remedy.
"""

from __future__ import annotations

from .program import check, open, report, shot
from .simvq import simvq
from .tap import Tap
from .watch import Control, Watch

__all__ = ["Control", "Tap", "Watch", "check", "open", "report", "shot", "simvq"]
