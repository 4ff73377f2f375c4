"""An import into an empty folder: a plan of what it wrote needs no call, and a second one adds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reconciler import workflow
from reconciler.model.change import Verb
from reconciler.model.document import Document, Manage
from reconciler.twins import Fault, OmgTwin, OmnCoreTwin, OmniCmsTwin, OmniTwin, TrackerTwin, Twin
from tests.contract.deliveries import FILES, HOOK, MAIL, office
from tests.contract.grants import BOB, FINANCE, JANE, MARKETING, by_hand
from tests.contract.importing import Place, place
from tests.contract.jobs import make
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER, TWINS, World, hasty_clock

HOSTILE = "\u202eevil\x1b[31m \x07 'quoted' \"too\": - # {x} ${var.year} $${y} \U0001f600"
"""What a live text may hold that no manifest can, nor any terminal should."""
AWKWARD = "yes: 'no' \"# {a, b}\": [x] *y &z ${var.year} $${z} %@` — ü\u00a0\U0001f600  two"

TOLD = f"first line\n  second: {AWKWARD}\n\n- third"


def analytics(twin: Twin) -> None:
    """Groups, grants, restricted folders, folders of one name, deliveries of every kind."""
    assert isinstance(twin, OmniTwin)
    w = World({OMNI: twin}, {}, hasty_clock(), None)
    here = office(w)
    for name, who in (("Finance Team", [JANE, BOB]), ("Nobody", []), ("yes", [JANE])):
        body: Any = {"displayName": name, "members": [{"value": here.ids[p]} for p in who]}
        assert twin.edit("POST", "/scim/v2/groups", body).ok
    by_hand(w, "EDITOR", JANE, "Finance Team")
    by_hand(w, "MANAGER", JANE, folder=MARKETING, boost=True)
    for name in ("Input/Output", "null", "2024", "Größe ~ %20"):
        assert twin.edit("POST", "/v1/folders", {"name": name, "parentFolderId": FINANCE}).ok
    here.by_hand("Weekly", MAIL)
    here.by_hand("Hook", HOOK)
    here.by_hand("Hook", HOOK, here.stock)
    here.by_hand("Files", FILES)
    here.by_hand("Alert", {**HOOK, "tile": "1", "alert": {"when": "RESULTS_PRESENT", "query": "1"}})
    here.edit("Files", "pause")
    assert twin.edit("POST", "/v1/labels", {"name": "true"}).ok
    for _ in "ab":
        twin.edit("POST", "/v1/folders", {"name": "Twice"})


def studio(twin: Twin) -> None:
    """Descriptions, a project without a number, somebody who is primary twice, a job like a number."""
    assert isinstance(twin, TrackerTwin)
    w = World({TRACKER: twin}, {}, hasty_clock(), None)
    make(w, "007", description=TOLD, priority="URGENT")
    make(w, "1e3", requestor="~")
    twin.add_project("A wish")
    teams: Any = twin.edit("GET", "/api/client-teams").body
    jane = next(m["userId"] for t in teams for m in t["members"] if m["user"]["email"] == JANE)
    for team in teams:
        path = f"/api/client-teams/{team['id']}/members"
        twin.edit("DELETE", f"{path}?userId={jane}")
        assert twin.edit("POST", path, {"userId": jane, "isPrimary": True}).ok
    twin.add_invitation("Guest@Example.com", "ADMIN", is_external=True)


def cms(twin: Twin) -> None:
    """A tree, the same key in two spaces, long and awkward texts, files, values of its own."""
    assert isinstance(twin, OmniCmsTwin)
    site, shop = twin.add_space("A site: yes"), twin.add_space("Größe")
    about = twin.add_component(site, "about", name=AWKWARD, content="<p>\n  a\n</p>\n")
    deep = twin.add_component(
        site, "deep", parent_id=about, content="x" * 5_000, metadata={"a": [1, None, {"b": "no"}]}
    )
    twin.add_component(shop, "about", name="", content="a\r\nb", tags=["b", "a"], visible=False)
    twin.add_component(shop, "con", parent_id=None, content=HOSTILE, name="con")
    twin.add_component(site, "hostile", name=HOSTILE)
    twin.add_file(deep, "pic.svg", b"<svg/>")
    twin.add_file(about, "data.bin", b"\0\1\2")
    twin.add_user("shop@example.com", key="k")
    for _ in "ab":
        twin.add_component(twin.add_space("Twice"), "only", content="here")


def core(twin: Twin) -> None:
    """Values that look like other things, one that no path can hold, labels that no manifest takes."""
    assert isinstance(twin, OmnCoreTwin)
    twin.add_keyword("no", labels={"en_GB": "yes", "de_DE": "~"})
    twin.add_keyword("12:30:00", "/no", labels={"en_GB": AWKWARD.replace("\u00a0", " ")})
    twin.add_keyword("A/B")
    twin.add_keyword("below", "/Colours", labels={"en_GB": " blank "})
    twin.add_keyword("${var.year}")


def platform(twin: Twin) -> None:
    """Somebody with an odd name, and a brief that nobody finds."""
    assert isinstance(twin, OmgTwin)
    twin.add_user("odd@example.com", "null", "O'Neil: #1")
    twin.add_brief("Q3")


MORE: dict[str, Callable[[Twin], None]] = {
    OMNI: analytics,
    TRACKER: studio,
    CMS: cms,
    CORE: core,
    PLATFORM: platform,
}


def world_of(name: str, profile: str, tmp_path: Path, *, more: bool) -> dict[str, Twin]:
    twin = TWINS[name](profile)
    twin.seed_world()
    if more:
        MORE[name](twin)
    return {name: twin}


@pytest.fixture(params=["plain", "adversarial"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def opened(name: str, profile: str, root: Path, *, more: bool = True) -> Iterator[Place]:
    """One system, with everything in it or as it is from the beginning, and an empty project."""
    twin = TWINS[name](profile)
    twin.seed_world()
    if more:
        MORE[name](twin)
    with place(root / "project", {name: twin}) as found:
        yield found


def specs(p: Place, kind: str) -> dict[str, dict[str, Any]]:
    """Name -> spec of the documents of a kind, as the loader reads them."""
    found = workflow.validate(p.options).documents
    return {d.address.name: dict(d.spec) for d in found if d.kind == kind}


def metadata(p: Place, kind: str, name: str) -> Document:
    return next(d for d in workflow.validate(p.options).documents if (d.kind, d.address.name) == (kind, name))


@pytest.mark.parametrize("name", TWINS)
def test_what_stands_there_from_the_beginning(name: str, profile: str, tmp_path: Path) -> None:
    with opened(name, profile, tmp_path, more=False) as p:
        plan = p.settles(name)
        people = {a.verb for a in plan.actions if a.address.kind == "User" and name == "analytics"}
        assert {a.verb for a in plan.actions} - people == {Verb.ADOPT}
        assert people <= {Verb.OBSERVE}  # OA-R51


@pytest.mark.parametrize("name", TWINS)
def test_every_kind_and_every_trap(name: str, profile: str, tmp_path: Path) -> None:
    with opened(name, profile, tmp_path) as p:
        plan = p.settles(name)
        assert {a.verb for a in plan.actions} <= {Verb.ADOPT, Verb.OBSERVE}
        assert "\x1b" not in p.said
        assert "\u202e" not in p.said
        for path, data in p.files().items():
            assert path.startswith(f"manifests/{name}/") or path == "reconciler.yaml"
            assert b"\x1b" not in data or "/files/" in path


def test_people_teams_and_jobs(profile: str, tmp_path: Path) -> None:
    with opened(TRACKER, profile, tmp_path) as p:
        p.settles(TRACKER)
        assert "Project A wish: it has no job number" in p.said
        assert "BookingPlan: the tracker has bookings and no plans" in p.said
        assert specs(p, "Project")["007"]["statusDetails"] == TOLD
        assert specs(p, "Project")["1e3"] == {
            "omgJobNumber": "1e3",
            "name": "1e3 - Made",
            "projectCode": "X-1",
            "team": "brand",
            "status": "PIPELINE",
            "priority": "MEDIUM",
            "owner": "~",
        }
        assert specs(p, "Invitation")["guest-example.com"] == {
            "email": "Guest@Example.com",
            "role": "ADMIN",
            "isExternal": True,
        }
        primaries = [m for t in specs(p, "ClientTeam").values() for m in t["members"] if m.get("isPrimary")]
        assert len({m["user"] for m in primaries}) == len(primaries)  # no two manifests may say it of one person


def test_components(profile: str, tmp_path: Path) -> None:
    with opened(CMS, profile, tmp_path) as p:
        p.settles(CMS)
        found = specs(p, "Component")
        assert "(6): the root of a space comes with it" in p.said
        assert found["a-site-yes/about"]["name"] == AWKWARD
        assert found["a-site-yes/about"]["content"] == "<p>\n  a\n</p>\n"
        assert (found["deep"]["parent"], found["deep"]["content"]) == ("a-site-yes/about", "x" * 5_000)
        assert found["deep"]["metadata"] == {"a": [1, None, {"b": "no"}]}
        assert found["grosse/about"]["content"] == "a\r\nb"
        assert found["con"]["content"] == HOSTILE
        assert "name" not in found["hostile"]
        assert "Component.name \\u202eevil\\x1b[31m" in p.said
        assert {"published", "visible", "sequence"} & found["hostile"].keys() == {"published"}
        beside = sorted(path for path in p.files() if "/files/" in path)
        assert beside == [
            "manifests/cms/files/a-site-yes/deep.txt",
            "manifests/cms/files/grosse/about.txt",
            "manifests/cms/files/grosse/con-file.txt",
        ]
        assert all(metadata(p, "Space", name).pinned_id for name in ("twice", "twice-2"))
        assert metadata(p, "Space", "shop").pinned_id is None
        assert specs(p, "User")["shop-example.com"] == {"email": "shop@example.com"}


def test_files_are_downloaded_where_that_is_asked_for(profile: str, tmp_path: Path) -> None:
    with opened(CMS, profile, tmp_path) as p:
        p.run("import", CMS, "Component")
        plain = {f for f in p.files() if "/files/" in f}
        assert "Component.file: not read" in p.said
    with opened(CMS, profile, tmp_path / "again") as p:
        p.settles(CMS, "--with-files")
        held = {f: data for f, data in p.files().items() if "/files/" in f and f not in plain}
        assert set(held.values()) >= {b"<svg/>", b"\0\1\2"}
        assert specs(p, "Component")["deep"]["verifyFiles"] is True
        assert "hasFile" not in specs(p, "Component")["deep"]


def test_keywords(profile: str, tmp_path: Path) -> None:
    with opened(CORE, profile, tmp_path) as p:
        p.settles(CORE)
        found = specs(p, "Keyword")
        assert "Keyword A/B: `path`: a name in it is empty or holds a slash" in p.said
        assert "Keyword.labels Colours/below: the label ' blank '" in p.said
        assert found["colours/below"] == {"path": "Colours/below"}
        assert found["no"]["labels"] == [{"locale": "de_DE", "text": "~"}, {"locale": "en_GB", "text": "yes"}]
        assert found["var.year"] == {"path": "${var.year}"}


def test_schedules_that_cannot_be_told_whole_are_only_observed(profile: str, tmp_path: Path) -> None:
    with opened(OMNI, profile, tmp_path) as p:
        p.settles(OMNI, "Schedule")
        found = specs(p, "Schedule")
        assert set(found) == {"weekly", "d0c00003/hook", "d0c00004/hook", "files", "alert"}
        life = {name: metadata(p, "Schedule", name).lifecycle for name in found}
        assert {n for n, one in life.items() if one.manage is Manage.OBSERVE} == {"weekly", "files", "alert"}
        assert life["weekly"].ignore == {"spec.subject"}
        assert found["d0c00003/hook"]["format"] == "pdf"
        assert found["weekly"]["recipients"] == ["jane@example.com", "reports@partner.example.com"]


def test_grants_are_read_where_that_is_asked_for(profile: str, tmp_path: Path) -> None:
    with opened(OMNI, profile, tmp_path) as p:
        p.settles(OMNI, "--with", "permissions")
        found = specs(p, "Folder")
        grants = [{"role": "EDITOR", "users": ["jane@example.com"], "groups": ["finance-team"]}]
        boosted = [{"role": "MANAGER", "users": ["jane@example.com"], "accessBoost": True}]
        seen = profile == "plain"  # the other server shows no grants of groups
        assert found["finance"].get("permissions") in (grants, [{k: grants[0][k] for k in ("role", "users")}])
        assert not seen or found["finance"]["permissions"] == grants
        assert found["marketing"]["permissions"] == boosted
        assert found["finance"]["permissionsMode"] == "additive"


def test_accounts_are_imported_to_be_looked_at_and_named_by_address(profile: str, tmp_path: Path) -> None:
    with opened(OMNI, profile, tmp_path) as p:
        p.settles(OMNI)
        assert metadata(p, "User", "jane-example.com").lifecycle.manage is Manage.OBSERVE
        assert all("@" in m for g in specs(p, "UserGroup").values() for m in g.get("members", []))


def test_recipients_without_an_account_are_imported(profile: str, tmp_path: Path) -> None:
    with opened(OMNI, profile, tmp_path) as p:
        p.settles(OMNI, "EmailOnlyUser")
        assert specs(p, "EmailOnlyUser")["ext-partner.example.com"]["attributes"] == {"region": ["EMEA"]}


def test_what_no_list_shows_is_refused(tmp_path: Path) -> None:
    with opened(PLATFORM, "plain", tmp_path) as p:
        p.run("import", PLATFORM, "Brief", code=3)
        assert "Brief cannot be imported: no list and no search shows a Brief" in p.told
        assert "metadata.id" in p.told
        p.run("import", PLATFORM)
        assert "Brief: no list" in p.said


def test_lists_of_some_values_only(tmp_path: Path) -> None:
    with opened(CMS, "plain", tmp_path) as p:
        p.run("import", CMS, "Space", "Component", "--by", "space=Website")
        assert {s["space"] for s in specs(p, "Component").values()} == {"website"}
        p.run("import", CMS, "--by", "spaec=Website", code=3)
        assert "did you mean 'space'?" in p.told
    with opened(OMNI, "plain", tmp_path / "more") as p:
        p.run("import", OMNI, "Folder", "--by", "owner=bob@example.com")
        assert "jane-s-drafts" not in specs(p, "Folder")
        p.run("import", OMNI, "Schedule", "--by", "document=d0c00004")
        assert set(specs(p, "Schedule")) == {"hook"}


def test_what_is_declared_already_is_not_written_again(profile: str, tmp_path: Path) -> None:
    with opened(TRACKER, profile, tmp_path) as p:
        own = p.root / "manifests" / "own.yaml"
        own.write_text(
            "apiVersion: studio-tracker/v1\nkind: ClientTeam\nmetadata: {name: ours}\n"
            "spec: {slug: brand, name: Another name}"
        )
        before = own.read_bytes()
        p.run("import", TRACKER, "ClientTeam", "Project")
        assert "1 declared already" in p.said
        assert own.read_bytes() == before
        assert set(specs(p, "ClientTeam")) == {"ours", "brand-safety", "retail-media"}
        assert specs(p, "Project")["007"]["team"] == "ours"
        assert {a.address.name for a in p.plan().actions if a.verb is not Verb.ADOPT or a.fields} == {"ours"}


def test_what_people_wrote_goes_before_what_is_imported(tmp_path: Path) -> None:
    """A document that means nothing live, for its pin, and has the key of something that is."""
    with opened(OMNI, "plain", tmp_path, more=False) as p:
        own = p.root / "manifests" / "own.yaml"
        head = "apiVersion: omni-analytics/v1\nkind: Label\n"
        own.write_text(head + "metadata: {name: mine, id: elsewhere}\nspec: {name: draft}\n")
        p.run("import", OMNI, "Label")
        said = " ".join(p.said.split())
        assert "Label Draft: `name`: analytics/Label/mine says the same, at manifests/own.yaml:4:14" in said
        assert set(specs(p, "Label")) == {"mine", "homepage-pick", "in-review", "q1-2024"}


def test_what_is_new_is_added_to_what_people_wrote(tmp_path: Path) -> None:
    with opened(OMNI, "plain", tmp_path, more=False) as p:
        p.run("import", OMNI, "Label")
        labels = p.root / "manifests" / OMNI / "labels.yaml"
        labels.write_bytes(labels.read_bytes().rstrip(b"\n") + b"   # the last one\r\n---")
        before = labels.read_bytes()
        assert p.twins[OMNI].edit("POST", "/v1/labels", {"name": "Newer"}).ok
        p.settles(OMNI, "Label")
        assert labels.read_bytes().startswith(before)
        assert set(specs(p, "Label")) == {"draft", "homepage-pick", "in-review", "q1-2024", "newer"}


def test_a_thing_whose_document_left_git_gets_its_old_name(tmp_path: Path) -> None:
    with opened(OMNI, "plain", tmp_path, more=False) as p:
        p.run("import", OMNI, "Label")
        labels = p.root / "manifests" / OMNI / "labels.yaml"
        labels.write_text(labels.read_text().replace("name: in-review", "name: under/review"))
        p.run("apply", "--yes")
        labels.unlink()
        p.run("import", OMNI, "Label")
        assert "under/review" in specs(p, "Label")
        assert {a.verb for a in p.plan().actions} == {Verb.NONE}


def test_a_dry_run_prints_and_writes_nothing(profile: str, tmp_path: Path) -> None:
    with opened(CMS, profile, tmp_path) as p:
        before = p.files()
        p.run("import", CMS, "--dry-run")
        assert p.files() == before
        assert "# manifests/cms/spaces.yaml\n" in p.said
        assert "kind: Component\nmetadata: {name: hostile}" in p.said
        assert "would be written" in p.told
        assert not {"\x1b", "\u202e", "\x07"} & {*p.said, *p.told}


def test_a_list_that_is_refused_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    with opened(TRACKER, "plain", tmp_path) as p:
        fault = Fault("status", path="/api/org/invitations", times=None, status=403)
        p.twins[TRACKER].faults.add(fault)
        p.run("import", TRACKER, "Invitation", "Pod")
        assert p.twins[TRACKER].faults.fired
        assert "Invitation: the list is refused" in p.said
        assert set(specs(p, "Pod")) == {"pod-a", "pod-b"}


def test_requests_are_counted_and_each_is_asked_once(profile: str, tmp_path: Path) -> None:
    with opened(TRACKER, profile, tmp_path) as p:
        twin = p.twins[TRACKER]
        twin.log.clear()
        p.run("import", TRACKER)
        calls = [e.call for e in twin.log]
        assert f"; {len(calls)} requests" in p.said
        assert len(calls) == len(set(calls))


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    with opened(OMNI, "plain", tmp_path, more=False) as p:
        for folder in ("elsewhere", "manifests/../x", "/tmp/x", "manifests/.hidden"):
            p.run("import", OMNI, "Label", "--to", folder, code=3)
        (p.root / "manifests" / "out").symlink_to(tmp_path)
        p.run("import", OMNI, "Label", "--to", "manifests/out", code=3)
        (p.root / "manifests" / "out").unlink()
        p.run("import", OMNI, "Label", "--to", "manifests/deep/er")
        assert [f for f in p.files() if f != "reconciler.yaml"] == ["manifests/deep/er/labels.yaml"]
        assert p.plan().writes == ()
