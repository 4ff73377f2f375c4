"""An import of connections, their refreshes, and filters of dashboards (OA-R137, OA-R146, OA-R149, OA-R159)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.document import Manage
from reconciler.twins import OmniTwin
from tests.contract.importing import Place, place
from tests.contract.test_dashboard_filters import CONTROLS, FILTERS
from tests.contract.test_import import metadata, specs
from tests.world import OMNI


@pytest.fixture(params=["plain", "adversarial"])
def twin(request: pytest.FixtureRequest) -> OmniTwin:
    found = OmniTwin(str(request.param))
    own = found.add_connection(
        "Wh", "snowflake", base_role="QUERIER", attribute="env", default_values=("prod", "live")
    )
    found.add_connection("Wh 2", database="d", defaultSchema="s")
    found.add_refresh(own, "00 09 * * ? *")
    found.add_refresh(own, "0 9 * * ? *")
    found.disable_refresh(found.add_refresh(own, "0 10 * * ? *", "Europe/London"))
    found.add_document(
        "sales",
        identifier="sales",
        filters=FILTERS,
        controls=CONTROLS,
        filter_order=["status", "date", "metric", "period"],
    )
    return found


def run(p: Place, *words: str) -> None:
    p.settles("analytics", *words)


def test_connections_come_with_their_ids_and_need_no_call(twin: OmniTwin, tmp_path: Path) -> None:
    with place(tmp_path, {OMNI: twin}) as p:
        run(p, "Connection")
        found = specs(p, "Connection")

        assert found["wh"]["environmentUserAttribute"]["attribute"] == "env"
        assert set(found["wh"]["environmentUserAttribute"]["defaultValues"]) == {"prod", "live"}
        assert (found["wh-2"]["database"], found["wh-2"]["defaultSchema"]) == ("d", "s")
        assert metadata(p, "Connection", "wh").pinned_id


def test_refreshes_alike_are_pinned_and_disabled_ones_only_observed(twin: OmniTwin, tmp_path: Path) -> None:
    with place(tmp_path, {OMNI: twin}) as p:
        run(p, "Connection", "SchemaRefresh")
        found = specs(p, "SchemaRefresh")

        assert sorted(s["cron"] for s in found.values()) == ["0 10 * * ? *", "0 9 * * ? *", "0 9 * * ? *"]
        for name, spec in found.items():
            document = metadata(p, "SchemaRefresh", name)
            assert (document.pinned_id is not None) == (spec["cron"] == "0 9 * * ? *")
            observed = document.lifecycle.manage is Manage.OBSERVE
            assert observed == (spec["cron"] == "0 10 * * ? *")


def test_filters_are_imported_dashboard_by_dashboard(twin: OmniTwin, tmp_path: Path) -> None:
    with place(tmp_path, {OMNI: twin}) as p:
        run(p, "DashboardFilters", "--by", "document=sales")
        [spec] = specs(p, "DashboardFilters").values()

        assert spec["filters"]["status"] == {"values": ["done"], "label": "Status"}
        assert spec["controls"] == {"metric": {"label": "Metric"}, "period": {"label": "Period"}}
        assert spec["order"] == ["status", "date", "metric", "period"]


def test_environments_cannot_be_listed_and_that_is_said(twin: OmniTwin, tmp_path: Path) -> None:
    with place(tmp_path, {OMNI: twin}) as p:
        p.run("import", "analytics", "ConnectionEnvironments")
        assert "no list shows which connections are linked" in p.said + p.told
