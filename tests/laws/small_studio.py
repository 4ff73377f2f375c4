"""Scenes of Studio Tracker: bookings and invitations."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.model.document import Document
from tests.contract.bookings import LAUNCH, RELAUNCH, booking, plan
from tests.contract.studio import BOB, JANE
from tests.laws.small_scenes import DELETABLE, Past, Scene, some
from tests.laws.small_trials import Done
from tests.laws.small_twins import Node, Sent, sent
from tests.world import World, doc


def bookings(rng: random.Random, _: World, __: Past) -> list[Document]:
    if rng.random() < 0.15:
        return []
    cells = [(who, day, job) for who in (JANE, BOB) for day in (0, 1) for job in (LAUNCH, RELAUNCH)]
    chosen = [booking(who, day, job, rng.choice((2, 4))) for who, day, job in some(rng, cells, 0, 2)]
    return [plan(*chosen, **DELETABLE, mode=rng.choice(("", "additive")))]


def booking_calls(done: Done, node: Node) -> Iterator[Sent]:
    for aim in done.goal.table("bookings").values():
        if aim not in done.start.table("bookings").values():
            body = {"userId": aim.user_id, "date": aim.date[:10], "jobNumber": aim.job_number, "hours": aim.hours}
            yield sent("POST", "/api/resources/bookings", body)
    yield from (sent("DELETE", f"/api/resources/bookings/{own}") for own in node.table("bookings"))


def invitations(rng: random.Random, w: World, before: Past) -> list[Document]:
    found = []
    (w.root / "kept").mkdir(exist_ok=True)
    for old in (w.root / "kept").iterdir():
        old.unlink()
    for name in some(rng, ("new.one", "new.two", "new.three")):
        link = f"kept/{name}-{before.step}"
        spec: dict[str, Any] = {"email": f"{name}@example.com", "role": "PRODUCER", "link": {"toFile": link}}
        once = {"reissue": str(rng.randint(1, 2))} if rng.random() < 0.4 else {}
        found.append(doc("Invitation", name, spec, **DELETABLE, **({"once": once} if once else {})))
    return found


def invitation_calls(done: Done, node: Node) -> Iterator[Sent]:
    for aim in done.goal.table("invitations").values():
        body = {"email": aim.email, "role": aim.role}
        yield sent("POST", "/api/org/invitations", body)
    yield from (sent("DELETE", f"/api/org/invitations/{own}") for own in node.table("invitations"))


SCENES: Iterable[Scene] = (
    Scene(("studio-tracker", "BookingPlan"), bookings, booking_calls),
    Scene(("studio-tracker", "Invitation"), invitations, invitation_calls),
)
