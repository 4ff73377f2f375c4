"""The twin of OMN Core on a socket, spoken to in XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import httpx
from lxml import etree

from reconciler.twins import OmnCoreTwin
from tests.unit.twins.served import Served

XML = "application/xml"
NAMESPACE = "http://www.apollon.de/omn"
RETRIEVE = "/common/keywords/retrieve"
PERSIST = "/common/keywords/persist"
PERFORM = "/common/keywords/perform"
LOCALES = "/common/locales/retrieve"
Seen = dict[str, str]


@dataclass(frozen=True, slots=True)
class Omn:
    """A served twin, and the few sentences that one says to it."""

    served: Served[OmnCoreTwin]

    @property
    def twin(self) -> OmnCoreTwin:
        return self.served.twin

    def post(self, path: str, content: str | bytes, media: str = XML, **headers: str) -> httpx.Response:
        sent = {"Content-Type": media, **headers}
        return self.served.client.post(self.served.url + path, content=content, headers=sent)

    def ask(self, path: str, body: object, **headers: str) -> httpx.Response:
        """A plain request object."""
        return self.served.client.post(self.served.url + path, json=body, headers=headers)

    def kwds(self, path: str = "/", level: int = -1, *, links: bool = False) -> list[etree._Element]:
        reply = self.ask(RETRIEVE, {"path": path, "level": level, "retrieveLinks": links})
        assert reply.status_code == 200, reply.text
        return root(reply).findall(name("kwds", "kwd"))

    def paths(self, path: str = "/", level: int = -1) -> list[str]:
        """What a list shows."""
        return [attributes(one)["path"] for one in self.kwds(path, level)]

    def labels(self, path: str) -> dict[str, str]:
        """Unlocalized value and labels of one keyword, by locale."""
        found = next(one for one in self.kwds(path) if attributes(one)["path"] == path)
        return {attributes(item).get("loc", ""): item.text or "" for item in found.findall(name("name", "itm"))}

    def persist(self, *kwds: str) -> list[Seen]:
        return self.each(self.post(PERSIST, document("kwds", *kwds)))

    def perform(self, *actions: str) -> list[Seen]:
        return self.each(self.post(PERFORM, document("actions", *actions)))

    def each(self, reply: httpx.Response) -> list[Seen]:
        """The answers to objects: their attributes, status and description."""
        assert reply.status_code == 200, reply.text
        found = root(reply).findall(name("responses", "response"))
        return [{**attributes(one), **texts(one)} for one in found]

    def id_of(self, path: str) -> str:
        return self.twin.keyword(path).id


def document(container: str, *objects: str) -> str:
    inside = "".join(objects)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><pim xmlns="{NAMESPACE}" schemaVersion="5.6.0">'
        f"<{container}>{inside}</{container}></pim>"
    )


def kwd(value: str = "", labels: Mapping[str, str] | None = None, **given: str) -> str:
    """`kwd("Summer", {"de_DE": "Sommer"}, parentPath="/Seasons")`."""
    bare = f"<itm>{escape(value)}</itm>" if value else ""
    items = "".join(f"<itm loc={quoteattr(loc)}>{escape(text)}</itm>" for loc, text in (labels or {}).items())
    return f"<kwd{_attributes(given)}><name>{bare}{items}</name></kwd>"


def action(kind: str, data_type: str = "keyword", meta: Mapping[str, str] | None = None, **given: str) -> str:
    """`action("move", meta={"destinationKwdPath": "/"}, id="100001")`."""
    items = "".join(f"<itm key={quoteattr(key)}>{escape(text)}</itm>" for key, text in (meta or {}).items())
    inside = f"<meta>{items}</meta>" if items else ""
    return f"<action{_attributes({'dataType': data_type, 'type': kind, **given})}>{inside}</action>"


def _attributes(given: Mapping[str, str]) -> str:
    return "".join(f" {key}={quoteattr(text)}" for key, text in given.items())


def attributes(element: etree._Element) -> Seen:
    return {str(key): str(text) for key, text in element.attrib.items()}


def keyed(items: Iterable[etree._Element]) -> Seen:
    """Texts of `itm`s by their key."""
    return {attributes(item)["key"]: item.text or "" for item in items}


def name(*tags: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{tag}" for tag in tags)


def root(reply: httpx.Response) -> etree._Element:
    assert reply.headers["content-type"] == "application/xml; charset=UTF-8"
    return etree.fromstring(reply.content)


def texts(element: etree._Element) -> Seen:
    """Status and description; the texts of issues, joined."""
    seen = {etree.QName(one).localname: one.text or "" for one in element if not len(one)}
    issues = [item.text or "" for item in element.findall(name("issues", "itm"))]
    return {**seen, **({"issues": ", ".join(issues)} if issues else {})}


def refusal(reply: httpx.Response) -> tuple[int, str | None, str, str | None]:
    """Status, code, description and message of a call that failed as a whole."""
    response = root(reply)
    assert response.tag == name("response")
    assert response.findtext(name("status")) == "ERROR"
    items = keyed(response.findall(name("issues", "itm")))
    message = response.findtext(name("issues", "itms", "itm"))
    assert response.findtext(name("details", "itm"))
    return reply.status_code, items.get("code"), items["description"], message


def created(path: str, key: str | None = None) -> Seen:
    echo = {"id": key} if key else {}
    text = "The keyword has been created successfully"
    return {
        "dataType": "keyword",
        **echo,
        "path": path,
        "action": "create",
        "status": "SUCCESS",
        "description": text,
    }


def saved(path: str, key: str) -> Seen:
    text = "The keyword has been saved successfully"
    return {
        "dataType": "keyword",
        "id": key,
        "path": path,
        "action": "update",
        "status": "SUCCESS",
        "description": text,
    }


def failed(action: str, description: str, **echo: str) -> Seen:
    return {"dataType": "keyword", **echo, "action": action, "status": "ERROR", "description": description}
