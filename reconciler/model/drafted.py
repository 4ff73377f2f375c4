"""What a live thing would be as a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.document import Manage
from reconciler.model.json import Json
from reconciler.model.record import Record, field


class Drafted(Record, frozen=True):
    """The spec of a manifest for one live thing.

    `notes`: sentences that stand above the document, for whoever reads it. `manage`: anything but full where the
    document could not be carried out as it stands. `ignore`: fields that no read returns and that the document
    must have all the same. `lost`: field -> why it had to be left out. `refusal`: why there can be no manifest;
    empty where there can. `pin`: the document says the id, since it would not do to make such a thing.
    """

    spec: Mapping[str, Json] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    manage: Manage = Manage.FULL
    ignore: tuple[str, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    pin: bool = False
