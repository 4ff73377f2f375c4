"""A mapping that is worked out when somebody first looks into it: what most things never need is made for few."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")


class Later(Mapping[str, V]):
    """What `work_out` gives; asked once, and only of what nothing can change any more."""

    __slots__ = ("_found",)

    _found: Mapping[str, V]

    @abstractmethod
    def work_out(self) -> Mapping[str, V]:
        """The whole mapping."""

    def _whole(self) -> Mapping[str, V]:
        try:
            return self._found
        except AttributeError:
            self._found = self.work_out()
            return self._found

    def __getitem__(self, name: str) -> V:
        return self._whole()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __repr__(self) -> str:
        return repr(dict(self._whole()))
