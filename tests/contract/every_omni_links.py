"""What stands in for connections of Omni Analytics, in the table of every kind."""

from __future__ import annotations

from typing import Any

from tests.contract.every_omni_words import DELETE, did, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, left_out, never, say
from tests.contract.grants import state
from tests.contract.warehouses import linked, live
from tests.world import World

LINK, VALUES = "POST /v1/connection-environments", "PUT /v1/connection-environments/*"


def _base(w: World) -> None:
    for name in ("Base", "Dev", "Stage", "Other"):
        w.omni.add_connection(name)


def to(connection: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"connection": connection, "values": [*values], **more}


def _linked(w: World) -> set[str]:
    return {f"{name} {' '.join(sorted(values))}".strip() for name, values in linked(w).items()}


def _link(w: World, name: str, *values: str) -> str:
    """Somebody links one in the product."""
    return str(w.omni.add_environment(live(w)["Base"]["id"], live(w)[name]["id"], *values))


def _link_id(w: World) -> str:
    (found,) = state(w, "environments")
    return found


ENVIRONMENTS = Table(
    "omni-analytics",
    "ConnectionEnvironments",
    "envs",
    {"base": "Base", "environments": [to("Dev", "dev")]},
    _linked,
    set_up=_base,
    entries={"environments": to("Dev", "dev")},
    along=None,
    rows=(
        Row(
            "environments",
            "OA-C26",
            (
                never([to("Dev", "dev")]),
                Step([to("Dev", "dev"), to("Stage", "stage", "qa")], 2),
                Step([to("Dev", "qa"), to("Stage", "stage", "dev")], 3),
                never([to("Stage", "dev", "stage")], "cannot-unlink"),
            ),
        ),
        Row(
            "environments/connection", "OA-R145", (never("Dev"), never("Stage", {"value-taken", "cannot-unlink"}))
        ),
        Row(
            "environments/values", "OA-R142", (never(["dev"]), Step(["dev", "qa"]), never(["qa", "dev"]), Step([]))
        ),
        Row("environments/id", "OA-R146", (never(_link_id), left_out())),
        Row(
            "environmentsMode",
            "OA-R145",
            (never("additive"), never("additive", behind=lambda w: _link(w, "Other", "o")), left_out()),
        ),
    ),
    deeds=(
        Deed("create", "OA-C26", calls=(LINK, VALUES), verb="adopt", there="Dev dev"),
        Deed(
            "create whole",
            "OA-C26",
            say(environments=[to("Dev", "dev"), to("Stage", "s", "qa"), to("Other")], environmentsMode="additive"),
            calls=(LINK, VALUES, VALUES),
            verb="adopt",
            there="Stage qa s",
        ),
        Deed(
            "adopt",
            "OA-R146",
            say(environments=[to("Dev", "dev", id=_link_id)]),
            meanwhile=lambda w: _link(w, "Dev", "dev"),
            calls=(VALUES,),
            verb="adopt",
            there="Dev dev",
        ),
        Deed(
            "adopt changed",
            "OA-R146",
            say(environments=[to("Dev", "dev", "qa", id=_link_id), to("Stage", "s")]),
            meanwhile=lambda w: _link(w, "Dev", "old"),
            calls=(LINK, VALUES, VALUES),
            verb="adopt",
            there="Dev dev qa",
        ),
        Deed(
            "adopt what nobody knows the id of",
            "OA-R146",
            Sheet(),
            meanwhile=lambda w: _link(w, "Dev", "old"),
            calls=(LINK,),
            verb="adopt",
            ends={"failed", "blocked"},
            note="write the link's `id` beside it",
            still=(LINK, VALUES),
            there="Dev old",
        ),
        Deed(
            "rename",
            "OA-R138",
            Sheet({"base": "Other"}, metadata={"previously": {"key": "Base"}}),
            Sheet(),
            mistake="another base is another set of environments",
        ),
        Deed(
            "rename unsaid",
            "OA-R138",
            say(base="Other"),
            Sheet(),
            verb="adopt",
            holds={"no-rename"},
            there="Dev dev",
        ),
        Deed(
            "drift",
            "OA-R139",
            Sheet(),
            Sheet(),
            lambda w: did("PUT", f"/v1/connection-environments/{_link_id(w)}", {"userAttributeValues": "t"})(w),
            verb="none",
            note="not verifiable",
            there="Dev t",
        ),
        Deed(
            "environments add",
            "OA-R142",
            say(environments=[to("Dev", "dev"), to("Stage")]),
            Sheet(),
            calls=(LINK,),
            verb="update",
        ),
        Deed(
            "environments change",
            "OA-R142",
            say(environments=[to("Dev", "d")]),
            Sheet(),
            calls=(VALUES,),
            verb="update",
            there="Dev d",
        ),
        Deed(
            "environments swap",
            "OA-R144",
            say(environments=[to("Dev", "s"), to("Stage", "dev")]),
            say(environments=[to("Dev", "dev"), to("Stage", "s")]),
            calls=(VALUES,) * 3,
            verb="update",
            there="Dev s",
        ),
        moves("OA-R138", "envs"),
        Deed("release", "OA-R145", GONE, Sheet(), verb="release", there="Dev dev"),
        Deed("delete", "OA-R145", Sheet(life=DELETE), mistake="onRemove"),
    ),
)
