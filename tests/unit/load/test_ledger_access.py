"""Which server a project's ledger may lie on, and who says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.load.ledger_access import ledger_access
from reconciler.load.ledger_url import server_of
from reconciler.model.faults import GuardRefused, ManifestInvalid, UsageWrong
from reconciler.model.json import Json
from reconciler.model.ledger_place import Server

PLACE = "postgresql://db.example.com:5432/reconciler"
HERE = server_of(PLACE)
ENVIRONMENT = {
    "RECONCILER_LEDGER_URL": PLACE,
    "RECONCILER_LEDGER_USER": "writer",
    "RECONCILER_LEDGER_PASSWORD": "canary-1",
}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (PLACE, Server("db.example.com", 5432, "reconciler")),
        ("postgres://db.example.com/reconciler", Server("db.example.com", 5432, "reconciler")),
        ("postgresql://DB.Example.com:6432/t?schema=team_a", Server("db.example.com", 6432, "t", "team_a")),
        ("postgresql://[::1]:5433/tools", Server("::1", 5433, "tools")),
        ("postgresql://%2Frun%2FpostgreSQL:5433/tools", Server("/run/postgreSQL", 5433, "tools")),
        ("postgresql://%2frun/tools", Server("/run", 5432, "tools")),
    ],
)
def test_a_url_names_host_port_database_and_schema(url: str, server: Server) -> None:
    assert server_of(url) == server
    assert server_of(str(server)) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "reconciler.db",
        "mysql://db.example.com/reconciler",
        "https://db.example.com/reconciler",
        "postgresql:///reconciler",
        "postgresql://db.example.com",
        "postgresql://db.example.com/",
        "postgresql://db.example.com/a/b",
        "postgresql://db.example.com/../b",
        "postgresql://db.example.com/a b",
        "postgresql://db.example.com\\@evil.example.com/a",
        "postgresql://writer@db.example.com/reconciler",
        "postgresql://writer:canary-1@db.example.com/reconciler",
        "postgresql://:canary-1@db.example.com/reconciler",
        "postgresql://@db.example.com/reconciler",
        "postgresql://db.example.com,evil.example.com/reconciler",
        "postgresql://db.example.com:5432,evil.example.com:5432/reconciler",
        "postgresql://db.example.com:0/reconciler",
        "postgresql://db.example.com:65536/reconciler",
        "postgresql://db.example.com:canary-1/reconciler",
        "postgresql://db.exämple.com/reconciler",
        "postgresql://db.example.com/reconciler?sslmode=disable",
        "postgresql://db.example.com/reconciler?schema=a&host=evil.example.com",
        "postgresql://db.example.com/reconciler?schema=public",
        "postgresql://db.example.com/reconciler?schema=pg_catalog",
        "postgresql://db.example.com/reconciler?schema=Team",
        "postgresql://db.example.com/reconciler?schema=a%22b",
        "postgresql://db.example.com/reconciler?",
        "postgresql://db.example.com/reconciler#x",
        "postgresql://db.example.com/reconciler%20user=evil",
        "postgresql://%2Frun%2F..%00/tools",
        "postgresql://[::1/tools",
        "postgresql://db.example.com\x00/tools",
        "postgresql://db.example.com/tools\n",
    ],
)
def test_what_is_no_such_place_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(holds|is|must|has) ") as error:
        server_of(url)
    assert "canary" not in str(error.value)


# The operator's word


def test_the_operator_names_the_very_same_place() -> None:
    found = ledger_access(HERE, ENVIRONMENT)

    assert (found.server, found.user, found.source) == (HERE, "writer", "env RECONCILER_LEDGER_PASSWORD")
    assert found.secret is not None
    assert found.secret() == "canary-1"
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://evil.example.com:5432/reconciler",
        "postgresql://db.example.com:5433/reconciler",
        "postgresql://db.example.com:5432/other",
        "postgresql://db.example.com:5432/reconciler?schema=other",
        "postgresql://db.example.com.:5432/reconciler".replace("com.:", "com.evil.example.com:"),
        "postgresql://127.0.0.1:5432/reconciler",
    ],
)
def test_a_project_that_names_another_place_gets_no_credential(url: str) -> None:
    with pytest.raises(UsageWrong) as refused:
        ledger_access(server_of(url), ENVIRONMENT)

    assert str(server_of(url)) in str(refused.value)
    assert PLACE in str(refused.value)
    assert "no credential goes anywhere else" in refused.value.hint
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("gone", "words"),
    [("RECONCILER_LEDGER_URL", "names no ledger"), ("RECONCILER_LEDGER_USER", "names no user")],
)
def test_what_the_operator_does_not_say_is_asked_for(gone: str, words: str) -> None:
    with pytest.raises(UsageWrong, match=words) as refused:
        ledger_access(HERE, {n: v for n, v in ENVIRONMENT.items() if n != gone})

    assert "RECONCILER_LEDGER_URL, RECONCILER_LEDGER_USER and RECONCILER_LEDGER_PASSWORD" in refused.value.hint


def test_a_password_in_the_operators_url_is_refused_and_not_shown() -> None:
    given = {**ENVIRONMENT, "RECONCILER_LEDGER_URL": "postgresql://writer:canary-1@db.example.com/reconciler"}

    with pytest.raises(UsageWrong, match="must hold no user and no password") as refused:
        ledger_access(HERE, given)
    assert "canary" not in str(refused.value)


def in_file(tmp_path: Path, **ledger: Json) -> dict[str, str]:
    path = tmp_path / "operator.yaml"
    path.write_text(json.dumps({"ledger": ledger}, indent=1))
    return {"RECONCILER_CONFIG": str(path)}


def test_the_file_says_it_all(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("canary-2\n")
    (tmp_path / "password").chmod(0o600)
    given = in_file(
        tmp_path,
        url=PLACE,
        user="writer",
        credential={"fromFile": "password"},
        caFile="ca.pem",
        sslmode="verify-ca",
    )

    found = ledger_access(HERE, given)

    assert (found.user, found.sslmode, found.ca_file) == ("writer", "verify-ca", str(tmp_path / "ca.pem"))
    assert found.secret is not None
    assert found.secret() == "canary-2"
    (tmp_path / "password").chmod(0o644)
    with pytest.raises(GuardRefused, match="can be read by others"):
        found.secret()


def test_a_variable_wins_over_the_file_each_by_itself(tmp_path: Path) -> None:
    given = in_file(tmp_path, url="postgresql://old.example.com/reconciler", user="reader")

    found = ledger_access(HERE, {**given, "RECONCILER_LEDGER_URL": PLACE})

    assert (found.server, found.user, found.secret) == (HERE, "reader", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "writer"},
        {"url": PLACE, "password": "canary-1"},
        {"url": PLACE, "sslmode": "prefer"},
        {"url": PLACE, "credential": {"fromEnv": "A", "fromFile": "b"}},
        {"url": PLACE, "user": "a b"},
    ],
)
def test_a_file_of_another_form_is_refused_with_its_place(tmp_path: Path, wrong: dict[str, Json]) -> None:
    with pytest.raises(ManifestInvalid, match=r"operator.yaml:\d+:\d+: "):
        ledger_access(HERE, in_file(tmp_path, **wrong))
