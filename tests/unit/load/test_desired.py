"""From files to `Desired`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.load.desired import manifests_digest
from reconciler.model.document import Address, DeleteLimit, Lifecycle, Manage
from reconciler.model.faults import ManifestInvalid
from reconciler.model.place import Place, Severity
from tests.unit.load.projects import FOLDER, LABEL, PROJECT, TEAM, catalog, load, partner, problems, write

FULL = """\
apiVersion: omni-analytics/v1
kind: Label
metadata:
  name: production
  target: analytics
  description: What is live
  labels: {team: finance}
  previously: {name: prod, key: Live}
  id: "8f2c"
  lifecycle:
    manage: create-only
    onRemove: release
    protect: true
    ignore: [spec.verified]
    allow: [rename]
spec:
  name: Production
  verified: true
"""


def test_every_word_of_a_document_arrives(tmp_path: Path) -> None:
    document = load(write(tmp_path, FULL)).documents[0]

    assert document.address == Address("analytics", "Label", "production")
    assert document.provider == "omni-analytics"
    assert document.spec == {"name": "Production", "verified": True}
    assert document.description == "What is live"
    assert document.labels == {"team": "finance"}
    assert (document.previous_name, document.previous_key, document.pinned_id) == ("prod", "Live", "8f2c")
    assert document.lifecycle == Lifecycle(
        Manage.CREATE_ONLY,
        "release",
        protect=True,
        ignore=frozenset({"spec.verified"}),
        allow=frozenset({"rename"}),
    )
    assert document.place == Place("manifests/a.yaml", 1, 1)
    assert document.at("spec", "verified") == Place("manifests/a.yaml", 18, 13)
    assert document.at("spec", "homepage") == Place("manifests/a.yaml", 17, 3)


def test_a_short_document_has_defaults(tmp_path: Path) -> None:
    document = load(write(tmp_path, LABEL)).documents[0]

    assert document.lifecycle == Lifecycle()
    assert (document.previous_name, document.previous_key, document.pinned_id) == (None, None, None)


def test_only_what_is_written_is_in_the_spec(tmp_path: Path) -> None:
    assert load(write(tmp_path, LABEL)).documents[0].spec == {"name": "Production"}
    text = partner("acme", tags="[]", note="null")
    assert load(write(tmp_path, text)).documents[0].spec == {"name": "Acme", "tags": [], "note": None}


def test_documents_come_in_the_order_of_their_addresses(tmp_path: Path) -> None:
    files = {"manifests/z.yaml": f"{TEAM}---\n{LABEL}", "manifests/a/b/c.yml": FOLDER}

    whole = load(write(tmp_path, {**files}))

    assert [str(d.address) for d in whole.documents] == [
        "analytics/Folder/reports", "analytics/Label/production", "studio/ClientTeam/brand"
    ]  # fmt: skip
    assert [d.address.name for d in whole.of("analytics", "Label")] == ["production"]
    assert whole.targets.keys() == {"analytics", "studio"}
    assert whole.delete_limit == DeleteLimit(10, 30)
    assert whole.left_out == ()


def test_a_kind_s_own_rules_are_asked(tmp_path: Path) -> None:
    other = TEAM.replace("brand", "social").replace("Brand", "Social")

    found = problems(write(tmp_path, f"{TEAM}---\n{other}"))

    assert [(str(p.place), p.rule) for p in found] == [("manifests/a.yaml:18:43", "ST-R20")]


def test_warnings_do_not_stop_anything_but_come_along(tmp_path: Path) -> None:
    whole = load(write(tmp_path, TEAM.replace("name: Brand", "name: Brand and Design")))

    assert [(str(w.place), w.severity, w.rule) for w in whole.warnings] == [
        ("manifests/a.yaml:6:9", Severity.WARNING, "ST-R11")
    ]


def test_an_error_brings_the_warnings_along(tmp_path: Path) -> None:
    warned = TEAM.replace("name: Brand", "name: Brand and Design")

    with pytest.raises(ManifestInvalid) as caught:
        load(write(tmp_path, {"manifests/a.yaml": warned, "manifests/b.yaml": LABEL.replace("Production", "P")}))

    assert [p.severity for p in caught.value.problems] == [Severity.WARNING, Severity.ERROR]


def test_no_manifest_at_all_is_a_warning_and_no_folder_an_error(tmp_path: Path) -> None:
    assert [w.message for w in load(write(tmp_path, {})).warnings] == ["no manifest was found"]
    assert [str(p) for p in problems(write(tmp_path, {}, PROJECT + "manifests: [teams]\n"))] == [
        "reconciler.yaml:9:13: there is no 'teams' (correct the path, or make the folder)"
    ]


def test_the_digest_is_that_of_what_was_read(tmp_path: Path) -> None:
    root = write(tmp_path, {"manifests/a.yaml": LABEL, "manifests/b.yaml": TEAM})
    known = catalog()
    first = load(root).digest

    assert first.startswith("sha256:")
    assert first == load(root).digest == manifests_digest(root, known)
    assert load(root, environment="prod").digest == manifests_digest(root, known, environment="prod") != first
    assert load(root, paths=["manifests/a.yaml"]).digest == manifests_digest(
        root, known, paths=["manifests/a.yaml"]
    )
    seen = {first, load(root, environment="prod").digest, load(root, paths=["manifests/a.yaml"]).digest}

    (root / "manifests/b.yaml").rename(root / "manifests/c.yaml")
    seen.add(load(root).digest)
    write(root, {"manifests/c.yaml": TEAM + "\n"})
    seen.add(load(root).digest)
    write(root, {}, PROJECT + "\n")
    seen.add(load(root).digest)
    write(root, {"manifests/a.yaml": LABEL.replace("Production", "'${var.region}'")})
    seen |= {
        load(root).digest,
        load(root, variables={"region": "x1"}).digest,
        load(root, variables={"region": "x2"}).digest,
    }
    assert len(seen) == 9


def test_the_digest_needs_no_valid_manifest_but_readable_ones(tmp_path: Path) -> None:
    root = write(tmp_path, "a: [")
    assert manifests_digest(root, catalog()).startswith("sha256:")

    (root / "manifests/b.yaml").symlink_to("/etc/passwd")
    with pytest.raises(ManifestInvalid, match="leads out of the project"):
        manifests_digest(root, catalog())


def _git(root: Path, *words: str) -> str:
    command = ["git", "-C", str(root), "-c", "user.name=J", "-c", "user.email=j@example.com", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A project that is committed as it stands."""
    root = write(tmp_path, {"manifests/a.yaml": LABEL, "manifests/README.md": "read me"})
    _git(root, "init", "-q")
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "-m", "first")
    return root


def test_the_commit_is_that_of_the_checkout(clone: Path) -> None:
    assert load(clone).commit == _git(clone, "rev-parse", "HEAD")


@pytest.mark.parametrize("path", ["manifests/README.md", "notes.yaml", "manifests/.draft.yaml"])
def test_what_is_no_manifest_may_change(path: str, clone: Path) -> None:
    (clone / path).write_text("something else")

    assert load(clone).commit == _git(clone, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("manifests/a.yaml", LABEL + "# a comment"),
        ("manifests/new.yml", LABEL.replace("production", "x").replace("Production", "Xx")),
        ("reconciler.yaml", PROJECT + "# a comment"),
        ("manifests/a.yaml", None),
    ],
)
@pytest.mark.parametrize("staged", [True, False])
def test_a_commit_that_holds_other_files_is_said_to_be_dirty(
    path: str, text: str | None, clone: Path, *, staged: bool
) -> None:
    (clone / path).unlink() if text is None else (clone / path).write_text(text)
    if staged:
        _git(clone, "add", "-A")

    assert load(clone).commit == _git(clone, "rev-parse", "HEAD") + "-dirty"


def test_a_manifest_that_git_ignores_is_not_in_the_commit(clone: Path) -> None:
    (clone / ".gitignore").write_text("manifests/secret.yaml\n")
    (clone / "manifests/secret.yaml").write_text(FOLDER)

    assert str(load(clone).commit).endswith("-dirty")


def test_there_is_no_commit_without_a_repository_that_knows_the_project(tmp_path: Path) -> None:
    (tmp_path / "studio").mkdir()
    root = write(tmp_path / "studio", LABEL)
    assert load(root).commit is None

    _git(tmp_path, "init", "-q")
    assert load(root).commit is None, "there is no commit yet"
    (tmp_path / "other").write_text("")
    _git(tmp_path, "add", "other")
    _git(tmp_path, "commit", "-q", "-m", "first")
    assert load(root).commit is None, "the commit is of something else"
    _git(tmp_path, "add", "studio/manifests")
    assert str(load(root).commit).endswith("-dirty")


def test_a_forgotten_line_between_documents_is_one_mistake_each(tmp_path: Path) -> None:
    joined = LABEL + partner("first") + partner("second") + "extra: 1\nextra: 2\n"
    files = {"manifests/a.yaml": joined, "manifests/b.yaml": partner("third", parent="second")}

    found = [str(p) for p in problems(write(tmp_path, {**files})) if p.rule == "duplicate-key"]

    assert [(line.split(": ")[0], "`---`" in line) for line in found] == [
        ("manifests/a.yaml:5:1", True), ("manifests/a.yaml:10:1", True), ("manifests/a.yaml:16:1", False),
    ]  # fmt: skip
    assert not [p for p in problems(tmp_path) if p.rule == "reference"], "it may be in what was not believed"


def test_repeated_keys_are_told_of_though_the_file_breaks_off(tmp_path: Path) -> None:
    found = problems(write(tmp_path, LABEL + "kind: Label\nspecs: [\n"))

    assert [p.rule for p in found] == ["duplicate-key", "yaml"]


def test_a_key_repeated_without_end_is_told_of_in_bounds(tmp_path: Path) -> None:
    found = problems(write(tmp_path, LABEL + "kind: Label\n" * 5_000))

    assert 100 <= len(found) <= 110


def test_two_runs_find_the_same_problems_in_the_same_order(tmp_path: Path) -> None:
    from tests.unit.load.seeded import MISTAKES

    files = {f"manifests/{i}.yaml": text.replace("¦", "") for i, text in enumerate(MISTAKES.values())}
    root = write(tmp_path, {**files})

    found = problems(root)

    assert found == problems(root)
    assert list(found) == sorted(found)
    assert len({p.place.file for p in found}) > len(MISTAKES) * 0.9


@pytest.mark.timeout(60)
def test_nobody_is_told_more_than_anybody_reads(tmp_path: Path) -> None:
    wrong = LABEL.replace("{name: Production}", "{" + ", ".join(f"x{i}: 1" for i in range(200)) + "}")
    files = {f"manifests/{i:03}.yaml": wrong.replace("production", f"p{i}") for i in range(100)}

    found = problems(write(tmp_path, {**files}))

    assert 1_000 <= len(found) <= 1_100
    assert any("what follows was not looked at" in p.message for p in found)


def test_a_file_with_a_secret_that_git_would_add_is_told(tmp_path: Path) -> None:
    manifest = partner("acme", password="{fromFile: ./keys/lake, version: 1}")
    root = write(tmp_path, {"manifests/a.yaml": manifest, "keys/lake": "swordfish"})
    assert load(root).warnings == (), "there is no repository"

    _git(root, "init", "-q")
    [told] = load(root).warnings
    assert "spec.password: git does not ignore keys/lake, which holds a secret" in told.message
    assert (told.hint, told.rule) == ("add keys/lake to .gitignore", "exposed")
    (root / ".gitignore").write_text("keys/\n")
    assert load(root).warnings == ()
    _git(root, "add", "-f", "keys/lake")
    assert len(load(root).warnings) == 1, "tracked, whatever it is told to ignore"


@pytest.mark.parametrize("file", ["../lake", "/etc/lake", ".", "keys/none", ":(glob)**"])
def test_of_a_file_that_is_not_in_the_project_git_is_told_nothing(file: str, tmp_path: Path) -> None:
    root = write(tmp_path, partner("acme", password=f"{{fromFile: '{file}', version: 1}}"))
    _git(root, "init", "-q")
    assert load(root).warnings == ()
