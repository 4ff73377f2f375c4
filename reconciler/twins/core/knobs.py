"""Open questions about an API, each with two readings: the benign one and the hardest one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Profile: TypeAlias = Literal["plain", "adversarial"]
PROFILES: tuple[Profile, ...] = ("plain", "adversarial")


@dataclass(frozen=True, slots=True)
class Knob:
    """One question. `name` is its id in docs/apis; `plain` and `adversarial` say the two readings in words.

    A `switch` belongs to no profile: it is set singly or not at all.
    """

    name: str
    question: str
    plain: str
    adversarial: str
    switch: bool = False


class Knobs:
    """Which reading holds for each question: the profile's, unless the knob was set singly."""

    def __init__(self, declared: Iterable[Knob], profile: str = "plain") -> None:
        self.declared: Mapping[str, Knob] = {knob.name: knob for knob in declared}
        self.profile: Profile = _profile(profile)
        self._single: dict[str, Profile] = {}

    def hard(self, name: str) -> bool:
        """True where the adversarial reading of this question holds. Raises KeyError for an unknown name."""
        knob = self.declared[name]
        chosen = self._single.get(name, "plain" if knob.switch else self.profile)
        return chosen == "adversarial"

    def set(self, name: str, reading: str) -> None:
        """Choose the reading of one question. Raises KeyError or ValueError, naming what is known."""
        if name not in self.declared:
            raise KeyError(f"no knob {name!r}; there are {', '.join(sorted(self.declared))}")
        self._single[name] = _profile(reading)

    def set_profile(self, profile: str) -> None:
        """Choose the reading of every question that is not set singly. Raises ValueError."""
        self.profile = _profile(profile)

    def release(self) -> None:
        """Forget what was set singly."""
        self._single.clear()

    def single(self) -> dict[str, str]:
        """The knobs set singly."""
        return dict(self._single)

    def settings(self) -> dict[str, str]:
        """The reading that holds for every question."""
        return {name: "adversarial" if self.hard(name) else "plain" for name in self.declared}


def _profile(text: str) -> Profile:
    for profile in PROFILES:
        if text == profile:
            return profile
    raise ValueError(f"a reading is 'plain' or 'adversarial', not {text!r}")
