"""A callback of the Trainer of Hugging Face that watches a quantizer by its name in the model."""

from __future__ import annotations

from typing import Any

from transformers import TrainerCallback

from .tap import Tap
from .watch import Watch


class WatchCallback(TrainerCallback):
    """``Trainer(..., callbacks=[WatchCallback("codebooks", "quantizer")])``.

    ``quantizer`` is its name in the model; ``more`` goes to :class:`vqscope.Watch`, and
    ``callback.control`` has what the newest call handed back.
    """

    def __init__(self, folder: Any, quantizer: str, **more: Any) -> None:
        self._folder, self._name, self._more = folder, quantizer, more

    def on_train_begin(self, args: Any, state: Any, control: Any, **held: Any) -> None:
        """Begins to listen."""
        self._quantizer = held["model"].get_submodule(self._name)
        optimizer = getattr(held.get("optimizer"), "optimizer", held.get("optimizer"))
        self._watch = Watch(self._folder, **{"optimizer": optimizer, **self._more})
        self._tap = Tap(self._quantizer)

    def on_step_end(self, args: Any, state: Any, control: Any, **held: Any) -> None:
        """Counts, and saves when it is time."""
        taken = self._tap.take()
        self.control = self._watch(state.global_step, codebook=self._quantizer, **taken)

    def on_train_end(self, args: Any, state: Any, control: Any, **held: Any) -> None:
        """Listens no more."""
        self._tap.close()
