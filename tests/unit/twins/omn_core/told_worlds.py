"""The worlds that the examples of the OMN Core reference tell of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.twins import OmnCoreTwin
from reconciler.twins.omn_core.call import FIRST_ID
from reconciler.twins.omn_core.dam_things import Asset, Directory, Rnc
from reconciler.twins.omn_core.glossary_things import Entry, EntryLink, Glossary
from reconciler.twins.omn_core.peo_things import Channel, Peo, Template
from reconciler.twins.omn_core.product_things import Product

World = Callable[[OmnCoreTwin], None]
PEO = "55beafb6-a80b-48ab-8a7b-9e1a98d67b24"
PRODUCT = "ec98dde6-4064-465d-a1fb-237e2f10a336"
NEVER = "1970-01-20T05:27:05.461Z"
EDITED = "2022-08-15T00:00:00.000Z"


def next_id(twin: OmnCoreTwin, number: int) -> None:
    twin.counters.load({**twin.counters.dump(), "id": number - FIRST_ID})


def glossary(twin: OmnCoreTwin, key: str, name: str = "G", **more: Any) -> None:
    people = ("system", "system")
    twin.state.of(Glossary)[key] = Glossary(key, f"guid-{key}", name, NEVER, NEVER, *people, **more)


def entry(twin: OmnCoreTwin, key: str, within: str, loc: str, text: str, type_: str = "term") -> None:
    forbidden = key == "185850"
    twin.state.of(Entry)[key] = Entry(
        key, f"guid-{key}", within, loc, type_, text, "admin", EDITED, forbidden=forbidden
    )


def listed_glossary(twin: OmnCoreTwin) -> None:
    vals: Any = {"CUSTOM_BOOLEAN_ATTRIBUTE": {"itm": ["false"]}}
    glossary(twin, "180350", "Latest Glossary", vals=vals)
    entry(twin, "185852", "180350", "de_DE", "de")
    entry(twin, "185850", "180350", "en_EN", "en")
    for key, loc, type_ in [("1", "fr_FR", "term"), ("2", "fr_FR", "term"), *((n, "en_GB", "") for n in "3456")]:
        entry(twin, key, "180350", loc, f"text {key}", type_ or "sentence")
    for target in ("185850", "1"):
        link = EntryLink("185852", target)
        twin.state.of(EntryLink)[link.key] = link


def written_glossary(twin: OmnCoreTwin) -> None:
    glossary(twin, "180350", "Latest Glossary")
    next_id(twin, 2380740)


def deleted_glossary(twin: OmnCoreTwin) -> None:
    glossary(twin, "123")


def written_entries(twin: OmnCoreTwin) -> None:
    glossary(twin, "99")
    entry(twin, "29638", "99", "de_DE", "T DE 1")


def performed_entries(twin: OmnCoreTwin) -> None:
    for key in ("99", "25246"):
        glossary(twin, key, f"G {key}")
    for key in ("30670", "29637"):
        entry(twin, key, "99", "de_DE", key)


def directory(twin: OmnCoreTwin, tid: str, key: str, name: str, parent: str | None = None) -> None:
    dates = ("2019-05-03T15:50:55.664Z", "2020-02-14T17:58:59.275Z")
    rnc = "MAM" if parent is None else None
    twin.state.of(Directory)[tid] = Directory(tid, key, rnc, parent, name, *dates)


def listed_directories(twin: OmnCoreTwin) -> None:
    twin.add_rnc("MAM")
    first = "7D534991-B623-418C-A7CB-A273C877A37D"
    directory(twin, first, "26576991", "directory1")
    directory(twin, "41A7CF7F-60DA-4F76-8288-D9721389812A", "26576992", "directory1.1", first)


def written_directories(twin: OmnCoreTwin) -> None:
    listed_directories(twin)
    twin.next_guids("0e680aa4-5749-46fb-8a46-02282e37bac1")


def performed_directories(twin: OmnCoreTwin) -> None:
    twin.add_rnc("MAM")
    directory(twin, "4E1D4697-5085-4BDA-80CE-8DDCEAA9E584", "23905", "dirToMove")
    directory(twin, "D1", "1", "destinationDir")
    directory(twin, "D2", "2", "other")
    directory(twin, "E54AC373-09D8-478D-B201-9775D046EF4F", "23902", "dirToMove", "D2")
    directory(twin, "EEB36E10-5B45-492A-BAB5-5737DDCC9B12", "3", "target")
    directory(twin, "D3", "4", "dirToMove", "EEB36E10-5B45-492A-BAB5-5737DDCC9B12")
    twin.next_guids("test2", "0e680aa4-5749-46fb-8a46-02282e37bac1")


def asked_assets(twin: OmnCoreTwin) -> None:
    twin.add_rnc("MAM")
    tid = "DBF6D18D-6CB4-4765-8966-10000DD22A6E"
    directory(twin, tid, "1", "cats")
    for guid in ("8E93BA7A-0521-4FB2-A7B7-40941C7A5AFA", "218BCAED-A63B-4CE4-B23F-42B479E4E9FB"):
        twin.state.of(Asset)[guid] = Asset(guid, guid, tid, "cat.jpg")


def rncs(twin: OmnCoreTwin) -> None:
    meta = {
        "rncCreationDate": "2022-01-13T05:34:43.262Z",
        "rncIdentifier": "MAM",
        "rncIdentity": "15030",
        "rncVolumeName": "MAM",
        "rncLocalPathAsString": "/omn/data/MAM/",
        "rncModificationDate": "2022-01-13T05:34:43.262Z",
        "serverHost": "localhost",
        "serverPort": "6900",
    }
    twin.state.of(Rnc)["MAM"] = Rnc("MAM", meta)


def channels(twin: OmnCoreTwin) -> None:
    dates = ("2023-08-04T09:36:06.802Z", "2024-01-10T11:06:06.587Z")
    vals: Any = {"TRESHOLD_VALUE": {"itm": ["0.4"]}}
    twin.state.of(Channel)["AWS"] = Channel(
        "AWS",
        "21788",
        "AWS",
        "AWS",
        "1048576",
        *dates,
        "/static/assets/projects/i3p1.gif",
        "ProjectMoveUpFunction",
        vals=vals,
        links={"FA1B5E2F-4869-4991-B17B-AA8BD3709AF6": "MAM/cat.jpg"},
    )
    twin.add_template("1", "Web")
    guid, product = "3b6e1b67-aa7f-43a0-bea0-b124129c3480", "58695a3d-f6d6-44fa-89f0-6a5e027ac79a"
    made, changed = "2024-03-01T08:40:27.027Z", "2024-03-01T08:40:27.170Z"
    twin.state.of(Peo)[guid] = Peo(guid, "134320", product, "1", "test1", made, changed, True, ("AWS",))


def peo(twin: OmnCoreTwin, tid: str, key: str, *projects: str) -> None:
    made = "2023-02-24T07:54:45.523Z"
    twin.state.of(Template)["47220"] = Template("47220", "PeoTemplate1")
    twin.state.of(Product)[PRODUCT] = Product(PRODUCT, "1", "Shoe", "", made, made, made)
    twin.state.of(Peo)[tid] = Peo(tid, key, PRODUCT, "47220", "PEO name", made, made, projects=projects)


def found_peo(twin: OmnCoreTwin) -> None:
    twin.add_channel("AWS")
    twin.add_channel("BELOW", parent="AWS")
    peo(twin, PEO, "47230", "AWS")
    peo(twin, "other", "47231", "BELOW")


def listed_peo(twin: OmnCoreTwin) -> None:
    peo(twin, PEO, "47230")


def written_peos(twin: OmnCoreTwin) -> None:
    peo(twin, PEO, "47230")
    for tid in ("projectTid1", "projectTid3"):
        twin.add_channel(tid)
    next_id(twin, 1)
    twin.add_channel("projectTid2")
    next_id(twin, 52730)


def performed_peos(twin: OmnCoreTwin) -> None:
    peo(twin, "7d534991-b623-418c-a7cb-a273c877a37d", "47230")
    peo(twin, "source", "2364684")
    twin.next_guids("64467fe8-863a-4fcd-ba4e-82914affb3f8")
    next_id(twin, 76890)


def linked_peo(twin: OmnCoreTwin) -> None:
    twin.add_channel("acc0000232")
    peo(twin, PEO, "47230")


def nothing(_twin: OmnCoreTwin) -> None:
    """The world as it begins."""
