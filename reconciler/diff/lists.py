"""Lists of nested documents as they are declared now, and what they say of what has left them."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.document import Desired, Document
from reconciler.model.record import Record
from reconciler.model.recorded import Bond


class Lists(Record, frozen=True):
    """`around`: every declared document, selected or not, by its address as text, and by the one it had before."""

    around: Mapping[str, Document]

    @classmethod
    def of(cls, desired: Desired) -> Lists:
        every = (*desired.declared, *desired.documents)
        before = {str(d.address._replace(name=d.previous_name)): d for d in every if d.previous_name}
        return cls({**before, **{str(d.address): d for d in every}})

    def let_go(self, bond: Bond) -> bool:
        """Whether a list had what leaves it deleted when it was last applied, and has no more. The nearest one
        whose document is still declared decides; where none is, what was recorded counts."""
        for one in bond.exact_in:
            address, _, name = one.rpartition(".")
            document = self.around.get(address)
            if document is not None:
                return name not in document.exact
        return False
