"""`--only` and `--exclude`, and what they leave out."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.selection import select
from reconciler.model.document import Address, Desired
from reconciler.model.faults import UsageWrong
from tests.unit.load.projects import FOLDER, LABEL, TEAM, load, write

GONE = Address("analytics", "Label", "old")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Desired:
    marked = LABEL.replace("{name: production}", "{name: production, labels: {team: finance, tier: gold}}")
    draft = LABEL.replace("production", "draft").replace("Production", "Draft")
    nested = FOLDER.replace("{name: reports}", "{name: finance/reports, labels: {team: sales}}")
    files = {
        "manifests/a.yaml": f"{marked}---\n{draft}",
        "manifests/x/f.yaml": nested,
        "manifests/x/y/t.yaml": TEAM,
    }
    return load(write(tmp_path_factory.mktemp("project"), {**files}))


PRODUCTION, DRAFT, REPORTS, BRAND = (
    "analytics/Label/production", "analytics/Label/draft", "analytics/Folder/finance/reports", "studio/ClientTeam/brand"
)  # fmt: skip


@pytest.mark.parametrize(
    ("only", "exclude", "kept"),
    [
        ([], [], [REPORTS, DRAFT, PRODUCTION, BRAND]),
        (["analytics/Label/*"], [], [DRAFT, PRODUCTION]),
        (["*/Label/*"], [], [DRAFT, PRODUCTION]),
        (["*/*/*"], [], [REPORTS, DRAFT, PRODUCTION, BRAND]),
        (["analytics/Label/draft", BRAND], [], [DRAFT, BRAND]),
        (["analytics/*/finance/*"], [], [REPORTS]),
        (["analytics/Label/d?a[f]t"], [], [DRAFT]),
        (["kind:Label"], [], [DRAFT, PRODUCTION]),
        (["kind:*"], ["kind:Label"], [REPORTS, BRAND]),
        (["label:team"], [], [REPORTS, PRODUCTION]),
        (["label:team=finance"], [], [PRODUCTION]),
        (["label:team=*"], ["label:tier=gold"], [REPORTS]),
        (["path:manifests/x"], [], [REPORTS, BRAND]),
        (["path:manifests/x/"], [], [REPORTS, BRAND]),
        (["path:manifests/*.yaml"], [], [REPORTS, DRAFT, PRODUCTION, BRAND]),
        (["path:manifests/a.yaml"], [], [DRAFT, PRODUCTION]),
        ([], ["analytics/*/*"], [BRAND]),
        (["kind:Label"], ["analytics/Label/draft"], [PRODUCTION]),
    ],
)
def test_a_part_is_chosen(only: list[str], exclude: list[str], kept: list[str], whole: Desired) -> None:
    part = select(whole, only=only, exclude=exclude)

    assert [str(d.address) for d in part.documents] == kept
    assert {str(a) for a in part.left_out} == {REPORTS, DRAFT, PRODUCTION, BRAND} - set(kept)
    assert part.digest == whole.digest
    assert part.declared == whole.documents
    assert select(part, only=only).declared == whole.documents, "however often a part is taken"


@pytest.mark.parametrize(
    ("pattern", "message", "hint"),
    [
        (
            "analytics/Label/drafts",
            "'analytics/Label/drafts' matches no document",
            "did you mean 'analytics/Label/draft'?",
        ),
        (
            "analytics/label/draft",
            "'analytics/label/draft' matches no document",
            "did you mean 'analytics/Label/draft'?",
        ),
        ("kind:Lable", "'kind:Lable' matches no document", "did you mean 'kind:Label'?"),
        ("label:team=finanse", "'label:team=finanse' matches no document", "did you mean 'label:team=finance'?"),
        (
            "path:manifest/a.yaml",
            "'path:manifest/a.yaml' matches no document",
            "did you mean 'path:manifests/a.yaml'?",
        ),
        ("zzz/zzz/zzz", "'zzz/zzz/zzz' matches no document", ""),
        ("Label", "'Label' selects nothing that is known here", "write `target/Kind/name`"),
        ("Label/draft", "'Label/draft' selects nothing that is known here", "write `target/Kind/name`"),
        ("cms/*", "'cms/*' selects nothing that is known here", "write 'cms/*/*'"),
        ("kind:", "'kind:' selects nothing that is known here", "write `target/Kind/name`"),
        ("", "'' selects nothing that is known here", "write `target/Kind/name`"),
    ],
)
def test_a_pattern_that_matches_nothing_is_a_mistake(
    pattern: str, message: str, hint: str, whole: Desired
) -> None:
    for words in ({"only": [pattern]}, {"exclude": [pattern]}):
        with pytest.raises(UsageWrong) as caught:
            select(whole, **words)  # type: ignore[arg-type]
        assert str(caught.value) == message
        assert caught.value.hint.startswith(hint)


def test_an_address_that_is_only_recorded_may_be_meant(whole: Desired) -> None:
    with pytest.raises(UsageWrong):
        select(whole, only=[str(GONE)])

    assert select(whole, only=[str(GONE)], known=[GONE]).selects(GONE)
    assert select(whole, only=["kind:Label"], known=[GONE]).selects(GONE)
    assert not select(whole, only=["kind:Folder"], known=[GONE]).selects(GONE)
    assert not select(whole, exclude=["kind:Label"], known=[GONE]).selects(GONE)
    assert select(whole, exclude=["kind:Folder"], known=[GONE]).selects(GONE)


def test_what_left_git_is_never_selected_on_a_guess(whole: Desired) -> None:
    """Its labels and its file are not known any more: it may be one of those that are not to be touched."""
    for only in (["label:team=finance"], ["path:manifests/a.yaml"]):
        assert not select(whole, only=only, known=[GONE]).selects(GONE)
    for exclude in (["label:team=finance"], ["path:manifests/x"]):
        assert not select(whole, exclude=exclude, known=[GONE]).selects(GONE)


def test_changed_addresses_narrow_the_choice(whole: Desired) -> None:
    changed = {Address.parse(DRAFT), Address.parse(BRAND), GONE}

    part = select(whole, exclude=["kind:ClientTeam"], changed=changed)

    assert [str(d.address) for d in part.documents] == [DRAFT]
    assert part.selects(GONE)
    assert not part.selects(Address("analytics", "Label", "older"))


def test_choices_add_up(whole: Desired) -> None:
    part = select(select(whole, only=["analytics/*/*"]), exclude=["kind:Folder"])

    assert [str(d.address) for d in part.documents] == [DRAFT, PRODUCTION]
    assert {str(a) for a in part.left_out} == {REPORTS, BRAND}
    assert not part.selects(Address("studio", "Pod", "x"))


@pytest.mark.parametrize(
    ("only", "exclude"),
    [
        (["kind:Folder"], []),
        ([DRAFT], []),
        (["path:manifests/a.yaml"], []),
        (["label:team=finance"], []),
        ([], ["kind:Label"]),
        ([], ["path:manifests/x"]),
    ],
)
def test_what_left_git_and_was_not_selected_is_said_to_be_left_out(
    only: list[str], exclude: list[str], whole: Desired
) -> None:
    part = select(whole, only=only, exclude=exclude, known=[GONE, Address.parse(PRODUCTION)])

    assert GONE in part.left_out
    assert [str(a) for a in part.left_out].count(PRODUCTION) == (PRODUCTION not in map(str, _kept(part)))


def test_what_left_git_and_was_selected_is_not_left_out(whole: Desired) -> None:
    assert GONE not in select(whole, only=["kind:Label"], known=[GONE]).left_out
    assert GONE not in select(whole, changed={GONE}, known=[GONE]).left_out
    assert GONE in select(whole, changed=set(), known=[GONE]).left_out


def test_a_target_that_is_no_more_is_not_left_out_by_a_selection(whole: Desired) -> None:
    elsewhere = Address("elsewhere", "Label", "old")

    assert elsewhere not in select(whole, only=["kind:Folder"], known=[elsewhere]).left_out


def test_a_document_takes_its_former_name_along(tmp_path: Path) -> None:
    renamed = LABEL.replace("{name: production}", "{name: production, previously: {name: old}}")
    desired = load(write(tmp_path, renamed + "---\n" + FOLDER))

    assert GONE not in select(desired, only=[PRODUCTION], known=[GONE]).left_out
    assert GONE in select(desired, only=["kind:Folder"], known=[GONE]).left_out


def _kept(part: Desired) -> list[Address]:
    return [d.address for d in part.documents]


def test_a_field_is_left_out_of_what_is_live(whole: Desired) -> None:
    found = select(whole, exclude=["field:Folder.path"])

    folders = [d for d in found.documents if d.kind == "Folder"]
    assert folders
    assert {d.lifecycle.ignore for d in folders} == {frozenset({"spec.path"})}
    assert len(found.documents) == len(whole.documents)
    assert [w.message for w in found.warnings][-1].startswith("Folder.path is left out")


def test_a_field_is_not_selected_alone_and_has_to_be_declared(whole: Desired) -> None:
    with pytest.raises(UsageWrong, match="cannot be selected alone"):
        select(whole, only=["field:Folder.path"])
    with pytest.raises(UsageWrong) as wrong:
        select(whole, exclude=["field:Folder.pth"])
    assert "field:Folder.path" in wrong.value.hint
