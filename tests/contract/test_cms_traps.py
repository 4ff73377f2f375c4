"""The traps of Omni-CMS: each world punishes who falls into one (CM-T1 to CM-T17)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.model.faults import ManifestInvalid, Unauthorised
from reconciler.providers.omni_cms import search
from reconciler.twins.core.values import Answer, Request
from tests.contract import nests, spaces, users
from tests.contract.altered import altered, body_of, refused, showing, shown_by
from tests.contract.components import DELETABLE, at, by_key, carried_out, component, holds, planned, records, tree
from tests.contract.spaces import space
from tests.contract.users import JANE, NEW, user
from tests.world import World

Usual = Callable[[], Answer]


def test_trap_a_key_that_ends_while_a_plan_is_made_deletes_and_forgets_nothing(c: World) -> None:
    """From then on the search shows what is published, and no read says 401: all else seems to be gone."""
    kept = component("kept")
    carried_out(c, component("a", **DELETABLE), component("b", published=True, **DELETABLE), kept)
    known, before = dict(c.recorded.bonds), records(c)
    c.documents = [kept]
    key_ends(c)
    plan = c.plan()
    assert {call.line for call in plan.writes} >= {"POST /component"}, "what is not published seems to be gone"
    c.cms.log.clear()

    with pytest.raises(Unauthorised):
        c.apply(plan)

    assert [e.call for e in c.cms.log] == ["GET /space/all"]
    assert (c.recorded.bonds, records(c)) == (known, before)


def test_trap_a_key_that_ends_while_a_plan_is_applied_deletes_and_forgets_nothing(c: World) -> None:
    kept = component("kept")
    carried_out(c, component("a", **DELETABLE), component("b", published=True, **DELETABLE), kept)
    known, before = dict(c.recorded.bonds), records(c)
    c.documents = [kept]
    plan = c.plan()
    key_ends(c)

    report = c.apply(plan)

    assert [(str(o.end), o.status) for o in report.outcomes] == [("stale", 0), ("failed", 401)]
    assert (c.recorded.bonds, records(c)) == (known, before)


def key_ends(c: World) -> None:
    """As soon as it has opened the list of spaces; what is public goes on answering."""
    c.cms.on_request(1, "after-effect", lambda _: c.cms.edit("PUT", "/user/key/1"), path="/space/all")


@pytest.mark.parametrize("asked", [100_000, 60])
def test_trap_a_level_that_a_walk_cuts_short_is_no_complete_level(
    c: World, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a limit the harder profile shows 50 of the 61. With one that is reached, nothing may be done."""
    home = c.cms.add_component(1, "home")
    for i in range(61):
        c.cms.add_component(1, f"n{i:02}", parent_id=home)
    c.cms.knobs.set("search-needs-terms", "adversarial")
    monkeypatch.setattr(search, "CHILDREN", asked)
    query = tuple((n, str(asked)) if n == "limit" else (n, v) for n, v in search.WALK)
    monkeypatch.setattr(search, "WALK", query)
    every = [component("home"), *(component(f"n{i:02}", "home") for i in range(61))]

    plan = c.plan(*every, component("new"))

    assert all(f"limit={asked}" in line for line in plan.reads if "levels=7" in line)
    if asked > 61:
        assert [call.address.name for call in plan.writes] == ["new"]
    else:
        assert plan.writes == ()
        assert {"unproven-listing"} == {rule for rules in holds(plan).values() for rule in rules}


def test_trap_what_lies_deeper_than_seven_levels_is_there(c: World) -> None:
    chain = [component("n1"), *(component(f"n{i}", f"n{i - 1}") for i in range(2, 18))]
    carried_out(c, *chain)
    c.cms.knobs.set("search-needs-terms", "adversarial")

    plan = c.plan(*chain)

    assert plan.calls == ()
    assert len([line for line in plan.reads if "levels=7" in line]) == 1 + 2, "the root, the 7th level, the 14th"


def test_trap_pages_over_equals_skip_and_repeat_nothing(c: World) -> None:
    for knob in ("CM-P1", "CM-P3"):
        c.cms.knobs.set(knob, "adversarial")
    every = [component(f"n{i:03}") for i in range(120)]
    for one in every:
        c.cms.add_component(1, str(one.spec["key"]), sequence=1000)

    for _ in range(3):
        assert planned(c, *every).calls == ()
    orders = [(e.body["order"], e.body["direction"]) for e in c.cms.log if isinstance(e.body, dict)]
    assert orders == [("id", "asc")] * 3


def test_trap_every_put_has_its_id_in_the_body(c: World) -> None:
    spaces.carried_out(c, space("Site"), component("home"))

    pages = [component("home", space="Web", name="x")]
    c.cms.log.clear()
    plan = spaces.planned(c, space("Web", previous_key="Site"), *pages)
    spaces.applied(c, plan)

    own = by_key(c, "home")["id"]
    assert [(e.call, e.body["id"]) for e in c.cms.log if e.method == "PUT" and isinstance(e.body, dict)] == [
        ("PUT /space/1", 1),
        (f"PUT /component/{own}", own),
    ]


def test_trap_every_put_of_an_account_has_its_id_in_the_body(u: World) -> None:
    deed = users.carried_out(u, user(JANE, active=False))
    [call] = deed.plan.writes
    assert isinstance(call.body, dict)
    assert (call.line, call.body["id"]) == ("PUT /user/2", 2)

    words = {"on_remove": "deactivate", "allow": ["deactivate"]}
    users.carried_out(u, user(NEW, version=1, **words), user(JANE))
    own = users.accounts(u)[NEW]["id"]
    [call] = users.applied(u, users.planned(u, user(JANE))).plan.writes
    assert (call.line, call.body) == (f"PUT /user/{own}", {"active": False, "id": own})


@pytest.mark.parametrize("walk", [False, True])
def test_trap_the_parent_of_a_record_is_not_in_a_parent_id(
    c: World, walk: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where an undocumented field of that name says something else."""
    top = c.cms.add_component(1, "top")
    mid = c.cms.add_component(1, "mid", parent_id=top)
    c.cms.add_component(1, "leaf", parent_id=mid)
    if walk:
        c.cms.knobs.set("search-needs-terms", "adversarial")

    def misled(_: Request, usual: Usual) -> Answer:
        answer = usual()
        return showing(answer, [{**one, "parentId": 99} for one in shown_by(answer)])

    altered(c, monkeypatch, misled, path="/component/search")

    plan = c.plan(component("top"), component("mid", "top"), component("leaf", "mid"))

    assert plan.calls == ()
    assert {str(a.verb) for a in plan.actions} == {"adopt"}


def test_trap_nothing_is_published_unless_that_is_declared(c: World) -> None:
    carried_out(c, component("draft"), component("out", published=True))
    assert [by_key(c, k)["published"] for k in ("draft", "out")] == [False, True]

    for key in ("draft", "out"):
        own = by_key(c, key)["id"]
        c.cms.edit("PUT", f"/component/{own}", {"id": own, "published": key == "draft"})
    deed = carried_out(c, component("draft", name="x"), component("out", published=True))

    assert deed.sent == ['put draft {"name":"x"}', 'put out {"published":true}']
    assert [by_key(c, k)["published"] for k in ("draft", "out")] == [True, True]


def test_trap_a_date_that_is_not_declared_is_no_difference(c: World) -> None:
    c.cms.add_component(1, "old", date="2001-02-03T04:05:06.789Z")
    deed = carried_out(c, component("old"), component("new"))
    assert [line[:8] for line in deed.sent] == ["create {"]
    assert "date" not in deed.sent[0]

    own = by_key(c, "new")["id"]
    c.cms.edit("PUT", f"/component/{own}", {"id": own, "date": "2001-02-03T04:05:06.789Z"})
    assert carried_out(c, component("old"), component("new")).sent == []
    assert carried_out(c, component("old", date="2001-02-03T05:05:06.789+01:00"), component("new")).sent == []


KEY_CODES = ["duplicate.key", "reserved.key", "invalid.key"]


@pytest.mark.parametrize("code", KEY_CODES)
def test_trap_errors_of_keys_come_on_a_post_as_well(c: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(request: Request, usual: Usual) -> Answer:
        bad = body_of(request).get("key") == "bad"
        return refused(400, f"omni.component.{code}", f"Not {code}.") if bad else usual()

    plan = planned(c, component("bad"), component("leaf", "bad"), component("good"))
    with monkeypatch.context() as patch:
        altered(c, patch, refusing, method="POST", path="/component")
        report = c.apply(plan)

    ends = {o.call: (str(o.end), o.message) for o in report.outcomes if o.end != "unneeded"}
    assert {end for end, _ in ends.values()} == {"failed", "blocked", "done"}
    assert any(f"Not {code}." in message for end, message in ends.values() if end == "failed")
    assert tree(c) == {"good": "root"}
    assert at("bad") not in c.recorded.bonds
    assert carried_out(c, *c.documents).sent[0].startswith("create")


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_trap_a_2xx_that_says_no_success_is_none(
    c: World, method: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [component("a", **DELETABLE), component("b", **DELETABLE)]
    carried_out(c, *here)
    known = dict(c.recorded.bonds)
    later = {
        "POST": [*here, component("c")],
        "PUT": [component("a", name="x", **DELETABLE), here[1]],
        "DELETE": here[1:],
    }[method]
    plan = planned(c, *later)
    c.cms.log.clear()
    with monkeypatch.context() as patch:
        no = refused(status, "omni.some.code", "Not today.")
        altered(c, patch, lambda request, usual: usual() if _is_read(request) else no, path="/component")
        report = c.apply(plan)

    [failed] = [o for o in report.outcomes if o.end != "unneeded"]
    assert (str(failed.end), failed.status, failed.code) == ("failed", status, "omni.some.code")
    assert "Not today." in failed.message
    assert (dict(c.recorded.bonds), tree(c)) == (known, {"a": "root", "b": "root"})
    assert [call.line for call in planned(c, *later).writes] == [call.line for call in plan.writes]


def _is_read(request: Request) -> bool:
    return request.method == "GET" or request.path.endswith("/search")


def test_trap_a_create_may_not_say_its_id(u: World) -> None:
    """Of a space, a component and an account; each is looked up once, and each is found."""
    u.cms.knobs.set("CM-P4", "adversarial")
    documents = [space("New"), component("front", space="New"), component("twig", "front", space="New")]

    plan = u.plan(*documents, user(NEW, version=1))
    report = u.checked_apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    finds = [line for line in report.requests["calls"] if "GET" in line and "/root" not in line]
    assert len(finds) == 4
    bonds = {a.name: b.id for a, b in u.recorded.bonds.items()}
    assert bonds["site"] == str(spaces.named(u)["New"])
    assert (bonds["front"], bonds["twig"]) == tuple(str(by_key(u, k)["id"]) for k in ("front", "twig"))
    assert bonds["new.one"] == str(users.accounts(u)[NEW]["id"])
    assert u.plan().calls == ()


@pytest.mark.parametrize("written", ["2024", "1e3", "0x1F", "true", "null"])
def test_trap_a_key_that_is_no_text_to_yaml_has_to_be_quoted(c: World, written: str) -> None:
    with pytest.raises(ManifestInvalid) as caught:
        nests.written(nests.site(""), nests.page("a", f"key: {written}"))

    [problem] = caught.value.problems
    assert (str(problem.place), "expected text" in problem.message) == ("manifests/1.yaml:4:41", True)
    lower = written.lower().replace("null", "nothing")
    quoted = nests.written(nests.site(""), nests.page("a", f"key: '{lower}'"))
    assert [d.spec["key"] for d in quoted if d.address.kind == "Component"] == [lower]


@pytest.mark.parametrize("written", ["on", "off", "yes", "no", "y"])
def test_trap_a_key_that_older_yaml_takes_for_true_or_false_is_text(c: World, written: str) -> None:
    c.converge(*nests.written(nests.site(""), nests.page("a", f"key: {written}, metadata: {{{written}: 1}}")))

    assert by_key(c, written)["metadata"] == {written: 1}


def test_trap_the_search_is_never_asked_for_terms_and_alike_is_not_the_same(c: World) -> None:
    c.cms.add_component(1, "home-page", name="home")
    c.cms.add_component(1, "a-home", name="home")
    wanted = component("home", name="home")

    deed = carried_out(c, wanted)

    assert [line[:8] for line in deed.sent] == ["create {"]
    assert tree(c).keys() == {"home-page", "a-home", "home"}
    assert c.recorded.bonds[at("home")].id == str(by_key(c, "home")["id"])
    c.cms.log.clear()
    planned(c, wanted)
    bodies = [set(e.body) for e in c.cms.log if isinstance(e.body, dict)]
    assert bodies == [{"limit", "offset", "order", "direction", "spaceId"}]


@pytest.mark.parametrize("key", ["text", "file", "search", "sequence", "check", "all"])
def test_trap_a_key_like_an_endpoint_leads_to_none(c: World, key: str) -> None:
    """The id of what was made is asked for by space and key: the space goes first, and is a number."""
    c.cms.knobs.set("CM-P4", "adversarial")
    c.cms.log.clear()

    carried_out(c, component(key, content="x"), component("leaf", key))

    assert tree(c) == {key: "root", "leaf": key}
    steps = {e.path.removeprefix(c.cms.base_path).split("/")[2] for e in c.cms.log if e.method == "GET"}
    assert {step for step in steps if not step.isdigit()} <= {"all"}
    assert c.recorded.bonds[at(key)].id == str(by_key(c, key)["id"])


def test_trap_a_file_goes_with_its_component_whatever_was_recorded(c: World) -> None:
    """A component whose key changes without a word would be made anew, and lose it: it is held."""
    carried_out(c, component("logo"))
    own = by_key(c, "logo")["id"]
    c.cms.add_file(own, "logo.png", b"1")

    assert holds(planned(c, component("brand", as_="logo"))) == {"logo": ["rename-unconfirmed"]}
    carried_out(c, component("brand", as_="logo", previous_key="logo"))
    assert c.cms.file_of(own) == b"1"
