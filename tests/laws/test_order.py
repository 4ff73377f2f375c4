"""The order of calls respects every need: parents, freed names, people on the move, deletes last."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.live import Live
from reconciler.model.recorded import Bond
from tests.laws.lives import Chain, chains
from tests.laws.manifests import address
from tests.laws.oracle import in_order
from tests.laws.planned import plan_of, read
from tests.laws.small_labels import Goal
from tests.laws.test_fewest import label_worlds, live_labels
from tests.world import OMNI, TRACKER, doc

MORE = settings(max_examples=settings().max_examples * 4)
TEAMS, PEOPLE = ("red", "blue", "green"), ("jane", "bob", "ann")

memberships = st.dictionaries(st.sampled_from(PEOPLE), st.booleans(), max_size=3)
unmanaged = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from((None, True, False)), max_size=3)


@MORE
@given(st.tuples(memberships, memberships, memberships), st.tuples(unmanaged, unmanaged, unmanaged))
def test_people_on_the_move(
    before: tuple[dict[str, bool], ...], after: tuple[dict[str, bool | None], ...]
) -> None:
    """Everybody may join, leave, and gain or lose the flag in every team at once; nobody waits for themselves."""
    teams: list[Json] = [
        {"id": t, "slug": t, "name": t, "members": [{"userId": p, "isPrimary": flag} for p, flag in had.items()]}
        for t, had in zip(TEAMS, before, strict=True)
    ]
    people: list[Json] = [{"id": p, "email": f"{p}@example.com"} for p in PEOPLE]
    users = {"/api/client-teams": [], "/api/org/invitations": [], "/api/workload": people}
    live = read(TRACKER, {"ClientTeam": {"/api/client-teams": teams}, "User": users})

    in_order(plan_of([_team(t, one) for t, one in zip(TEAMS, _one_primary(after), strict=True)], live))


def _one_primary(wanted: tuple[dict[str, bool | None], ...]) -> list[dict[str, bool | None]]:
    """Every person's first true flag stays, others are not managed (ST-R20)."""
    seen: set[str] = set()
    result = []
    for one in wanted:
        result.append({p: None if flag and p in seen else flag for p, flag in one.items()})
        seen |= {p for p, flag in one.items() if flag}
    return result


def _team(name: str, wanted: dict[str, bool | None]) -> Document:
    members: list[Json] = [
        {"user": f"{p}@example.com"} | ({} if flag is None else {"isPrimary": flag}) for p, flag in wanted.items()
    ]
    return doc("ClientTeam", name, {"slug": name, "name": name, "members": members}, allow=["first-removals"])


@MORE
@given(st.sets(chains, max_size=5), st.sets(chains, max_size=5))
def test_trees_that_grow_and_shrink(before: set[Chain], after: set[Chain]) -> None:
    """Folders are made from the root and deleted from the leaves, in one plan."""
    standing = sorted({chain[:n] for chain in before for n in range(1, len(chain) + 1)})
    wanted = sorted({chain[:n] for chain in after for n in range(1, len(chain) + 1)})
    documents = [doc("Folder", _name(chain), {"path": [*chain]}) for chain in wanted]
    bonds = [
        Bond(
            address("Folder", _name(c)),
            _name(c),
            [*c],
            made=True,
            on_remove="delete",
            by={"scope": "organization"},
        )
        for c in standing
    ]

    plan = plan_of(documents, _folders(standing), bonds)

    in_order(plan, {_name(c): _name(c[:-1]) or None for c in standing})
    assert len(plan.writes) == plan.bound


def _name(chain: Chain) -> str:
    return "-".join(chain).replace("/", "_").lower()


def _folders(standing: list[Chain]) -> Live:
    records: list[Json] = [
        {
            "id": _name(c),
            "name": c[-1],
            "path": "/" + "/".join(_name((n,)) for n in c),
            "scope": "organization",
            "owner": {"id": "u"},
            "_count": {"documents": 0},
        }
        for c in standing
    ]
    info: Json = {"hasNextPage": False, "totalRecords": len(records)}
    return read(OMNI, {"Folder": {"/v1/folders": {"records": records, "pageInfo": info}}}, removing=True)


@MORE
@given(label_worlds())
def test_names_that_pass_from_hand_to_hand(world: tuple[Goal, list[Document], list[Bond]]) -> None:
    goal, documents, bonds = world

    in_order(plan_of(documents, live_labels(goal.start), bonds))
