"""What `doctor` found: signs of a set-up, and what came of our assumptions about an API. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.doctor import CheckUp, Examination, Finding, Grade, Probe, Told
from reconciler.model.json import Json
from reconciler.report.escape import json_text, md, prose, safe
from reconciler.report.style import Look, Piece, Sheet, Style

GRADES: Mapping[Grade, Look] = {Grade.OK: Look.ADD, Grade.WARN: Look.CHANGE, Grade.FAIL: Look.REMOVE}
TOLD: Mapping[Told, Look] = {Told.CONFIRMED: Look.ADD, Told.REFUTED: Look.REMOVE, Told.UNTOLD: Look.QUIET}


def _some(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _calls(requests: Sequence[str]) -> str:
    return f"{_some(len(requests), 'call')}, all safe" if requests else "nothing was sent"


# A set-up


def check_up_text(found: CheckUp, style: Style) -> str:
    """One line per sign, its way out below it; then how many of each grade there are."""
    sheet = Sheet(style)
    column = max((len(safe(s.about)) for s in found.signs), default=0) + 2
    for sign in found.signs:
        head = Piece(f"{sign.grade}".ljust(6), GRADES[sign.grade])
        sheet.line(head, safe(sign.about).ljust(column), safe(sign.sentence), hang=6 + column)
        if sign.way_out:
            sheet.line(Piece(f"-> {safe(sign.way_out)}", Look.QUIET), indent=6 + column, hang=3)
    sheet.gap()
    sheet.line(Piece(_tally(found), Look.HEAD))
    return sheet.text()


def _tally(found: CheckUp) -> str:
    """`14 ok, 1 warning, 1 failure; 9 calls, all safe`."""
    counted = [f"{found.count(Grade.OK)} ok"]
    counted += [_some(n, "warning")] if (n := found.count(Grade.WARN)) else []
    counted += [_some(n, "failure")] if (n := found.count(Grade.FAIL)) else []
    return f"{', '.join(counted)}; {_calls(found.requests)}"


def check_up_json(found: CheckUp) -> str:
    """`{healthy, signs: [{about, grade, sentence, wayOut}], requests}`; healthy where nothing fails."""
    signs: list[Json] = [
        {"about": s.about, "grade": str(s.grade), "sentence": s.sentence, "wayOut": s.way_out} for s in found.signs
    ]
    healthy = not found.count(Grade.FAIL)
    return json_text({"healthy": healthy, "signs": signs, "requests": [*found.requests]}) + "\n"


def check_up_markdown(found: CheckUp) -> str:
    """A list, one item per sign."""
    lines = [
        f"- **{sign.grade}** {md(sign.about)} {prose(sign.sentence)}"
        + (f" - {prose(sign.way_out)}" if sign.way_out else "")
        for sign in found.signs
    ]
    return "\n".join([f"### {_tally(found)}", "", *lines]) + "\n"


# Our assumptions


def examination_text(found: Examination, style: Style) -> str:
    """One line per assumption and what was seen of it; of a refuted one what follows; then how many calls."""
    sheet = Sheet(style)
    whose = f"{safe(found.target)} ({safe(found.provider)})"
    head = f"{whose}: {_some(len(found.findings), 'assumption')} asked about"
    sheet.line(Piece(head, Look.HEAD))
    sheet.gap()
    for probe, finding in found.findings:
        sheet.line(
            Piece(str(finding.told).ljust(13), TOLD[finding.told]),
            f"{safe(probe.id)}  {safe(probe.assumed)}",
            hang=15,
        )
        sheet.line(Piece("seen: ", Look.QUIET), safe(finding.seen), indent=15)
        if finding.told is Told.REFUTED:
            sheet.line(Piece("then: ", Look.HOLD), safe(probe.then), indent=15)
    if found.left:
        sheet.title("Not asked about, though a safe call could tell something")
        for ids, why in _left(found):
            sheet.line(f"{safe(ids)}: {safe(why)}", indent=2, hang=2)
    sheet.gap()
    sheet.line(Piece(_verdict(found), Look.HEAD))
    return sheet.text()


def _left(found: Examination) -> list[tuple[str, str]]:
    """(ids, reason) of what is not asked about, one per reason."""
    alike: dict[str, list[str]] = {}
    for one, why in found.left.items():
        alike.setdefault(why, []).append(one)
    return [(", ".join(ids), why) for why, ids in alike.items()]


def _verdict(found: Examination) -> str:
    """`7 confirmed, 1 refuted, 3 cannot tell; 6 calls, all safe`."""
    counted = ", ".join(f"{found.count(told)} {told}" for told in Told)
    silent = ": nothing that was asked was answered" if found.silent else ""
    return f"{counted}; {_calls(found.requests)}{silent}"


def examination_json(found: Examination) -> str:
    """`{target, provider, assumptions: [{id, assumed, told, seen, then}], notAsked: {id: reason}, requests}`;
    `then` is null but for a refuted one."""
    rows: list[Json] = [_row(probe, finding) for probe, finding in found.findings]
    value: dict[str, Json] = {"target": found.target, "provider": found.provider, "assumptions": rows}
    return json_text({**value, "notAsked": {**found.left}, "requests": [*found.requests]}) + "\n"


def _row(probe: Probe, finding: Finding) -> Json:
    then = probe.then if finding.told is Told.REFUTED else None
    said: dict[str, Json] = {"id": probe.id, "assumed": probe.assumed, "told": str(finding.told)}
    return {**said, "seen": finding.seen, "then": then}


def examination_markdown(found: Examination) -> str:
    """A list, one item per assumption."""
    lines = [
        f"- **{finding.told}** {prose(probe.id)} {prose(probe.assumed)} - {prose(finding.seen)}"
        + (f" - then: {prose(probe.then)}" if finding.told is Told.REFUTED else "")
        for probe, finding in found.findings
    ]
    left = [f"- not asked about: {prose(ids)}: {prose(why)}" for ids, why in _left(found)]
    return "\n".join([f"### {md(found.target)}: {_verdict(found)}", "", *lines, *left]) + "\n"
