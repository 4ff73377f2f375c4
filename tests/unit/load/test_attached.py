"""Kinds with a scope, files, places for values shown once, and one-shot tokens."""

# ruff: noqa: E501 - whole messages

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest

from reconciler.load.attached import LARGEST, project_file
from reconciler.load.changed import changed_since
from reconciler.load.desired import desired, manifests_digest
from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired, Document
from reconciler.model.faults import ManifestInvalid
from reconciler.model.normalise import normal
from reconciler.model.record import replace
from reconciler.providers.rest import VERBS
from tests.unit.load.projects import catalog as ordinary
from tests.unit.load.projects import kind, partner, write
from tests.unit.load.test_changed import committed, git

PART = """\
title: Part
description: A part of a partner, for these tests.
type: object
required: [partner, name]
additionalProperties: false
properties:
  partner: {type: string, x-ref: Partner, description: Whose it is, examples: [acme]}
  name: {type: [string, array], items: {type: string}, x-normalise: [segments], description: Its name, examples: [A]}
  size: {type: integer, x-immutable: replace, x-effects: sends mail, description: A count, examples: [1]}
  picture: {type: string, minLength: 1, x-file: bytes, description: A file, examples: [a.png]}
  text: {type: string, maxLength: 20, description: A text, examples: [hello]}
  textFrom: {type: string, x-file: text, description: A file that holds it, examples: [a.txt]}
  link: {type: object, x-sink: /link/url, description: Where the link goes, examples: [{toFile: link}]}
  place:
    type: object
    description: Where it is.
    additionalProperties: false
    examples: [{town: Paris}]
    properties:
      town: {type: string, description: A town, examples: [Paris]}
      keeper: {type: string, x-ref: Partner, description: Who keeps it, examples: [acme]}
  more: {type: object, description: Anything, examples: [{a: 1}]}
  whole: {type: array, uniqueItems: true, items: {type: string}, description: A set, examples: [[a]]}
  pin:
    {type: object, writeOnly: true, x-secret-rule: {pattern: "^.{4}$", says: four signs}, description: A secret, examples: [{fromEnv: PIN, version: 1}]}
examples: [{partner: acme, name: A}]
x-key: [partner, name]
x-tree: true
x-once: [reissue]
x-rest:
  list: {call: GET /parts, items: ""}
  read: {call: "GET /parts/{id}", when: [text], fresh: true}
  create: {call: POST /parts, body: declared, media: form, repeat: false}
  sets:
    whole: {whole: true}
"""


@cache
def catalog() -> Catalog:
    known, part = ordinary(), kind("Part", PART)
    at = (part.provider, part.name)
    return Catalog({**known.kinds, at: part}, {**known.verbs, at: VERBS}, known.providers)


PARTNERS = "---\n".join(partner(n) for n in ("acme", "blue"))


def part(name: str, whose: str = "acme", key: str = "A", metadata: str = "", **fields: str) -> str:
    lines = "".join(f"  {n}: {value}\n" for n, value in fields.items())
    head = f"apiVersion: omni-analytics/v1\nkind: Part\nmetadata: {{name: {name}{metadata}}}\nspec:\n"
    return f"---\n{head}  partner: {whose}\n  name: {key}\n{lines}"


def loaded(root: Path, *parts: str, **files: bytes) -> Desired:
    write(
        root, {"manifests/a.yaml": PARTNERS + "".join(parts), **{n.replace("_", "."): f for n, f in files.items()}}
    )
    return desired(root, catalog())


def only(found: Desired) -> Document:
    [one] = [d for d in found.documents if d.kind == "Part"]
    return one


def said(root: Path, *parts: str, **files: bytes) -> list[str]:
    try:
        loaded(root, *parts, **files)
    except ManifestInvalid as error:
        return [str(p).split(": ", 1)[1] for p in error.problems]
    return []


def test_the_words_of_the_schema() -> None:
    made = catalog().kinds["omni-analytics", "Part"]

    assert (made.key, made.scope, made.tokens, made.findable) == ("name", ("partner",), ("reissue",), True)
    size, picture, text_from, link = (made.fields[n] for n in ("size", "picture", "textFrom", "link"))
    assert (size.replaces, size.immutable, size.effect) == (True, None, "sends mail")
    assert (picture.file, picture.local, picture.normalise) == ("bytes", False, ("file",))
    assert (text_from.file, text_from.local) == ("text", True)
    assert (link.sink, link.local) == ("/link/url", True)
    assert (made.rest.read, made.rest.when, made.rest.fresh) == ("GET /parts/{id}", ("text",), True)
    assert made.rest.create is not None
    assert (made.rest.create.media, made.rest.create.repeat) == ("form", False)
    assert made.rest.sets["whole"].whole
    assert {n: f.ref for n, f in made.fields["place"].entries.items()} == {"town": None, "keeper": "Partner"}


# Scope.


def test_one_key_in_two_scopes_is_two_things(tmp_path: Path) -> None:
    assert said(tmp_path, part("x"), part("y", "blue"), part("z", "Other")) == []


@pytest.mark.parametrize("whose", ["acme", "Acme"])
def test_one_key_twice_in_a_scope_however_that_is_named(whose: str, tmp_path: Path) -> None:
    found = said(tmp_path, part("x"), part("y", whose))

    assert [line.split(";")[0] for line in found] == [
        "analytics/Part/y: spec.name: the same Part as analytics/Part/x"
    ]


@pytest.mark.parametrize(("whose", "clash"), [("acme", True), ("blue", False)])
def test_a_former_key_is_taken_within_its_scope(whose: str, clash: bool, tmp_path: Path) -> None:
    before = ", previously: {key: Old}"

    found = said(tmp_path, part("x", metadata=before), part("y", whose, "B", before))

    assert ["the same former key" in line for line in found] == ([True] if clash else [])


def test_what_is_above_lies_in_the_same_scope(tmp_path: Path) -> None:
    """Were the part of another partner its parent, these would refer to each other in a circle."""
    assert said(tmp_path, part("x", key="A/B"), part("y", "blue", "A"), part("z", "acme", "A")) == []


def test_a_key_no_read_can_find_by_may_stand_twice(tmp_path: Path) -> None:
    known, at = catalog(), ("omni-analytics", "Part")
    hidden = replace(known.kinds[at], findable=False)
    write(tmp_path, PARTNERS + part("x") + part("y"))

    desired(tmp_path, Catalog({**known.kinds, at: hidden}, known.verbs, known.providers))


def test_a_reference_inside_an_object_must_lead_somewhere_too(tmp_path: Path) -> None:
    twice = part("x", place="{keeper: blue}") + "---\n" + partner("b2").replace("name: B2", "name: blue")

    assert said(tmp_path, twice) == [
        "analytics/Part/x: spec.place.keeper: 'blue' is the name of analytics/Partner/blue and the key of analytics/Partner/b2 (rename one of the two documents)"
    ]


# Files.


def test_a_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    found = only(loaded(tmp_path, part("x", picture="a.png"), a_png=b"\x00abc"))
    sha256 = hashlib.sha256(b"\x00abc").hexdigest()

    assert found.spec["picture"] == {"$file": {"path": "a.png", "sha256": sha256, "bytes": 4}}
    picture = catalog().kinds["omni-analytics", "Part"].fields["picture"]
    assert normal(picture, found.spec["picture"]) == normal(picture, {"$file": {"sha256": sha256}}) == sha256
    assert project_file(tmp_path, "a.png") == b"\x00abc"


def test_the_text_of_a_file_is_another_fields_value(tmp_path: Path) -> None:
    found = only(loaded(tmp_path, part("x", textFrom="a.txt"), a_txt="Grüße\n".encode()))

    assert dict(found.spec) == {"partner": "acme", "name": "A", "text": "Grüße\n"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"picture": "b.png"}, "spec.picture: 'b.png' cannot be read: No such file or directory"),
        ({"picture": "../a.png"}, "spec.picture: '../a.png' must not hold `..`"),
        ({"picture": "/etc/passwd"}, "spec.picture: '/etc/passwd' must be relative to the project's folder"),
        ({"picture": "manifests"}, "spec.picture: 'manifests' is a folder, not a file"),
        ({"picture": "''"}, "spec.picture: is empty"),
        ({"picture": "[a.png]"}, "spec.picture: is a list, expected text"),
        ({"textFrom": "a.png"}, "spec.textFrom: the file is no text in UTF-8"),
        ({"textFrom": "a.txt", "text": "x"}, "spec.textFrom: `text` stands here already"),
        ({"textFrom": "long.txt"}, "spec.textFrom: 'a"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_is_told_with_its_place(
    fields: dict[str, str], message: str, tmp_path: Path
) -> None:
    [found] = said(tmp_path, part("x", **fields), a_png=b"\xff", a_txt=b"x", long_txt=b"a" * 21)

    assert found.removeprefix("analytics/Part/x: ").startswith(message)


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    root = tmp_path / "p"
    root.mkdir()
    (root / "a.png").symlink_to(tmp_path / "secret")

    assert "leads out of the project" in said(root, part("x", picture="a.png"))[0]


def test_an_enormous_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(LARGEST + 1)

    assert "is larger than 100 MiB" in said(tmp_path, part("x", picture="a.png"))[0]


def test_the_digest_of_the_manifests_covers_the_files_they_name(tmp_path: Path) -> None:
    parts = part("x", picture="a.png", textFrom="a.txt")
    digests = [
        loaded(tmp_path, parts, a_png=png, a_txt=txt, b_txt=other).digest
        for png, txt, other in ((b"1", b"1", b"1"), (b"2", b"1", b"1"), (b"1", b"2", b"1"), (b"1", b"1", b"2"))
    ]

    assert len(set(digests)) == 3
    assert digests[0] == digests[3] == manifests_digest(tmp_path, catalog())


def test_a_file_that_changed_changes_its_document_since_a_commit(tmp_path: Path) -> None:
    manifests = PARTNERS + part("x", picture="a.png") + part("y", key="B", textFrom="b.txt") + part("z", key="C")
    root = committed(tmp_path / "p", {"manifests/a.yaml": manifests, "a.png": b"1", "b.txt": b"1"})
    first = desired(root, catalog())
    assert first.commit is not None
    assert not first.commit.endswith("-dirty")

    (root / "a.png").write_bytes(b"2")
    second = desired(root, catalog())

    assert second.commit == f"{first.commit}-dirty"
    assert {a.name for a in changed_since(second, root, "HEAD", catalog())} == {"x"}
    git(root, "rm", "-q", "b.txt")
    git(root, "commit", "-q", "-m", "second")
    (root / "b.txt").write_bytes(b"1")
    assert {a.name for a in changed_since(desired(root, catalog()), root, "HEAD", catalog())} == {"x", "y"}


# Sinks, tokens, and words of our own.


@pytest.mark.parametrize(
    "to",
    ["{toFile: links/a}", "{toFile: a..b}", "{toFile: /run/links/a}", "{toKeyring: link}", "{toCommand: vault}"],
)
def test_a_place_for_a_value_shown_once_is_accepted(to: str, tmp_path: Path) -> None:
    assert isinstance(only(loaded(tmp_path, part("x", link=to))).spec["link"], dict)


@pytest.mark.parametrize(
    "to",
    [
        *("a.txt", "{}", "{toFile: ''}", "{toFile: a, toKeyring: b}", "{fromFile: a}", "[a]", "3"),
        *(
            "{toFile: ../a}",
            "{toFile: a/../b}",
            "{toFile: .git/a}",
            "{toFile: a/}",
            "{toFile: ~/a}",
            "{toFile: /b/../a}",
        ),
    ],
)
def test_anything_else_is_no_such_place(to: str, tmp_path: Path) -> None:
    assert said(tmp_path, part("x", link=to)) == [
        "analytics/Part/x: spec.link: expected where the value goes that is shown once, in one of three ways (write {toFile: path} with a path in the project that leads through nothing hidden, {toKeyring: name} or {toCommand: name})"
    ]


def test_a_token_must_be_one_that_the_kind_knows(tmp_path: Path) -> None:
    assert only(loaded(tmp_path, part("x", metadata=", once: {reissue: '1'}"))).once == {"reissue": "1"}
    assert said(tmp_path, part("x", metadata=", once: {reisue: '1'}")) == [
        "analytics/Part/x: metadata.once.reisue: Part knows no one-shot token 'reisue' (did you mean 'reissue'?)"
    ]


@pytest.mark.parametrize(
    ("consent", "known"), [("replace", True), ("effects", True), ("archive", False), ("protected", False)]
)
def test_consents_are_those_that_the_kind_can_need(consent: str, known: bool, tmp_path: Path) -> None:
    assert (said(tmp_path, part("x", metadata=f", lifecycle: {{allow: [{consent}]}}")) == []) is known


@pytest.mark.parametrize("value", ["{$secret: {fromEnv: HOME}}", "{a: [{$file: {path: x}}]}", "{a: {$id: a/b/c}}"])
def test_a_free_value_cannot_speak_like_us(value: str, tmp_path: Path) -> None:
    [found] = said(tmp_path, part("x", more=value))

    assert "is a word of our own, and no value" in found
    assert said(tmp_path, part("x", more="{$secret: a, b: 1, $or: [{$eq: 1}]}")) == []


# Schemas that contradict themselves.


MISTAKES: dict[str, tuple[str, str, str]] = {
    "a scope that may be missing": ("required: [partner, name]", "required: [name]", "the key 'partner' must be required"),
    "a scope that is no field": ("x-key: [partner", "x-key: [partnr", "unknown 'partnr'"),
    "a scope of its own kind": ("partner: {type: string, x-ref: Partner", "partner: {type: string, x-ref: Part", "a Part would be singled out by a Part"),
    "a list read after itself": ('items: ""}', 'items: "", after: [Part]}', "a Part would be read after a Part"),
    "a list of what cannot be listed": ("x-tree: true", "x-findable: false", "has no list"),
    "a token with blanks": ("[reissue]", "['re issue']", "cannot be the name of a token"),
    "the text of no field": ("x-file: text", "x-file: txt", "unknown 'txt'"),
    "its own text": ("x-file: text", "x-file: textFrom", "unknown 'textFrom'"),
    "a file further down": ("town: {type: string,", "town: {type: string, x-file: bytes,", "stands at the top of a spec only"),
    "a sink further down": ("town: {type: string,", "town: {type: string, x-sink: /a,", "stands at the top of a spec only"),
    "a sink that is no pointer": ("x-sink: /link/url", "x-sink: link", "'link' is no JSON pointer"),
    "a read of no field": ("when: [text]", "when: [txt]", "x-rest.read.when: unknown 'txt'"),
    "an unknown word of a read": ("fresh: true", "fresher: true", "unknown 'fresher'"),
    "a whole set with calls": ("{whole: true}", "{whole: true, add: {call: POST /x}}", "has no calls of its own"),
    "a repeat in words": ("repeat: false", "repeat: never", "expected true or false"),
    "a misspelt subfield word": ("town: {type: string,", "town: {type: string, x-wir: a,", "unknown 'x-wir'"),
    "a rule without words": (", says: four signs", "", "a rule has a pattern, and says in words what it means"),
    "a rule with other words": ("says: four signs", "say: four signs", "x-secret-rule.say: unknown 'say'"),
    "a rule that is no pattern": ('"^.{4}$"', '"("', "x-secret-rule.pattern: not a pattern"),
    "a rule of what is no secret": ("writeOnly: true, x-secret-rule", "x-secret-rule", "is for secrets"),
    "a subfield of no kind": ("keeper: {type: string, x-ref: Partner", "keeper: {type: string, x-ref: Partnr", "place.properties.keeper.x-ref: unknown 'Partnr'"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_bad_schema_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    from reconciler.load.kinds import load_kinds
    from tests.unit.load.projects import PARTNER, PERSON

    old, new, expected = MISTAKES[name]
    assert old in PART
    folder = tmp_path / "omni-analytics"
    folder.mkdir()
    for title, text in {"Part": PART.replace(old, new), "Partner": PARTNER, "Person": PERSON}.items():
        (folder / f"{title}.yaml").write_text(text)

    with pytest.raises(ManifestInvalid) as caught:
        load_kinds(tmp_path)

    assert any(expected in str(p) for p in caught.value.problems), caught.value.problems
