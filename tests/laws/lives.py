"""Random live worlds: what stands in both systems before any manifest is applied, and what others do later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.twins import Answer, OmniTwin, TrackerTwin
from tests.world import World, hasty_clock, lasting

PEOPLE = ("jane@example.com", "Bob.Stone@example.com", "maria@example.com")
NOBODY = "nobody@example.com"
LABELS = ("Alpha", "beta", "Gamma", "a/b %41", "Größe")
FOLDERS = ("Finance", "Reports", "Q1/Q2")
SLUGS = ("brand", "social", "retail", "press")
TITLES = ("Brand", "Social", "Retail Media")

State = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Collection -> id -> record, as a twin dumps it."""

Chain = tuple[str, ...]
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LiveLabel:
    name: str
    verified: bool
    homepage: bool
    used: bool


@dataclass(frozen=True, slots=True)
class LiveFolder:
    """`owner` is a person's number, None for whoever the key acts for. Folders above are made on the way."""

    chain: Chain
    scope: str
    owner: int | None
    documents: bool
    twice: bool


@dataclass(frozen=True, slots=True)
class LiveTeam:
    """`members`: a person's number and flag."""

    slug: str
    name: str
    members: tuple[tuple[int, bool], ...]
    projects: bool


@dataclass(frozen=True, slots=True)
class LiveWorld:
    labels: tuple[LiveLabel, ...] = ()
    folders: tuple[LiveFolder, ...] = ()
    teams: tuple[LiveTeam, ...] = ()


def spelled(names: Sequence[str]) -> st.SearchStrategy[str]:
    """One of the names, now and then in other letters."""
    return st.builds(
        lambda name, odd: name.swapcase() if odd else name,
        st.sampled_from(names),
        st.sampled_from([False] * 4 + [True]),
    )


def seldom(chance: int = 6) -> st.SearchStrategy[bool]:
    return st.integers(1, chance).map(lambda n: n == chance)


chains = st.lists(st.sampled_from(FOLDERS), min_size=1, max_size=3).map(tuple)
people = st.integers(0, len(PEOPLE) - 1)
members = st.lists(st.tuples(people, st.booleans()), max_size=3, unique_by=lambda m: m[0]).map(tuple)

labels = st.builds(LiveLabel, spelled(LABELS), st.booleans(), st.booleans(), seldom(4))
folders = st.builds(
    LiveFolder,
    chains,
    st.sampled_from(("organization", "organization", "restricted")),
    st.none() | people,
    seldom(4),
    seldom(8),
)
teams = st.builds(LiveTeam, st.sampled_from(SLUGS), st.sampled_from(TITLES), members, seldom(4))

worlds = st.builds(
    LiveWorld,
    st.lists(labels, max_size=4, unique_by=lambda one: one.name.casefold()).map(tuple),
    st.lists(folders, max_size=4, unique_by=lambda one: one.chain).map(tuple),
    st.lists(teams, max_size=3, unique_by=lambda one: one.slug).map(tuple),
)


QUESTIONS = sorted(k.name for twin in (OmniTwin, TrackerTwin) for k in twin.questions if not k.switch)
odd_answers = st.just(frozenset[str]()) | st.frozensets(st.sampled_from(QUESTIONS), max_size=8)


@dataclass(frozen=True, slots=True)
class Stage:
    """A pair of twins that serve all examples of a module; each example begins with the same two empty worlds."""

    world: World
    omni: Mapping[str, Any]
    tracker: Mapping[str, Any]

    @property
    def hard(self) -> bool:
        return self.world.omni.knobs.hard("OA-P8")

    def begin(self, live: LiveWorld, *, ledger: bool = True, odd: Set[str] = frozenset()) -> World:
        """A fresh state, seeded, with a fresh ledger. Without one, what a run remembers ends with it. `odd`: the
        open questions to which the twins give the other profile's answer."""
        world = self.world
        for twin, saved in ((world.omni, self.omni), (world.tracker, self.tracker)):
            twin.load(saved)
            for question in odd & twin.knobs.declared.keys():
                twin.knobs.set(question, "plain" if twin.knobs.hard(question) else "adversarial")
        world.clock = hasty_clock()
        world.documents = []
        remember(world, ledger=ledger)
        seed(world, live)
        return world


def staged(world: World) -> Stage:
    """People in both systems, another organisation before ours, and nothing else."""
    for address in PEOPLE:
        world.omni.add_user(address, address.partition("@")[0])
        world.tracker.add_user(address, address.partition("@")[0])
    if world.tracker.knobs.hard("ST-P14"):
        world.tracker.add_org("Somebody Else", first=True)
    world.expect_missing = frozenset({"analytics/Label", "analytics/Folder", "studio/ClientTeam"})
    return Stage(world, world.omni.dump(), world.tracker.dump())


def remember(world: World, *, ledger: bool) -> None:
    book = ephemeral(whoami(), world.clock)
    world.ledger = lasting(book) if ledger else book


def forget(world: World) -> None:
    """What follows when no ledger outlives a run; then only lists tell what was made."""
    remember(world, ledger=False)
    caught_up(world)


def caught_up(world: World) -> None:
    """From now on lists show what was made last (OA-P6)."""
    world.omni.edit("GET", "/v1/labels")


def state_of(twin: OmniTwin | TrackerTwin) -> State:
    return twin.dump()["state"]  # type: ignore[return-value]


def live_ids(world: World) -> set[str]:
    return {*state_of(world.omni)["folders"], *state_of(world.tracker)["clientTeams"]}


def omni_people(world: World) -> list[str]:
    users = state_of(world.omni)["users"].values()
    return [next(u["id"] for u in users if u["user_name"] == address) for address in PEOPLE]


def tracker_people(world: World) -> list[str]:
    users = state_of(world.tracker)["users"].values()
    return [next(u["id"] for u in users if u["email"] == address) for address in PEOPLE]


def seed(world: World, live: LiveWorld) -> None:
    """Build the world by the APIs' own rules."""
    for label in live.labels:
        body: Body = {"name": label.name, "verified": label.verified, "homepage": label.homepage}
        made(world.omni.edit("POST", "/v1/labels", body))
        if label.used:
            world.omni.add_document(f"uses {label.name}", labels=(label.name,))
    owners = omni_people(world)
    for folder in live.folders:
        _seed_folder(world, folder, owners)
    for team in live.teams:
        _seed_team(world, team)


def _seed_folder(world: World, folder: LiveFolder, owners: Sequence[str]) -> None:
    owner = {} if folder.owner is None else {"userId": owners[folder.owner]}
    parent: str | None = None
    for depth, name in enumerate(folder.chain, 1):
        found = [
            i for i, f in state_of(world.omni)["folders"].items() if (f["parent_id"], f["name"]) == (parent, name)
        ]
        if not found or (folder.twice and depth == len(folder.chain)):
            place = {"scope": folder.scope} if parent is None else {"parentFolderId": parent}
            found = [made(world.omni.edit("POST", "/v1/folders", {"name": name, **place, **owner}))]
        parent = found[0]
    if folder.documents:
        world.omni.add_document("a document", folder_id=parent)


def _seed_team(world: World, team: LiveTeam) -> None:
    team_id = made(world.tracker.edit("POST", "/api/client-teams", {"name": team.name, "slug": team.slug}))
    users = tracker_people(world)
    for person, flag in team.members:
        body: Body = {"userId": users[person], "isPrimary": flag}
        made(world.tracker.edit("POST", f"/api/client-teams/{team_id}/members", body))
    if team.projects:
        number = f"P-{team_id}"
        project: Body = {"projectCode": number, "name": number, "omgJobNumber": number, "clientTeamId": team_id}
        made(world.tracker.edit("POST", "/api/projects", project))


def made(answer: Answer) -> str:
    """The id in an answer that has to be a success."""
    assert answer.ok, answer
    return str(answer.body.get("id", "")) if isinstance(answer.body, Mapping) else ""


# What others do between two runs. Each edit is a request of the API; one that it refuses changes nothing.

Edit = tuple[str, str, str, Any]
"""Which thing (`label`, `folder`, `team`), what is done to it, the number or name of what is meant, a value."""

edits = st.lists(
    st.one_of(
        st.tuples(st.just("label"), st.just("rename"), st.sampled_from(LABELS), st.sampled_from(LABELS)),
        st.tuples(st.just("label"), st.just("mark"), st.sampled_from(LABELS), st.booleans()),
        st.tuples(st.just("label"), st.just("delete"), st.sampled_from(LABELS), st.none()),
        st.tuples(st.just("label"), st.just("create"), st.sampled_from(LABELS), st.none()),
        st.tuples(st.just("folder"), st.just("delete"), st.integers(0, 5).map(str), st.none()),
        st.tuples(st.just("folder"), st.just("create"), st.integers(0, 5).map(str), st.sampled_from(FOLDERS)),
        st.tuples(st.just("folder"), st.just("fill"), st.integers(0, 5).map(str), st.none()),
        st.tuples(st.just("team"), st.just("rename"), st.integers(0, 3).map(str), st.sampled_from(TITLES)),
        st.tuples(st.just("team"), st.just("slug"), st.integers(0, 3).map(str), st.sampled_from(SLUGS)),
        st.tuples(st.just("team"), st.just("delete"), st.integers(0, 3).map(str), st.none()),
        st.tuples(st.just("team"), st.just("create"), st.sampled_from(SLUGS), st.sampled_from(TITLES)),
        st.tuples(st.just("team"), st.just("join"), st.integers(0, 3).map(str), st.tuples(people, st.booleans())),
        st.tuples(st.just("team"), st.just("leave"), st.integers(0, 3).map(str), people),
    ),
    max_size=4,
)


def disturb(world: World, changes: Sequence[Edit]) -> None:
    """Let others work on the world behind our back."""
    for thing, deed, which, value in changes:
        DEEDS[thing](world, deed, which, value)


def _disturb_label(world: World, deed: str, which: str, value: Any) -> None:
    from urllib.parse import quote

    path = f"/v1/labels/{quote(which, safe='')}"
    match deed:
        case "rename":
            world.omni.edit("PUT", path, {"name": value})
        case "mark":
            world.omni.edit("PUT", path, {"verified": value})
        case "delete":
            world.omni.edit("DELETE", path)
        case "create":
            world.omni.edit("POST", "/v1/labels", {"name": which})


def _disturb_folder(world: World, deed: str, which: str, value: Any) -> None:
    ids = sorted(state_of(world.omni)["folders"])
    if deed == "create" and not ids:
        world.omni.edit("POST", "/v1/folders", {"name": value})
    if not ids:
        return
    folder = ids[int(which) % len(ids)]
    match deed:
        case "delete":
            world.omni.edit("DELETE", f"/v1/folders/{folder}")
        case "create":
            world.omni.edit("POST", "/v1/folders", {"name": value, "parentFolderId": folder})
        case "fill":
            world.omni.add_document("another document", folder_id=folder)


def _disturb_team(world: World, deed: str, which: str, value: Any) -> None:
    if deed == "create":
        slugs = [t["slug"] for t in state_of(world.tracker)["clientTeams"].values()]
        if which not in slugs:
            world.tracker.edit("POST", "/api/client-teams", {"name": value, "slug": which})
        return
    ids = sorted(state_of(world.tracker)["clientTeams"])
    if not ids:
        return
    path = f"/api/client-teams/{ids[int(which) % len(ids)]}"
    match deed:
        case "rename":
            world.tracker.edit("PATCH", path, {"name": value})
        case "slug":
            world.tracker.edit("PATCH", path, {"slug": value})
        case "delete":
            world.tracker.edit("DELETE", path)
        case "join":
            body = {"userId": tracker_people(world)[value[0]], "isPrimary": value[1]}
            world.tracker.edit("POST", f"{path}/members", body)
        case "leave":
            world.tracker.edit("DELETE", f"{path}/members?userId={tracker_people(world)[value]}")


DEEDS = {"label": _disturb_label, "folder": _disturb_folder, "team": _disturb_team}
