"""What there is to see at the end: every system and the ledger, with names for ids, and without times or secrets.

Two worlds that people would call the same are equal in it, and what is there twice shows twice.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.model.json import digest
from reconciler.model.recorded import Recorded
from reconciler.twins import OmnCoreTwin, Twin
from tests.faults import core_seen
from tests.faults.referred import by_name
from tests.world import CMS, CORE, OMNI, TRACKER

State = Mapping[str, Mapping[str, Mapping[str, Any]]]
CREDENTIALS = {"keys", "tokens", "sessions"}
"""Tables that hold nothing but these."""
PASSING = {"jobs"}
"""Tables of what comes to an end by itself: of what may be asked for twice there may be two (OA-R164)."""
HIDDEN = {"id", "token", "created", "last_modified", "avatar_url"}
"""Fields of which no two runs have the same; of secrets that were chosen by the API, and of moments (`_at`), only
shows whether they are there at all."""
MOMENTS = {"components": {"date"}}
CHOSEN = {"api_key"}
TITLES = {"users": ("user_name", "email"), "clientTeams": ("slug",), "projects": ("omg_job_number", "name")}
TITLES |= {"invitations": ("email",), "components": ("key",)}
TITLES |= {"files": ("sha256",), "labels": ("name",), "pods": ("slug",), "models": ("name", "kind")}
"""The fields that a record is called by, the first that it has; for all others it is `name`."""
WITHIN = {
    "folders": {"parent_id": "folders"},
    "permits": {"container": "folders"},
    "deliverables": {"project_id": "projects"},
    "components": {"space_id": "spaces", "parent_id": "components"},
    "files": {"component_id": "components"},
    "environments": {"base_id": "connections"},
    "refresh_schedules": {"connection_id": "connections"},
    "models": {"connection_id": "connections"},
    "model_files": {"model_id": "models"},
}
"""Where a thing lies; the last of these is the first part of its name, but for components: theirs is the space."""
TABLES = {
    "Label": "labels",
    "Folder": "folders",
    "UserGroup": "groups",
    "Schedule": "schedules",
    "ClientTeam": "clientTeams",
    "Project": "projects",
    "Invitation": "invitations",
    "Brief": "briefs",
    "Task": "tasks",
    "Component": "components",
    "Pod": "pods",
    "Space": "spaces",
    "User": "users",
    "EmailOnlyUser": "users",
    "Document": "documents",
    "DashboardFilters": "documents",
    "Connection": "connections",
    "ConnectionEnvironments": "connections",
    "SchemaRefresh": "refresh_schedules",
    "Model": "models",
    "ModelGit": "model_git",
    "ModelFile": "model_files",
}
NAMED = {"users", "groups", "connections", "environments", "models"}
"""Tables whose ids stand in what the ledger remembers of other things."""
PARENTS = {"tasks": {"parent_planning_id": "briefs"}}
"""Fields of a table that hold the id of what is in another, where anything is in it."""
OF_OTHERS = {"ConnectionEnvironments", "ModelRoles"}
"""Kinds of what others have: they are there as soon as these are, whoever has made them; none is ever deleted."""


def far_ends(twins: Mapping[str, Twin]) -> dict[str, Any]:
    """`target/table` -> its records as `[name, fields]`, sorted."""
    return {f"{name}/{table}": rows for name, twin in twins.items() for table, rows in _tables(twin).items()}


def _tables(twin: Twin) -> dict[str, list[Any]]:
    if isinstance(twin, OmnCoreTwin):
        return core_seen.views(twin)
    state = _state(twin)
    ids = {i: n for (t, i), n in names(state).items() if t != "labels" and not i.isdigit()}
    return {
        table: sorted(([_name(state, table, i), _shown(table, r, state, ids)] for i, r in rows.items()), key=str)
        for table, rows in state.items()
        if table not in CREDENTIALS | PASSING
    }


def _state(twin: Twin) -> State:
    state: Any = twin.dump()["state"]
    return state  # type: ignore[no-any-return]


def names(state: State) -> dict[tuple[str, str], str]:
    """Table and id -> the name of every record; of several tenants the first has the ids."""
    found: dict[tuple[str, str], str] = {}
    for table, rows in state.items():
        for i, record in rows.items():
            own = i if table in ("labels", "permits") else str(record.get("id", i))
            found.setdefault((table, own), _name(state, table, i))
    return found


def _name(state: State, table: str, i: str) -> str:
    record = state[table][i]
    if table == "briefs":
        return str(record["fields"].get("brief_title"))
    own = next((str(record[n]) for n in TITLES.get(table, ("name",)) if record.get(n) is not None), i)
    if table == "permits":
        of = "groups" if record["is_group"] else "users"
        own = _name(state, of, record["principal"])
    if table == "bookings":
        own = f"{_name(state, 'users', record['user_id'])} {record['date'][:10]} {record['job_number']}"
    own = _of_models(state, table, record) or own
    field = "space_id" if table == "components" else next(iter(WITHIN.get(table, {})), "")
    if not field:
        return own
    above = record[field]
    return (_above(state, WITHIN[table][field], str(above)) if above is not None else "") + ">" + own


def _of_models(state: State, table: str, record: Mapping[str, Any]) -> str:
    """The name of what has none but by what it is about; empty for all others."""
    if table == "environments":
        return _name(state, "connections", record["connection_id"])
    if table == "refresh_schedules":
        return f"{record['schedule']} {record['timezone']}"
    if table == "model_git":
        return _name(state, "models", record["model_id"])
    if table == "model_roles":
        whose = _name(state, "groups" if record["is_group"] else "users", record["subject"])
        where = ("models", record["model_id"]) if record["model_id"] else ("connections", record["connection_id"])
        return f"{whose} {_name(state, *where)}"
    return ""


def _above(state: State, table: str, i: str) -> str:
    """The name of what something lies in; what is granted on no folder is granted on a document."""
    return _name(state, "documents" if table == "folders" and i not in state[table] else table, i)


def _shown(table: str, record: Mapping[str, Any], state: State, ids: Mapping[str, str]) -> dict[str, Any]:
    within = WITHIN.get(table, {})
    shown: dict[str, Any] = {}
    for field, value in record.items():
        if field in within and value is not None:
            shown[field] = _above(state, within[field], str(value))
        elif field in PARENTS.get(table, {}):
            shown[field] = names(state).get((PARENTS[table][field], str(value)), value)
        elif field.endswith("_at") or field in CHOSEN:
            shown[field] = value is not None
        elif field not in HIDDEN and field not in MOMENTS.get(table, ()):
            shown[field] = _said(value, ids)
    return shown


def _said(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {ids.get(k, k): _said(v, ids) for k, v in value.items() if k != "id"}
    if isinstance(value, list | tuple):
        return sorted((_said(v, ids) for v in value), key=str)
    return ids.get(value, value) if isinstance(value, str) else value


def facts(recorded: Recorded, twins: Mapping[str, Twin]) -> dict[str, Any]:
    """Every bond, with the name of its live thing in place of the id: `DEAD` where there is none. Left out: where
    it is listed (`by`), of which a later reading may tell more; and how many applies in a row sent a field, for a
    run that is repeated is another apply."""
    known = {name: names(_state(twin)) for name, twin in twins.items() if not isinstance(twin, OmnCoreTwin)}
    core = next((core_seen.names(t) for t in twins.values() if isinstance(t, OmnCoreTwin)), {})
    called = {name: _called(here) for name, here in known.items()}
    of_kind = {name: _of_kinds(here) for name, here in known.items()}
    found: dict[str, Any] = {}
    for address, bond in sorted(recorded.bonds.items()):
        if address.target == CORE:
            found[str(address)] = core_seen.fact(bond, core)
            continue
        here, table = known.get(address.target, {}), TABLES.get(address.kind, "")
        ids = called.get(address.target, {})
        same = (bond.id, bond.id.casefold())
        gone = "DEAD" if table else ids.get(bond.id, bond.id)
        live = next((here[table, i] for i in same if (table, i) in here), gone)
        if address.kind == "Invitation":  # known by the person invited
            live = next((n for (t, _), n in here.items() if t == "users" and n.casefold() == same[1]), "DEAD")
        untold = {"by", "sent", "id"} | ({"made"} if address.kind in OF_OTHERS else set())
        of_what = {"digests": by_name(bond, of_kind.get(address.target, {}))}
        told = {k: v for k, v in (bond.to_json() | of_what).items() if k not in untold}
        found[str(address)] = {**_renamed(told, ids), "id": live}
    return found


def _called(here: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Id, and whatever the ledger remembers in its place -> the name."""
    ids = {i: n for (t, i), n in here.items() if t in NAMED and not i.isdigit()}
    said: list[tuple[str, Any]] = [(n, v) for i, n in ids.items() for v in (i, {"user": i}, {"group": i})]
    return ids | {digest(v): n for n, v in said}  # what is remembered of a value is its digest


def _of_kinds(here: Mapping[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    """Kind -> id -> the name."""
    return {kind: {i: n for (t, i), n in here.items() if t == table} for kind, table in TABLES.items()}


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """The value with names in place of ids, also where one ends a path."""
    if isinstance(value, dict):
        return {_ending(k, ids): _renamed(v, ids) for k, v in value.items()}
    if isinstance(value, list):
        return sorted((_renamed(v, ids) for v in value), key=str)
    return _part(value, ids) if isinstance(value, str) else value


def _ending(text: str, ids: Mapping[str, str]) -> str:
    above, slash, last = text.rpartition("/")
    return above + slash + _part(last, ids)


def _part(text: str, ids: Mapping[str, str]) -> str:
    """A name for an id, also where it is one of the parts that tell an entry."""
    if not text.startswith("["):
        return ids.get(text, text)
    return str([ids.get(part, part) for part in json.loads(text)])


def sinks(folder: Path, twins: Mapping[str, Twin]) -> dict[str, str]:
    """Every file that a once-shown value went to: who may read it, and whose link or key it is if that still leads
    anywhere."""
    pending = _state(twins[TRACKER])["invitations"] if TRACKER in twins else {}
    accounts = _state(twins[CMS])["users"] if CMS in twins else {}
    whose = {_digest(str(i["token"])): str(i["email"]) for i in pending.values()}
    whose |= {str(u["api_key"]): f"key of {u['email']}" for u in accounts.values()}
    hooks = names(_state(twins[OMNI])) if OMNI in twins else {}
    whose |= {_digest(f"whsec_{i}"): f"secret of {n}" for (t, i), n in hooks.items() if t == "model_git"}
    return {
        str(path.relative_to(folder)): f"{stat.S_IMODE(path.stat().st_mode):o} {_values(path, whose)}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _values(path: Path, whose: Mapping[str, str]) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return " and ".join(whose.get(_digest(line.rpartition("/")[2]), "dead") for line in lines)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
