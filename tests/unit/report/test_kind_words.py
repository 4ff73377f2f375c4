"""What `explain` and `kinds` say of the odder words of a schema."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.load.kinds import load_kinds
from reconciler.model.kind import Field, Kind
from reconciler.report.explain import explain_text
from reconciler.report.kinds import kinds_json, kinds_markdown, kinds_text
from reconciler.report.style import Style

KINDS = load_kinds()
WIDE = Style(200)


def kind(provider: str, name: str) -> Kind:
    return KINDS[provider, name]


def said(provider: str, name: str, *path: str) -> str:
    return explain_text(kind(provider, name), path, WIDE)


def test_a_key_within_a_scope_names_both() -> None:
    assert "recognised by: space and key\n" in said("omni-cms", "Component")


def test_a_kind_that_no_list_shows_says_so_and_offers_no_rename() -> None:
    text = said("omg-platform", "Brief")
    assert "recognised by: its recorded or pinned id alone: no list and no search shows it" in text
    assert "renaming" not in text


def test_one_shot_tokens_are_named() -> None:
    assert "one-shot tokens (metadata.once): reissue; a new value acts once" in said(
        "studio-tracker", "Invitation"
    )
    brief = kind("omg-platform", "Brief")
    assert "once: changeRequest" in kinds_text([brief], WIDE)
    assert "once: changeRequest" in kinds_markdown([brief])


def test_a_kind_that_is_only_observed_says_so_and_nothing_of_leaving_git() -> None:
    user = replace(kind("omni-analytics", "User"), abilities=())
    assert "can: observe\n" in explain_text(user, (), WIDE)
    for text in (explain_text(user, (), WIDE), kinds_text([user], WIDE), kinds_markdown([user])):
        assert "observe" in text
        assert "leav" not in text


@pytest.mark.parametrize(
    ("provider", "path", "words"),
    [
        ("omni-cms", "Component.file", "a file of the project, compared by its sha256"),
        ("omni-cms", "Component.contentFrom", "a file of the project, whose text is the value of `content`"),
        ("studio-tracker", "Invitation.link", "where a value goes that is shown once: {toFile: path}"),
        ("omni-analytics", "Schedule.password", "a secret reference: {fromEnv: …, version: 1}"),
        (
            "omni-analytics",
            "Schedule.document",
            "another value replaces the thing (needs lifecycle.allow: [replace])",
        ),
        ("omni-analytics", "Folder.permissions", "entries are told apart by users or groups"),
    ],
)
def test_a_field_says_how_it_is_treated(provider: str, path: str, words: str) -> None:
    name, *fields = path.split(".")
    text = said(provider, name, *fields).split("Fields of an entry")[0]
    assert words in text
    assert "never sent" not in text
    assert "fixed once created" not in text


def test_an_effect_of_a_field_is_told() -> None:
    brief = kind("omg-platform", "Brief")
    loud = replace(brief, fields={**brief.fields, "title": replace(brief.fields["title"], effect="sends a mail")})
    assert "a change: changed in place; sends a mail" in explain_text(loud, ("title",), WIDE)


EVERY_FIELD = [
    (k, (*above, n), f)
    for k in KINDS.values()
    for above, fields in [((), k.fields), *(((n,), f.entries) for n, f in k.fields.items())]
    for n, f in fields.items()
]


@pytest.mark.parametrize(("one", "path", "field"), EVERY_FIELD)
def test_every_field_tells_what_a_change_of_it_does_and_whether_it_is_read_back(
    one: Kind, path: tuple[str, ...], field: Field
) -> None:
    told = explain_text(one, path, WIDE)
    declared = not field.refused and not field.read_only
    assert ("a change: " in told.split("Fields of an entry")[0].split("Its fields")[0]) is declared
    if declared and not field.local and not field.pins:
        assert "read back: " in told
    if field.immutable and not field.replaces and not field.nested and not field.local:
        assert f"fixed once created: {field.immutable}" in " ".join(told.split())


def test_a_page_of_a_kind_tells_of_its_entries_fields_too() -> None:
    text = said("omni-analytics", "Folder")
    assert "one of NO_ACCESS, VIEWER, EXPLORER, EDITOR, MANAGER" in text
    assert "      because  string, never sent" in text


def test_machines_get_key_findable_and_tokens() -> None:
    found = {k["kind"]: k for k in json.loads(kinds_json(KINDS.values()))}
    assert found["Component"]["key"] == ["space", "key"]
    assert found["Brief"]["findable"] is False
    assert found["Invitation"]["tokens"] == ["reissue"]


def test_refused_kinds_stand_apart_with_their_reasons() -> None:
    text, page = kinds_text(KINDS.values(), WIDE), kinds_markdown(KINDS.values())
    told = "the reference prints no paths for it; work on it in OMG Platform"
    assert f"refused: omg-platform/Deliverable - {told}" in text
    assert "### Refused" in page
    assert "Deliverable" not in page.partition("### Refused")[0]
    found = {(k["provider"], k["kind"]): k for k in json.loads(kinds_json(KINDS.values()))}
    one = found["omg-platform", "Deliverable"]
    assert (one["refused"], one["abilities"], one["key"], one["onRemove"]) == (told, [], [], None)
    assert found["omg-platform", "Brief"]["refused"] is None
    assert kinds_text([kind("omg-platform", "Brief")], WIDE).count("refused") == 0


def test_what_is_refused_is_explained() -> None:
    assert "Cannot be managed: the reference prints no paths for it; work on it in OMG Platform." in said(
        "omg-platform", "Deliverable"
    )
    assert "not declared in manifests: invite with Invitation;" in said("studio-tracker", "User")
    status = said("omg-platform", "Brief", "status")
    assert "cannot be managed: a status cannot be set" in status
    assert "example" not in status


def test_what_stands_in_the_place_of_a_key_and_how_a_file_begins() -> None:
    assert "says which one it is where the key is not written" in said("omg-platform", "User", "staffId")
    assert "begins with the bytes FF D8 FF" in said("omg-platform", "User", "avatar")
