"""One listing with everything in it: paths, reasons, both sides, a group nobody is in, and names that bite."""

from __future__ import annotations

from reconciler.model.access import Listing, Row, Sort, Step, Unseen
from reconciler.model.record import replace
from tests.golden.sample import HOSTILE

JANE = Step(Sort.PERSON, "jane@example.com")
FINANCE = Step(Sort.GROUP, "Finance Team", "UserGroup")


def folder(path: str) -> Step:
    return Step(Sort.OBJECT, path, "Folder")


def listing() -> Listing:
    """From both sides, sorted as the evaluation sorts."""
    places = ("manifests/analytics/folders.yaml:7", "manifests/analytics/people.yaml:6")
    reports = Row(
        "analytics", JANE, "EDITOR", folder("Finance/Reports"), ("accessBoost",), (FINANCE,),
        because=("FIN-12, month end",), declared_at=places, declared=True, live=True, highest=True,
    )  # fmt: skip
    below = [
        replace(
            reports, object=folder(f"Finance/Reports/{n}"), path=(FINANCE, folder("Finance/Reports")),
            assumed=("OA-A90",),
        )
        for n in range(2020, 2026)
    ]  # fmt: skip
    viewer = Row("analytics", JANE, "VIEWER", folder("Finance/Reports"), declared=False, live=True, highest=False)
    nothing = Row(
        "analytics", JANE, "NO_ACCESS", folder("Board"), declared=True, live=False, gives=False, highest=False
    )
    account = Row("cms", JANE, "ACCOUNT", Step(Sort.OBJECT, "*", "*"), declared=True, live=True)
    hostile = Row("studio", Step(Sort.PERSON, HOSTILE), "=cmd()", Step(Sort.OBJECT, f"+{HOSTILE}", "ClientTeam"),
                  declared=False, live=True)  # fmt: skip
    empty = Row(
        "analytics", Step(Sort.GROUP, "Nobody", "UserGroup"), "MANAGER", folder("Board"), declared=True, live=True
    )
    overview = Step(Sort.OBJECT, "d0c00019", "Document", "Withholding overview")
    owner = Row("analytics", JANE, "OWNER", overview, declared=True, live=True)
    beside = Row("analytics", JANE, "VIEWER", overview, declared=False, live=True)
    place = Row("analytics", Step(Sort.PLACE, "https://hooks.example.com/a"), "RECEIVES",
                Step(Sort.OBJECT, "12db1a0a/Weekly", "Schedule"), declared=True, live=True)  # fmt: skip
    everybody = Row(
        "analytics", Step(Sort.EVERYBODY, "everybody"), "SEES", folder("Finance"), declared=True, live=True
    )
    unseen = (
        Unseen("analytics", "Folder", "no call lists all grants of a folder"),
        Unseen("analytics", "Folder", "the list is not proven complete: not read"),
        Unseen("core", "", "nothing that is managed there says who may do what"),
    )
    rows = (owner, beside, nothing, reports, viewer, *below, account, hostile, empty, place, everybody)
    return Listing("both", rows, unseen)
