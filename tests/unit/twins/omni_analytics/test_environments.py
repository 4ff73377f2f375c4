"""Connection environments of the Omni Analytics twin, over a socket."""

from __future__ import annotations

import pytest

from tests.unit.twins.omni_analytics.warehouse import BASE, NOWHERE, OK, OTHER, PAT, refused, warehouse
from tests.unit.twins.served import Omni

ALL = "/v1/connection-environments"
FIRST, SECOND = (f"00000004-0000-4000-8000-00000000000{n}" for n in (1, 2))
WRONG = "The following environment connection IDs are not valid for this connection"
NO_UUIDS = "environmentConnectionIds: All environment connection IDs must be valid UUIDs"


def two(omni: Omni) -> Omni:
    """The base with two environments."""
    third = warehouse(omni).twin.add_connection("Dev")
    omni.twin.add_environment(BASE, OTHER, "staging")
    omni.twin.add_environment(BASE, third)
    return omni


def test_several_at_once_in_the_order_sent(each_omni: Omni) -> None:
    third = warehouse(each_omni).twin.add_connection("Dev")
    status, answer = each_omni.ask(
        "POST", ALL, {"baseConnectionId": BASE, "environmentConnectionIds": f"{third}, {OTHER}"}
    )

    assert (status, answer["success"]) == (201, True)
    assert answer["data"] == [
        {"id": FIRST, "environmentConnectionId": third},
        {"id": SECOND, "environmentConnectionId": OTHER},
    ]


def test_creates_that_are_refused(omni: Omni) -> None:
    warehouse(omni)
    mysql = omni.twin.add_connection("M", "mysql")
    gone = omni.twin.add_connection("Gone")
    omni.twin.delete_connection(gone)
    omni.twin.add_environment(BASE, OTHER)

    def answer(ids: str, base: str = BASE) -> tuple[int, str]:
        return refused(omni, "POST", ALL, {"baseConnectionId": base, "environmentConnectionIds": ids})

    assert answer(OTHER, "x") == (400, "baseConnectionId: Base connection ID must be a valid UUID")
    assert answer("x") == answer("") == answer(f"{OTHER},x") == (400, NO_UUIDS)
    assert answer(OTHER, NOWHERE) == (404, f"Connection with id {NOWHERE} does not exist")
    for wrong in (BASE, OTHER, mysql, gone, NOWHERE):
        assert answer(wrong) == (400, f"{WRONG}: {wrong}")
    assert answer(f"{BASE},{mysql}") == (400, f"{WRONG}: {BASE}, {mysql}")


def test_values_are_replaced_and_cleared(omni: Omni) -> None:
    two(omni)
    assert omni.ask("PUT", f"{ALL}/{SECOND}", {"userAttributeValues": "dev, qa"}) == OK
    taken = refused(omni, "PUT", f"{ALL}/{FIRST}", {"userAttributeValues": "x,qa"})
    assert taken == (400, 'User attribute value "qa" is already in use')
    assert omni.ask("PUT", f"{ALL}/{SECOND}", {"userAttributeValues": ""}) == OK
    assert omni.ask("PUT", f"{ALL}/{FIRST}", {"userAttributeValues": "x,qa"}) == OK


def test_a_swap_takes_three_calls(each_omni: Omni) -> None:
    two(each_omni)
    each_omni.ask("PUT", f"{ALL}/{SECOND}", {"userAttributeValues": "dev"})
    assert refused(each_omni, "PUT", f"{ALL}/{FIRST}", {"userAttributeValues": "dev"})[0] == 400
    for environment, values in ((SECOND, "parked"), (FIRST, "dev"), (SECOND, "staging")):
        assert each_omni.ask("PUT", f"{ALL}/{environment}", {"userAttributeValues": values}) == OK


@pytest.mark.parametrize(
    ("environment", "body", "status", "text"),
    [
        ("x", {"userAttributeValues": "a"}, 400, "Invalid uuid"),
        (NOWHERE, {"userAttributeValues": "a"}, 404, f"Connection environment with id {NOWHERE} does not exist"),
        (FIRST, {}, 400, "userAttributeValues: Required"),
        (FIRST, {"userAttributeValues": ["a"]}, 400, "userAttributeValues: Invalid value"),
    ],
)
def test_changes_that_are_refused(omni: Omni, environment: str, body: object, status: int, text: str) -> None:
    assert refused(two(omni), "PUT", f"{ALL}/{environment}", body) == (status, text)


def test_only_the_newer_edition_lists_them(omni: Omni) -> None:
    two(omni)
    assert refused(omni, "GET", ALL) == (400, "Invalid method")
    omni.twin.knobs.set("newer-answers", "adversarial")
    status, answer = omni.ask("GET", ALL)

    assert (status, len(answer["connectionEnvironments"])) == (200, 2)
    assert answer["connectionEnvironments"][0] == {
        "id": FIRST,
        "baseConnectionId": BASE,
        "connectionId": OTHER,
        "userAttributeValues": ["staging"],
    }


def test_they_are_for_administrators(omni: Omni) -> None:
    two(omni)
    assert refused(omni, "PUT", f"{ALL}/{FIRST}", {"userAttributeValues": "x"}, **PAT)[0] == 403
