"""The body of a schedule: what must be there, of which type, and what goes together (OA-R72 to OA-R74)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from zoneinfo import available_timezones

from reconciler.twins.core.values import Json, JsonObject, Refused

CORE = ("identifier", "name", "schedule", "timezone", "format", "destinationType")
DEMANDED_BY_PUT = ("name", "schedule", "timezone", "destinationType")
DESTINATIONS: Mapping[str, tuple[str, ...]] = {
    "email": ("recipients", "subject"),
    "webhook": ("url",),
    "sftp": ("address", "port", "username", "path"),
}
EXTRAS: Mapping[str, tuple[str, ...]] = {"email": ("textBody", "fanOut"), "sftp": ("passwordUnencrypted",)}
FORMATS = ("csv", "link_only", "json", "pdf", "png", "xlsx")
WORDS: Mapping[str, tuple[str, ...]] = {
    "format": FORMATS,
    "conditionType": ("RESULTS_PRESENT", "RESULTS_CHANGED", "RESULTS_MISSING", "RESULTS_UNCHANGED"),
    "paperFormat": ("a3", "a4", "letter", "legal", "fit_page", "tabloid"),
    "paperOrientation": ("portrait", "landscape"),
}
# An option that is not there acts as if it were this.
DEFAULTS: Mapping[str, bool] = {
    "killJobsOnFailure": False,
    "hideTitle": False,
    "hideHiddenFields": False,
    "enableFormatting": False,
    "overrideRowLimit": False,
    "showContentLink": True,
    "showFilters": True,
    "expandTablesToShowAllRows": False,
    "singleColumnLayout": False,
    "fanOut": False,
}
FLAGS = (*DEFAULTS, "testNow")
NUMBERS = ("maxRowLimit", "port")
TEXTS = (
    *("identifier", "name", "schedule", "timezone", "conditionQueryMapKey", "queryIdentifierMapKey", "url"),
    *("subject", "textBody", "address", "username", "path", "passwordUnencrypted"),
)
FIELDS = (*dict.fromkeys([*CORE, "filterConfig", *WORDS, "recipients", *FLAGS, *NUMBERS, *TEXTS]),)
# Kept with a schedule as they were given; the other fields have a place of their own.
OPTIONS = (
    *("filterConfig", "conditionType", "conditionQueryMapKey", "queryIdentifierMapKey", "maxRowLimit"),
    *("paperFormat", "paperOrientation", *(name for name in DEFAULTS if name != "fanOut")),
)
NO_DISCRIMINATOR = "destinationType: Invalid discriminator value. Expected email | webhook | sftp"

_SUITED: Mapping[str, Collection[str]] = {
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
}
_PRINT = ("paperFormat", "paperOrientation", "expandTablesToShowAllRows", "singleColumnLayout")
_NEEDS_TILE = (("enableFormatting", ("json",)), ("overrideRowLimit", ("json", "xlsx")))
_CRON_FIELD = re.compile(r"[0-9A-Za-z*/,?#\-]+")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def is_address(value: Json) -> bool:
    """Does this look like an e-mail address?"""
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def is_empty(value: Json) -> bool:
    """Is a required field as good as missing?"""
    return value is None or value == "" or value == []


def required_fields(destination: Json) -> tuple[str, ...]:
    """What a create must hold, for a destination or for one that is none."""
    return (*CORE, *DESTINATIONS.get(destination if isinstance(destination, str) else "", ()))


def check_types(body: JsonObject) -> None:
    """Each field of a known name holds what it must. Raises Refused."""
    for name, value in body.items():
        if name == "destinationType" and value not in tuple(DESTINATIONS):
            raise Refused(400, NO_DISCRIMINATOR)
        if not _fits(name, value):
            raise Refused(400, f"{name}: Invalid value")
    recipients = body.get("recipients")
    if isinstance(recipients, list) and not all(map(is_address, recipients)):
        raise Refused(400, "recipients: Invalid email address")
    if "schedule" in body and not is_cron(str(body["schedule"])):
        raise Refused(400, "schedule: Schedule is an invalid cron expression")
    if "timezone" in body and not is_zone(str(body["timezone"])):
        raise Refused(400, "timezone: Time zone must be IANA valid.")


def _fits(name: str, value: Json) -> bool:
    if name in WORDS:
        return value in WORDS[name]
    if name in FLAGS:
        return isinstance(value, bool)
    if name in NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if name == "url":
        return isinstance(value, str) and value.startswith(("http://", "https://"))
    if name in TEXTS:
        return isinstance(value, str)
    if name == "filterConfig":
        return isinstance(value, Mapping)
    return name != "recipients" or isinstance(value, list)


def is_cron(text: str) -> bool:
    """Six fields; exactly one of the third and the fifth is `?`."""
    fields = text.split()
    if len(fields) != 6 or not all(_CRON_FIELD.fullmatch(field) for field in fields):
        return False
    return (fields[2] == "?") != (fields[4] == "?")


def is_zone(text: str) -> bool:
    """Does the IANA data base know this time zone?"""
    return text in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_together(format_name: str, stored: JsonObject, given: JsonObject) -> None:
    """The options suit the format and each other. Raises Refused.

    An option that is sent must suit whatever its value; one that is only stored, if it is not its default.
    """
    options = {**{name: value for name, value in stored.items() if value != DEFAULTS.get(name)}, **given}
    if ("conditionType" in options) != ("conditionQueryMapKey" in options):
        raise Refused(400, "Must provide both a trigger query and an alert condition type")
    _check_format(format_name, options)
    if options.get("paperFormat") == "fit_page" and (
        options.get("expandTablesToShowAllRows") or options.get("singleColumnLayout")
    ):
        text = "Single column layout and table expansion options are not supported for FIT_PAGE format."
        raise Refused(400, text)
    if "maxRowLimit" in options and not options.get("overrideRowLimit"):
        raise Refused(400, "maxRowLimit: Not supported for this format")
    if "queryIdentifierMapKey" not in options and _needs_tile(format_name, options):
        raise Refused(400, "queryIdentifierMapKey: Required")


def _check_format(format_name: str, options: Iterable[str]) -> None:
    for name in options:
        if name not in _SUITED or format_name in _SUITED[name]:
            continue
        if name == "hideTitle":
            raise Refused(400, "hideTitle can only be used with PDF or PNG formats")
        if name in _PRINT:
            raise Refused(400, "Print options are not supported for this format")
        raise Refused(400, f"{name}: Not supported for this format")


def _needs_tile(format_name: str, options: JsonObject) -> bool:
    return any(options.get(name) is True and format_name in formats for name, formats in _NEEDS_TILE)
