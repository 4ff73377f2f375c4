"""What `explain` and `kinds` say of the odder words of a schema."""

from __future__ import annotations

import json

import pytest

from reconciler.load.kinds import load_kinds
from reconciler.model.kind import Field, Kind
from reconciler.model.record import replace
from reconciler.report.explain import explain_text
from reconciler.report.explain_short import explain_short
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
        ("omni-analytics", "Schedule.password", "a secret reference: {fromEnv: NAME, version: 1}"),
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


@pytest.mark.parametrize(
    ("provider", "path", "words"),
    [
        ("omni-analytics", "ModelRoles.roles", "none is taken away"),
        ("omni-analytics", "ModelRoles.roles.role", "a change: the entry is changed"),
        (
            "omni-analytics",
            "ModelRoles.subject.user",
            "a change: not possible; roles stay with whom they were given",
        ),
        (
            "omni-analytics",
            "ModelGit.connection",
            "a change: not possible; a git configuration stays with its model",
        ),
        ("omni-analytics", "ModelFile.model", "a change: not possible; a file keeps its name"),
        ("omni-analytics", "SchemaRefresh.timezone", "a change: changed in place"),
        ("omni-analytics", "SchemaRefresh.cron", "a change: changed in place where the ledger knows it"),
        ("omni-analytics", "Document.settings.canDownload", "read back: no; compared with what was sent last"),
        ("omni-analytics", "Schedule.options.hideTitle", "read back: no; compared with what was sent last"),
        ("omni-analytics", "Model.accessGrants.name", "a change: refused, it is fixed once created: change it in"),
        ("omni-analytics", "ConnectionEnvironments.environments", "added or changed; none is removed"),
        ("studio-tracker", "Invitation.role", "a change: refused, it is fixed once the invitation is sent"),
        ("omg-platform", "Task.startDate", "a change: not possible; a task cannot be changed"),
    ],
)
def test_a_field_tells_the_truth_of_a_change(provider: str, path: str, words: str) -> None:
    name, *fields = path.split(".")
    assert words in said(provider, name, *fields)


def test_a_remedy_of_many_fields_is_said_once() -> None:
    text = said("omni-analytics", "Connection")
    assert text.count("what is declared is then taken for what the product has") == 1
    assert "a change: refused, it is fixed once created: see [1]" in text
    assert "\n  [1] change it in the product" in text
    assert "see [" not in said("omni-analytics", "Connection", "host")


@pytest.mark.parametrize("one", [pytest.param(k, id=f"{k.provider}/{k.name}") for k in KINDS.values()])
def test_no_line_is_wider_than_the_page(one: Kind) -> None:
    pages = [explain_text(one, path, Style(80)) for path in ((), *((name,) for name in one.fields))]
    assert [line for page in pages for line in page.splitlines() if len(line) > 80] == []
    assert not any("{from" in line and "…" in line for page in pages for line in page.splitlines())


def test_in_short_each_field_is_a_line() -> None:
    text = explain_short(kind("omni-analytics", "Folder"), (), Style(80))
    assert text.startswith("omni-analytics/Folder\n  path ")
    assert "\n    role         required, one of NO_ACCESS, VIEWER, EXPLORER, EDITOR, MANAGER\n" in text
    assert "slug" not in text, "nobody can declare it"
    schedule = kind("omni-analytics", "Schedule")
    assert explain_short(schedule, ("alert",), Style(80)).splitlines()[-1] == "  query  required, string"
    assert explain_short(schedule, ("password",), Style(80)).endswith("\n  secret reference\n")


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
    declared = not field.refused and not field.read_only and not one.source
    assert ("a change: " in told.split("Fields of an entry")[0].split("Its fields")[0]) is declared
    if declared and not field.local and not field.pins and not one.fields[path[0]].local:
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
