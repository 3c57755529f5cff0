"""A callback of Lightning that watches a quantizer by its name in the module."""

from __future__ import annotations

from typing import Any

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:  # The package by its other name.
    from pytorch_lightning.callbacks import Callback

from .tap import Tap
from .watch import Watch


class WatchCallback(Callback):
    """``Trainer(callbacks=[WatchCallback("codebooks", "model.quantizer")])``.

    ``quantizer`` is its name in the LightningModule; ``more`` goes to :class:`vqscope.Watch`, and
    ``callback.control`` has what the newest call handed back.
    """

    def __init__(self, folder: Any, quantizer: str, **more: Any) -> None:
        self._folder, self._name, self._more = folder, quantizer, more

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begins to listen."""
        self._quantizer = pl_module.get_submodule(self._name)
        more = {"optimizer": trainer.optimizers, **self._more}
        self._watch, self._tap = Watch(self._folder, **more), Tap(self._quantizer)

    def on_train_batch_end(self, trainer: Any, *_: Any) -> None:
        """Counts, and saves when it is time."""
        taken = self._tap.take()
        self.control = self._watch(trainer.global_step, codebook=self._quantizer, **taken)

    def on_train_end(self, *_: Any) -> None:
        """Listens no more."""
        self._tap.close()
