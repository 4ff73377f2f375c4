"""Every example does what its page says: it is valid, its plan applies, and nothing is left to do."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler import workflow
from reconciler.cli.demo import PASSWORDS as SAMPLE
from reconciler.cli.demo_world import twins
from reconciler.model.change import Verb
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.report.facts import liftable
from reconciler.twins import Fault, OmgTwin, Twin
from tests.cli.conftest import Cli

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(p.parent for p in (ROOT / "examples").glob("*/reconciler.yaml"))
SENT = {
    "rename-a-branch-of-keywords": ["POST /common/keywords/persist"],
    "give-a-group-access-to-folders": [
        "POST /scim/v2/groups",
        "POST /v1/folders/{id}/permissions",
        "POST /v1/folders/{id}/permissions",
        "POST /v1/folders/{id}/permissions",
    ],
    "a-project-batch-by-workbook": ["POST /api/projects/bulk-import?commit=true"],
    "invite-somebody": ["POST /api/org/invitations"],
    "a-brief-in-doubt": ["POST /briefs"],
    "a-page-with-a-file": [
        "POST /component",
        "POST /component",
        "POST /component",
        "POST /component/file/{id}",
    ],
    "an-api-key": ["PUT /user/key/{id}"],
    "plan-a-week": [
        "DELETE /api/resources/bookings/cmo7book1",
        "POST /api/pods/cmo7pod2/members",
        *["POST /api/resources/bookings"] * 2,
    ],
    "open-a-dashboard": [
        "POST /scim/v2/groups",
        *["POST /v1/documents/d0c00002/permissions"] * 2,
        "POST /v1/folders",
        "PUT /v1/documents/d0c00002/move",
        "PUT /v1/documents/d0c00002/permissions",
    ],
    "a-site-as-a-tree": [*["POST /component"] * 6, "POST /space"],
    "a-taxonomy-in-two-languages": ["POST /pim/attribute-definitions/persist", "POST /pim/classes/persist"],
}
"""What an example's page promises."""

PASSWORDS = {
    "manifests": [f"secrets/{name}.password" for name in SAMPLE],
    "connect-a-warehouse": ["secrets/events.password"],
}
"""Files that are not in git, which an operator puts there."""


def applied(options: workflow.Options) -> tuple[Plan, Report]:
    """Plan and apply, as somebody would who knows that nothing is there that cannot be found."""
    plan = workflow.plan(options)
    released = [
        workflow.Override(hold.rule, action.address, "the test knows")
        for action in plan.actions
        for hold in action.holds
        if liftable(hold)
    ]
    with workflow.ready(options, plan) as ready:
        return plan, workflow.apply(ready, overrides=released)


def writes(running: Mapping[str, Twin]) -> list[str]:
    """Every request that could change something, the ids in its path left out."""
    calls = [entry.call for twin in running.values() for entry in twin.log if entry.write]
    return sorted("/".join(_nameless(step) for step in call.split("/")) for call in calls)


def _nameless(step: str) -> str:
    return "{id}" if step.isdigit() or step.startswith("00000") else step


@pytest.mark.parametrize("example", [*EXAMPLES, ROOT / "manifests"], ids=lambda p: p.name)
def test_an_example_applies_and_then_needs_no_calls(example: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(example, tmp_path / "project"))
    for name in PASSWORDS.get(example.name, ()):
        (root / name).parent.mkdir(mode=0o700, exist_ok=True)
        (root / name).write_text("operators-own-42\n")
        (root / name).chmod(0o600)
    options = workflow.Options(project=root)
    assert workflow.validate(options).warnings == ()
    workflow.make_ledger(root)

    with twins(large=example.name == "manifests") as running:
        plan, report = applied(options)
        sent = writes(running)
        left = workflow.plan(options)

    assert {o.end for o in report.outcomes} <= {End.DONE, End.UNNEEDED}
    assert len(plan.writes) == plan.bound
    assert sent
    assert (left.calls, [a.holds for a in left.actions if a.holds]) == ((), [])
    if example.name in SENT:
        assert sent == SENT[example.name]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_an_example_has_a_page(example: Path) -> None:
    assert (example / "README.md").read_text().startswith("# ")


def at(example: str, tmp_path: Path) -> Path:
    root = Path(shutil.copytree(ROOT / "examples" / example, tmp_path / "project"))
    os.chdir(root)
    return root


def test_a_branch_is_renamed_and_keeps_its_ids(tmp_path: Path, cli: Cli) -> None:
    at("rename-a-branch-of-keywords", tmp_path)
    assert cli("init", "--ledger-only").code == 0

    with twins(large=False) as running:
        before = _keywords(running["core"])
        assert cli("apply", "--yes").code == 0
        after = _keywords(running["core"])

    assert after["/Time of year/Summer"] == before["/Seasons/Summer"]
    assert after.keys() - before.keys() == {
        "/Time of year",
        "/Time of year/Summer",
        "/Time of year/Winter",
        "/Time of year/Harvest",
    }


def _keywords(core: Twin) -> dict[str, str]:
    from reconciler.twins import OmnCoreTwin

    assert isinstance(core, OmnCoreTwin)
    return {path: core.keyword(path).id for path in core.paths()}


def test_the_link_of_an_invitation_is_in_its_file_and_nowhere_else(tmp_path: Path, cli: Cli) -> None:
    root = at("invite-somebody", tmp_path)
    cli("init", "--ledger-only")

    with twins(large=False):
        said = [cli("plan"), cli("apply", "--yes"), cli("plan")]

    link = root / "secrets/nadia.link"
    value = link.read_text().strip()
    assert value.startswith("http")
    assert stat.S_IMODE(link.stat().st_mode) == 0o600
    token = value.rsplit("/", 1)[-1]
    assert token not in "".join(s.out + s.err for s in said)
    others = [p for p in root.rglob("*") if p.is_file() and p != link]
    assert not any(token.encode() in p.read_bytes() for p in others)


def test_a_brief_in_doubt_waits_for_a_person(tmp_path: Path, cli: Cli) -> None:
    at("a-brief-in-doubt", tmp_path)
    cli("init", "--ledger-only")
    address = "platform/Brief/windows"

    with twins(large=False) as running:
        platform = running["platform"]
        assert isinstance(platform, OmgTwin)
        cli("plan", "--out", "plan.json")
        assert cli("apply", "plan.json", "--yes").code == 4
        cli("plan", "--out", "plan.json")
        plan_id = workflow.saved_plan(Path("plan.json")).id
        platform.faults.add(Fault("drop", "POST", "/briefs", effect=True))
        words = ("--override", f"unknown-past@{address}", "--plan-id", plan_id, "--reason", "asked")
        assert cli("apply", "plan.json", "--yes", *words).code == 7
        assert cli("resume").code == 7
        made = platform.briefs()[-1].id
        assert made == 3, "as the example's page says"
        assert cli("apply", "--yes").code in (4, 7), "nothing is sent while it is in doubt"
        assert cli("resume", "--adopt", f"{address}={made}").code == 0
        left = cli("plan")

        assert "Nothing to do" in left.out
        assert sum(e.write for e in platform.log) == 1


def test_a_site_is_written_apart_or_as_a_tree_and_exact_means_deleted(tmp_path: Path, cli: Cli) -> None:
    root = at("a-site-as-a-tree", tmp_path)
    cli("init", "--ledger-only")
    site = root / "manifests/festival.yaml"

    with twins(large=False) as running:
        cms = running["cms"]
        assert cli("apply", "--yes").code == 0
        assert cli("plan", "--only", "cms/Component/festival/programme*", "--detailed-exitcode").code == 0
        talks = "        - {key: talks, type: page, name: Talks, tags: [talk]}\n"
        site.write_text(site.read_text().replace(talks, ""))
        apart = "{space: Festival, key: talks, parent: programme, type: page, name: Talks, tags: [talk]}"
        head = "apiVersion: omni-cms/v1\nkind: Component\nmetadata: {name: talks}\n"
        (root / "manifests/talks.yaml").write_text(f"{head}spec: {apart}\n")
        before = sum(e.write for e in cms.log)
        assert cli("apply", "--yes").code == 0
        moved = [e.call for e in cms.log if e.write][before:]
        head, _, tail = site.read_text().partition("      order: listed\n      children:\n")
        site.write_text(head + tail[tail.index("    - metadata: {lifecycle") :])
        (root / "manifests/contact.yaml").unlink()
        assert cli("apply", "--yes").code == 0
        gone = [e.call.split(" ")[0] for e in cms.log if e.write][before + len(moved) :]

    assert moved == []
    assert gone == ["DELETE"]  # `contact`, which was written apart, is released with its document


def test_a_taxonomy_changes_in_two_calls_and_only_where_it_differs(tmp_path: Path, cli: Cli) -> None:
    root = at("a-taxonomy-in-two-languages", tmp_path)
    cli("init", "--ledger-only")
    tree = root / "manifests/footwear.yaml"
    walking = "    - path: WalkingBoots\n      labels: {en_GB: Walking boots, de_DE: Wanderstiefel}\n"
    uses = "      attributes: [{definition: shaft_height_cm}]\n"
    touch = "      - {id: touch_fastener, labels: {en_GB: Touch fastener, de_DE: Klettverschluss}}\n"

    with twins(large=False) as running:
        core = running["core"]
        assert cli("apply", "--yes").code == 0
        before = sum(e.write for e in core.log)
        text = tree.read_text().replace("de_DE: Turnschuhe", "de_DE: Sneaker") + walking + uses
        tree.write_text(text.replace("---\n", touch + "---\n", 1))
        planned = workflow.plan(workflow.Options(project=root))
        assert cli("apply", "--yes").code == 0
        assert cli("plan", "--detailed-exitcode").code == 0
        sent = [e for e in core.log if e.write][before:]

    assert {str(a.address): a.verb.value for a in planned.actions if a.verb is not Verb.NONE} == {
        "core/AttributeDefinition/fastening": "update",
        "core/ClassificationNode/footwear/Trainers": "update",
        "core/ClassificationNode/footwear/WalkingBoots": "create",
        "core/NodeAttribute/footwear/WalkingBoots/shaft_height_cm": "create",
    }
    assert sorted(e.call for e in sent) == [
        "POST /pim/attribute-definitions/persist",
        "POST /pim/classes/persist",
    ]
    assert not any("RidingBoots" in str(e.body) for e in sent)
