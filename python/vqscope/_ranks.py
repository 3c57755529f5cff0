"""Several processes of one training: sums over all, commands to all."""

from __future__ import annotations

from typing import Any

from ._arrays import is_tensor, torch


class Ranks:
    """The processes of ``torch.distributed``, or this one alone."""

    def __init__(self) -> None:
        self._group: Any = None

    @property
    def are_many(self) -> bool:
        """Whether there is more than one."""
        t = torch()
        if t is None or not t.distributed.is_available():
            return False
        return bool(t.distributed.is_initialized() and t.distributed.get_world_size() > 1)

    @property
    def is_first(self) -> bool:
        """Whether this process writes and reads files."""
        return not self.are_many or torch().distributed.get_rank() == 0

    def open(self) -> None:
        """Makes a group over which commands go without waiting for a device; on all ranks at once."""
        if self.are_many and self._group is None:
            dist = torch().distributed
            if dist.get_backend() != "gloo" and dist.is_gloo_available():
                self._group = dist.new_group(backend="gloo")

    def sum(self, counts: "list[tuple[int, Any]]") -> "list[Any]":
        """Counts of all ranks together, of each level, on this machine; `None` where no rank has any.

        Each stands with its length, for ranks that counted nothing. All go over in one piece: one sum
        over the ranks, and one transfer from a device, however many levels there are.
        """
        tensors = [one for _, one in counts if is_tensor(one)]
        if not tensors and not self.are_many:
            return [one for _, one in counts]
        t = torch()
        device = tensors[0].device if tensors else t.device("cpu")
        parts = []
        for length, one in counts:
            here = t.zeros(length, dtype=t.int64) if one is None else t.as_tensor(one)
            here = here if here.device == device else here.to(device)
            # Behind the counts of a level stands how many ranks have any.
            parts += [here, t.full((1,), int(one is not None), device=device)]
        whole = t.cat(parts) if parts else t.zeros(0, dtype=t.int64)
        if self.are_many:
            whole = self._there(whole)
            t.distributed.all_reduce(whole)
        whole = whole.cpu()
        summed, start = [], 0
        for length, _ in counts:
            end = start + length
            summed.append(whole[start:end] if whole[end] else None)
            start = end + 1
        return summed

    def from_first(self, x: Any) -> Any:
        """The tensor of rank 0, of one shape on all ranks."""
        if self.are_many:
            x = self._there(x)
            torch().distributed.broadcast(x, src=0)
        return x

    def share(self, value: Any) -> Any:
        """The object of rank 0, which is `None` or a tuple with `None` in most calls."""
        if not self.are_many:
            return value
        held = [value]
        torch().distributed.broadcast_object_list(held, src=0, group=self._group)
        return held[0]

    def _there(self, x: Any) -> Any:
        """On a device that the default group speaks to."""
        t = torch()
        if t.distributed.get_backend() == "nccl" and not x.is_cuda:
            return x.to(t.device("cuda", t.cuda.current_device()))
        return x
