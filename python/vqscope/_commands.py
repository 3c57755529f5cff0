"""Commands of the window: taken by rank 0, done by all ranks, answered with their step."""

from __future__ import annotations

import os
import time
import warnings
import weakref
from typing import TYPE_CHECKING, Any, Optional

from ._arrays import rows
from ._find import Level
from .control import Command, Mailbox

if TYPE_CHECKING:
    from .watch import Watch

#: Most encodings from which codes are revived.
ROWS = 16_384


class Commands:
    """What a :class:`vqscope.Watch` with ``control=True`` does between two steps."""

    def __init__(self, watch: "Watch", optimizers: "list[Any]") -> None:
        self._watch = watch
        self._optimizers = optimizers
        self._ranks = watch._ranks
        self._switch: Any = None
        self._mailbox: "Optional[Mailbox]" = None
        self._paused = False
        #: Seconds after which a pause without an answer ends.
        self.longest_pause = 600.0

    def meet(self, levels: "list[Level]") -> None:
        """The codebooks as they are now."""
        if self._switch is not None:
            self._switch.meet(levels)

    def saved(self, step: int, name: str) -> None:
        """A file was written."""
        if self._mailbox is not None:
            self._mailbox.step, self._mailbox.file = step, name
            self._tell()

    def take(self, step: int, indices: Any, latents: Any) -> bool:
        """Does what the window asks for; whether a file is to be written now."""
        if self._switch is None:
            self._open(step)
        self._switch.put_back()
        asked = False
        command = self._ranks.share(self._look(step))
        while command is not None:
            asked |= self._do(command, indices, latents)
            command = self._wait(step, command) if self._paused else None
        return asked

    def _look(self, step: int) -> "Optional[Command]":
        """A new command; what goes wrong on rank 0 must not keep it from the others."""
        try:
            return self._mailbox.look(step) if self._mailbox is not None else None
        except Exception as why:
            self._watch._warn(why)
            return None

    def _open(self, step: int) -> None:
        from ._switch import Switch

        watch = self._watch
        self._switch = Switch(self._optimizers, self._ranks.are_many)
        self._switch.meet(watch._levels)
        watch._control.learn_c = self._switch.learn_c
        self._ranks.open()
        if not self._ranks.is_first:
            return
        self._mailbox = Mailbox(watch.folder)
        self._mailbox.step = step
        # Without a hold on it: a Watch that nobody has any more is over as well.
        weakref.finalize(watch, _end, self._mailbox, os.getpid())
        self._describe()
        try:
            watch._open_folder()
        except OSError as why:
            watch._warn(why)
        self._mailbox.open()
        self._tell()
        if self._mailbox.off is not None:
            try:
                warnings.warn(f"vqscope takes no commands: {self._mailbox.off}", stacklevel=6)
            except UserWarning:
                # Where warnings are made errors, too, the training goes on; the status says it.
                pass

    def _describe(self) -> None:
        """What can be set now."""
        if self._mailbox is not None:
            values, self._mailbox.cannot = self._switch.can()
            self._mailbox.values = {**values, "commitment": self._watch._control.commitment}

    def _tell(self) -> None:
        """Writes the status."""
        if self._mailbox is not None:
            self._mailbox.kept = sorted(self._watch._keepers)[-1000:]
            try:
                self._mailbox.write()
            except OSError as why:
                self._watch._warn(why)

    def _do(self, command: Command, indices: Any, latents: Any) -> bool:
        """All that a command asks for, or nothing of it; whether that is a file now."""
        keys, control = command.keys, self._watch._control
        done: "dict[str, Any]" = {}
        refused = ""
        try:
            if keys.get("revive"):
                done["revived"] = self._revive(command.number, indices, latents)
            if "simvq" in keys:
                self._simvq(keys["simvq"], indices, latents)
            self._switch.set(keys)
        except Exception as why:
            refused = str(why) or type(why).__name__
            # A refusal begins with a key of its command, by which who gave it knows it.
            if keys and not refused.startswith(tuple(keys)):
                refused = f"{', '.join(keys)}: {refused}"
        else:
            control.commitment = float(keys.get("commitment", control.commitment))
            self._paused = bool(keys.get("pause", self._paused))
            if keys:
                self._watch._keep_around()
        for name in ("learn_c", "learn_w", "lr_factor"):
            setattr(control, name, getattr(self._switch, name))
        if self._mailbox is not None:
            self._describe()
            self._mailbox.state = "paused" if self._paused else "training"
            self._mailbox.answer(command, done, refused)
            self._tell()
        return bool(keys.get("save")) and not refused

    def _wait(self, step: int, last: Command) -> "Optional[Command]":
        """Waits for the next command; `None` once the pause has lasted too long."""
        until = time.monotonic() + self.longest_pause
        while True:
            command = self._look(step)
            is_over = command is None and time.monotonic() >= until
            if self._mailbox is not None and command is None and not is_over:
                time.sleep(0.05)
                continue
            command, is_over = self._ranks.share((command, is_over))
            if not is_over:
                return command
            self._paused = False
            if self._mailbox is not None:
                self._mailbox.state = "training"
                said = {"ended": "the pause has lasted too long without an answer"}
                self._mailbox.answer(Command(last.number, {"pause": False}), said)
                self._tell()
            return None

    def _simvq(self, wanted: bool, indices: Any, latents: Any) -> None:
        watch, z = self._watch, None
        if wanted and latents is not None:
            z = watch._rows(watch._levels, watch._of, latents, indices)
            z = rows(z[:, : watch._levels[0].size()[1]], ROWS)
        self._switch.simvq(wanted, z)
        watch._meet(watch._of, anew=True)

    def _revive(self, number: int, indices: Any, latents: Any) -> int:
        """Codes unused since the last file get random encodings of this call, on all ranks the same."""
        from ._switch import random_rows

        watch = self._watch
        if latents is None or indices is None:
            raise ValueError("revive needs indices= and latents= in this call")
        level, counts = watch._levels[0], watch._counts[0]
        z = watch._rows(watch._levels, watch._of, latents, indices)[:, : level.size()[1]]
        (summed,) = self._ranks.sum([(counts.size + 2, counts.so_far())])
        z = self._ranks.from_first(rows(z, ROWS).contiguous())
        unused = summed[: counts.size] == 0
        return int(self._switch.revive(level, unused, z, random_rows(number)))


def _end(mailbox: Mailbox, process: int) -> None:
    """The last word of a training: its process comes to its end, or its Watch is gone."""
    # What a process forked off is not the training.
    if os.getpid() == process:
        mailbox.end()
