"""`${var.name}` in texts: plain substitution, no expressions. `$${` stands for `${` itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.load.explain import Where
from reconciler.load.mistakes import MOST
from reconciler.load.nearest import did_you_mean, listed
from reconciler.model.json import Json
from reconciler.model.place import Problem, SpecPath
from reconciler.model.record import Record, field

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")
MOST_TEXT: Final = 64 << 20
"""Characters that all substitutions of a run may make: a small file must not become a large one."""

_PART: Final = re.compile(r"\$\$\{|\$\{([^{}]{0,200}\})?")


class Variables(Record):
    """The values of a run. `elsewhere`: names that only other environments define, and one that does. `used` grows
    as texts are substituted."""

    values: Mapping[str, str]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    left: int = MOST_TEXT

    def substituted(self, value: Json, path: SpecPath, where: Where, problems: list[Problem]) -> Json:
        """The value with every text substituted; what cannot be is added to the problems and left as it is."""
        if isinstance(value, str):
            return self._text(value, path, where, problems) if "${" in value else value
        if isinstance(value, list):
            return [self.substituted(v, (*path, i), where, problems) for i, v in enumerate(value)]
        if isinstance(value, dict):
            return {k: self.substituted(v, (*path, k), where, problems) for k, v in value.items()}
        return value

    def _text(self, text: str, path: SpecPath, where: Where, problems: list[Problem]) -> str:
        def put(found: re.Match[str]) -> str:
            if found.group() == "$${":
                return "${"
            if len(problems) >= MOST:
                return found.group()
            name = found.group()[2:-1].removeprefix("var.")
            if not found.group().startswith("${var.") or not NAME.fullmatch(name):
                hint = "a variable is written ${var.name}; for a `${` of its own write `$${`"
                problems.append(
                    where.problem(path, f"`{found.group()[:60]}` is no variable", hint, rule="variable")
                )
            elif name not in self.values:
                problems.append(where.problem(path, f"no variable '{name}'", self._hint(name), rule="variable"))
            else:
                self.used.add(name)
                return self.values[name]
            return found.group()

        if self.left <= 0:
            return text
        result = _PART.sub(put, text)
        self.left -= len(result)
        if self.left <= 0:
            message = f"all variables together make more than {MOST_TEXT >> 20} MiB of text"
            problems.append(where.problem(path, message, "use shorter values", rule="size"))
        return result

    def _hint(self, name: str) -> str:
        if name in self.elsewhere:
            return f"it is defined for the environment {self.elsewhere[name]}: add `-e {self.elsewhere[name]}`"
        known = f"known: {listed(sorted(self.values))}" if self.values else "define it in reconciler.yaml"
        return did_you_mean(name, self.values, known)
