"""How long lists were, as the ledger remembers it (OA-C43)."""

from __future__ import annotations

from reconciler.ledger import ephemeral, whoami
from tests.world import hasty_clock


def test_oa_c43_the_last_word_on_each_list_counts() -> None:
    clock = hasty_clock()
    with ephemeral(whoami(), clock) as ledger:
        assert ledger.recorded().pages == {}
        ledger.measured("a", {"GET /x": 3, "GET /y": 1})
        ledger.measured("b", {"GET /x": 7})
        ledger.measured("a", {"GET /x": 4})

        assert ledger.recorded().pages == {"a": {"GET /x": 4, "GET /y": 1}, "b": {"GET /x": 7}}
        assert ledger.recorded(["b"]).pages == {"b": {"GET /x": 7}}


def test_oa_c43_nothing_is_written_where_nothing_has_changed() -> None:
    with ephemeral(whoami(), hasty_clock()) as ledger:
        ledger.measured("a", {"GET /x": 3, "GET /y": 1})
        head = ledger.head

        ledger.measured("a", {"GET /x": 3})

        assert ledger.head == head


def test_a_place_and_the_pages_stand_beside_each_other() -> None:
    with ephemeral(whoami(), hasty_clock()) as ledger:
        ledger.settle_down("a", "https://a.example.com")
        ledger.measured("a", {"GET /x": 3})

        assert ledger.recorded().places == {"a": "https://a.example.com"}
        assert ledger.recorded().pages == {"a": {"GET /x": 3}}
