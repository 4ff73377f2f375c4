"""What can be said of a schedule's document offline: its times, and what goes with what (OA-R72 to OA-R74)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Final

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.normalise import casefold, cron
from reconciler.model.place import Problem

WHEN: Final = ("cron", "timezone", "format")
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "email": (*WHEN, "subject"),
    "webhook": (*WHEN, "url"),
    "sftp": (*WHEN, "address", "port", "username", "path"),
}
POSSIBLE: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("recipients", "recipientsMode", "recipientUsers", "recipientUsersMode", "subject", "body", "fanOut"),
    "webhook": ("url",),
    "sftp": ("address", "port", "username", "path", "password"),
}
"""By destination: what must be declared, and what may be (OA-R73)."""
MADE_ELSEWHERE: Final = ("slack", "s3", "google_sheets")
"""Destinations that this API shows, and can neither make nor change (OA-R86)."""
STEERED: Final = ("document", "name", "destination", "paused", "owner")
"""What can be said of such a schedule all the same: what singles it out, whether it rests, whose it is."""

EVERY: Final = ("csv", "link_only", "json", "pdf", "png", "xlsx")
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "hideTitle": ("pdf", "png"),
    "hideHiddenFields": ("csv", "xlsx"),
    "enableFormatting": ("csv", "json"),
    "overrideRowLimit": ("csv", "json", "xlsx"),
    "maxRowLimit": ("csv", "json", "xlsx"),
    "showContentLink": ("csv", "json", "pdf", "png", "xlsx"),
    "showFilters": ("json", "pdf", "png", "xlsx"),
    "expandTablesToShowAllRows": ("pdf", "png"),
    "singleColumnLayout": ("pdf", "png"),
    "paperFormat": ("pdf",),
    "paperOrientation": ("pdf",),
    "killJobsOnFailure": EVERY,
}
WITH_TILE: Final = (
    ("enableFormatting", "json"),
    ("overrideRowLimit", "json"),
    ("overrideRowLimit", "xlsx"),
)
"""Options that this format takes for a single tile only (OA-R74)."""
MOST_STEPS: Final = 10
MOST_ZONES: Final = 3
LONGEST_ZONE: Final = 100  # characters; what is longer resembles none


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """Every mistake of every document that the reference lets us know of beforehand."""
    return [p for d in documents for p in (*times(d), *_destination(d), *_recipients(d), *_options(d))]


def times(document: Document, rule: str = "OA-R72") -> Iterator[Problem]:
    """A cron text of six fields in AWS form, and a zone of the IANA data base (OA-R72, OA-R147)."""
    text, zone = document.spec.get("cron"), document.spec.get("timezone")
    if isinstance(text, str) and (why := _no_cron(str(cron(text)))):
        hint = "write six fields, as `0 9 ? * MON *`: minute, hour, day of month, month, day of week, year"
        yield _problem(document, "cron", f"{text!r} is no AWS cron text: {why}", hint, rule)
    if isinstance(zone, str) and zone not in _zones():
        hint = f"write it as the IANA data base does, as {' or '.join(f'`{z}`' for z in _near(zone))}"
        yield _problem(document, "timezone", f"{zone!r} is no time zone", hint, rule)


def _near(zone: str) -> list[str]:
    """The zones that are probably meant: spelled otherwise, of this place in another region, or nearly alike; an
    example where there is none."""
    folded = {name.casefold(): name for name in sorted(_zones())}
    meant = zone.casefold().replace(" ", "_")[:LONGEST_ZONE]
    if meant in folded:
        return [folded[meant]]
    place = meant.rpartition("/")[2]
    there = [name for text, name in folded.items() if text.rpartition("/")[2] == place]
    alike = [folded[text] for text in get_close_matches(meant, folded, n=MOST_ZONES)]
    return (there or alike)[:MOST_ZONES] or ["America/New_York"]


def _no_cron(text: str) -> str:
    """Why a text is no cron text; empty if it is one. The library takes twice as long with each further step of a
    field."""
    from aws_cron_expression_validator.validator import (  # type: ignore[import-untyped]
        AWSCronExpressionError,
        AWSCronExpressionValidator,
    )

    if any(part.count("/") > MOST_STEPS for part in text.split(" ")):
        return f"more than {MOST_STEPS} steps in one field"
    try:
        AWSCronExpressionValidator.validate(text)
    except AWSCronExpressionError as error:
        return str(error)
    return ""


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


def _destination(document: Document) -> Iterator[Problem]:
    """What the destination needs is there, and nothing of another one (OA-R73)."""
    to = str(document.spec.get("destination"))
    if to in MADE_ELSEWHERE:
        yield from _not_to_be_said(document, to)
    if to not in NEEDED:
        return
    for name in NEEDED[to]:
        if name not in document.spec:
            text = f"`destination: {to}` needs `{name}`"
            yield _problem(document, "destination", text, f"add `{name}`", "OA-R73")
    if to == "email" and not {"recipients", "recipientUsers"} & document.spec.keys():
        hint = "add `recipients` (addresses) or `recipientUsers` (people with an account)"
        yield _problem(document, "destination", "`destination: email` needs somebody to mail to", hint, "OA-R73")
    for name in sorted({n for names in POSSIBLE.values() for n in names} - set(POSSIBLE[to])):
        if name in document.spec:
            belongs = " or ".join(other for other, names in POSSIBLE.items() if name in names)
            text = f"`{name}` belongs to `destination: {belongs}`, not to {to}"
            yield _problem(document, name, text, "take it out", "OA-R73")


def _not_to_be_said(document: Document, to: str) -> Iterator[Problem]:
    """What nobody can change of a schedule that only the product can make (OA-R86)."""
    for name in sorted(document.spec.keys() - {*STEERED}):
        text = f"`{name}` of a schedule delivered to {to} can only be changed in the product"
        yield _problem(document, name, text, f"take it out; {to} schedules take {', '.join(STEERED)}", "OA-R86")


def _recipients(document: Document) -> Iterator[Problem]:
    """Nobody is named twice, and both lists are meant in one way: the API knows one list alone."""
    spec = document.spec
    lists = [spec.get(name) for name in ("recipients", "recipientUsers")]
    addresses, users = ({casefold(a) for a in one} if isinstance(one, list) else set[Json]() for one in lists)
    for both in sorted(str(a) for a in addresses & users):
        text = f"{both} stands in `recipients` too"
        yield _problem(document, "recipientUsers", text, "name everybody once", "OA-R69")
    modes = {spec.get(f"{name}Mode", "exact") for name in ("recipients", "recipientUsers") if name in spec}
    if len(modes) > 1:
        text = "`recipientsMode` and `recipientUsersMode` differ, and the API knows one list alone"
        yield _problem(document, "recipientUsers", text, "say the same in both", "OA-R77")


def _options(document: Document) -> Iterator[Problem]:
    """Options that the format does not take, or not without another one (OA-R74)."""
    options, format_ = document.spec.get("options"), str(document.spec.get("format"))
    for name in options if isinstance(options, dict) else ():
        if why := _unfit(name, format_, options if isinstance(options, dict) else {}, "tile" in document.spec):
            place = document.at("spec", "options", name)
            yield Problem(place, f"{document.address}: `{name}` {why}", "take it out", rule="OA-R74")


def _unfit(name: str, format_: str, options: Mapping[str, Json], tile: bool) -> str:
    if format_ not in FORMATS.get(name, EVERY):
        return f"goes with {', '.join(FORMATS[name])}, not with {format_}"
    if (name, format_) in WITH_TILE and not tile and options.get(name) is True:
        return f"goes with {format_} only where there is a `tile`"
    if name == "maxRowLimit" and options.get("overrideRowLimit") is not True:
        return "goes with `overrideRowLimit: true` only"
    if name in ("expandTablesToShowAllRows", "singleColumnLayout") and options.get("paperFormat") == "fit_page":
        return "does not go with `paperFormat: fit_page`"
    return ""


def _problem(document: Document, name: str, text: str, hint: str, rule: str) -> Problem:
    return Problem(document.at("spec", name), f"{document.address}: {text}", hint, rule=rule)
