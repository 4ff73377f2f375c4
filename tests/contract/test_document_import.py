"""Documents imported: what the list shows, and grants where somebody asks for them (OA-R119)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from reconciler.twins import OmniTwin
from tests.contract.grants import FINANCE
from tests.contract.importing import Place, place
from tests.world import OMNI


@pytest.fixture(params=["plain", "adversarial"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    twin = OmniTwin(str(request.param))
    twin.seed_world()
    sales = twin.add_document("Sales of the week", folder_id=FINANCE, labels=["Draft"])
    people = twin.edit("GET", "/scim/v2/users?count=100").body
    assert isinstance(people, dict)
    jane = next(u["id"] for u in people["Resources"] if u["userName"] == "jane@example.com")
    body = {"role": "EDITOR", "userIds": [jane]}
    assert twin.edit("POST", f"/v1/documents/{sales}/permissions", body).ok
    with place(tmp_path, {OMNI: twin}) as found:
        yield found


def specs(here: Place) -> list[dict[str, object]]:
    texts = [data for name, data in here.files().items() if name.startswith("manifests/")]
    documents = [d for text in texts for d in yaml.safe_load_all(text) if d and d["kind"] == "Document"]
    return [d["spec"] for d in documents]


def test_oa_r119_what_the_list_shows(here: Place) -> None:
    here.settles(OMNI, "Document")

    sales = next(s for s in specs(here) if s.get("folder") == "Finance")
    assert sales["labels"] == ["Draft"]
    assert set(sales) == {"identifier", "folder", "scope", "owner", "labels"}
    assert not [e for e in here.twins[OMNI].log if "access-list" in e.call]


def test_oa_r119_grants_where_they_are_asked_for(here: Place) -> None:
    here.run("import", OMNI, "Document", "--with", "permissions")

    sales = next(s for s in specs(here) if s.get("folder") == "Finance")
    assert sales["permissions"] == [{"role": "EDITOR", "users": ["jane@example.com"]}]
    assert here.plan().writes == ()
