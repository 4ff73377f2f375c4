"""What a document is made of, copies of it, and what can be asked of it, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.omni_analytics.sales import FILTERS, MODEL, ONE, PAT, SALES, detail, listed, prepare
from tests.unit.twins.omni_analytics.test_document_access import add_model
from tests.unit.twins.served import Omni, served

MISSING = detail('Document with identifier "none" not found', 404)
DRAFT = "A draft already exists for this document. Set clearExistingDraft to true to discard and proceed."
JOB = "00000008-0000-4000-8000-000000000001"


def test_a_dashboard_in_the_form_of_a_put(omni: Omni) -> None:
    prepare(omni)

    status, body = omni.ask("GET", ONE)

    assert status == 200
    assert (body["name"], body["modelId"], body["filterConfig"]) == ("Sales", MODEL, FILTERS)
    assert body["filterOrder"] == ["region", "field_selector"]
    again = {**body, "name": "Sales again"}
    assert omni.ask("PUT", ONE, again) == (200, {"identifier": SALES, "name": "Sales again"})
    assert omni.ask("PUT", ONE, {"name": "x"}) == detail("modelId: Required")
    assert omni.ask("PUT", ONE, {**body, "refreshInterval": 59}) == detail("refreshInterval: Invalid value")
    assert omni.ask("PUT", ONE, {**body, "queryPresentations": []})[0] == 400
    assert omni.ask("GET", "/v1/documents/none") == MISSING


def test_a_rename(omni: Omni) -> None:
    prepare(omni)

    assert omni.ask("PATCH", ONE, {"name": "Revenue"}) == (200, {"identifier": SALES, "name": "Revenue"})
    assert omni.ask("PATCH", ONE, {}) == detail("name: Required")
    assert omni.ask("PATCH", ONE, {"name": ""}) == detail("name: Name cannot be empty")
    assert omni.ask("PATCH", ONE, {"name": "x" * 256}) == detail("name: Name must be 255 characters or less")
    omni.twin.set_draft(SALES)
    assert omni.ask("PATCH", ONE, {"name": "Sales"}) == detail(DRAFT, 409)
    assert omni.ask("PATCH", ONE, {"name": "Sales", "clearExistingDraft": True})[0] == 200
    assert omni.ask("PATCH", "/v1/documents/none", {"name": "x"}) == MISSING
    assert omni.ask("PATCH", ONE, {"name": "x"}, **PAT)[0] == 403


def test_a_draft_is_archived(omni: Omni) -> None:
    prepare(omni)
    omni.twin.set_draft(SALES)

    answer = omni.ask("DELETE", "/v1/documents/none/draft")
    assert answer == detail("Document with identifier none not found", 404)
    assert omni.ask("DELETE", f"{ONE}/draft") == (200, {"message": "Draft deleted successfully"})
    assert omni.ask("DELETE", f"{ONE}/draft") == detail(f"Draft with id {SALES} does not exist", 404)


def test_a_deleted_document_is_gone(each_omni: Omni) -> None:
    prepare(each_omni)
    each_omni.twin.knobs.set("OA-P1", "plain")
    each_omni.twin.edit("PUT", f"{ONE}/move", {"folderPath": "/blob-sales"})
    folder = "/v1/folders/00000002-0000-4000-8000-000000000001"

    assert each_omni.ask("DELETE", ONE, **PAT)[0] == 403
    assert each_omni.ask("DELETE", folder) == detail("Folders with documents cannot be deleted")
    assert each_omni.ask("DELETE", ONE) == (200, {"success": True})
    assert each_omni.ask("DELETE", ONE)[0] == 404
    assert each_omni.ask("GET", f"{ONE}/access-list")[0] == 404
    assert each_omni.ask("DELETE", folder) == (200, {"success": True})
    assert [one["folder"] for one in listed(each_omni, "include=includeDeleted")] == [None]


def test_queries(omni: Omni) -> None:
    omni.twin.add_document("Sales", tiles=["1", "7"], model_id=MODEL)

    (first, second) = omni.ask("GET", f"{ONE}/queries")[1]["queries"]

    assert (first["name"], second["name"]) == ("1", "7")
    assert first["query"]["modelId"] == MODEL
    assert first["id"].startswith("0000000b-0000-4000-8000-")
    missing = omni.ask("GET", "/v1/documents/none/queries")
    assert missing == detail("Document with id none does not exist", 404)


def test_favorites(omni: Omni) -> None:
    jane = prepare(omni)
    hidden = omni.twin.add_document("Draft", published=False)

    for _ in range(2):
        assert omni.ask("PUT", f"{ONE}/favorite?userId={jane}") == (204, None)
    assert omni.ask("PUT", f"{ONE}/favorite", **PAT) == (204, None)
    assert omni.ask("PUT", f"{ONE}/favorite?userId={jane}", **PAT)[0] == 403
    assert listed(omni, "include=_count&sortField=favorites")[-1]["_count"]["favorites"] == 2
    for _ in range(2):
        assert omni.ask("DELETE", f"{ONE}/favorite?userId={jane}") == (204, None)
    assert omni.ask("PUT", f"/v1/documents/{hidden}/favorite")[0] == 404
    nobody = "00000001-0000-4000-8000-0000000000ff"
    answer = omni.ask("PUT", f"{ONE}/favorite?userId={nobody}")
    assert answer == detail(f"User with id {nobody} does not exist", 404)


@pytest.mark.parametrize(("newer", "status"), [(False, 200), (True, 201)])
def test_a_new_one_shows_its_settings_once(newer: bool, status: int) -> None:
    with served(OmniTwin(knobs={"newer-answers": "adversarial" if newer else "plain"})) as omni:
        add_model(omni.twin, 2, "postgres")
        got, body = omni.ask("POST", "/v1/documents", {"modelId": MODEL, "name": "New"})

        assert (got, body["workbook"]["identifier"]) == (status, SALES)
        assert (body["workbook"]["organizationRole"], body["workbook"]["canUpload"]) == ("VIEWER", False)
        assert omni.ask("POST", "/v1/documents", {"name": "x"}) == detail("modelId: Required")
        assert omni.ask("POST", "/v1/documents", {"modelId": MODEL}) == detail("name: Required")
        assert listed(omni)[0]["connectionId"] == "00000003-0000-4000-8000-000000000002"


def test_a_copy_is_restricted_unless_told_otherwise(omni: Omni) -> None:
    prepare(omni)

    def copy(**body: object) -> tuple[int, Any]:
        return omni.ask("POST", f"{ONE}/duplicate", body)

    status, body = copy(name="Copy")
    assert (status, body["identifier"], body["name"]) == (201, "d0c00002", "Copy")
    assert set(body) == {"dashboardId", "identifier", "name", "workbookId"}
    assert copy(name="Other", folderPath="/blob-sales")[0] == 201
    assert [one["scope"] for one in listed(omni)] == ["restricted", "organization", "organization"]
    missing = detail('Folder with path "/none" does not exist', 404)
    assert copy(name="x", folderPath="/none") == missing
    assert copy(name="x", folderPath="/blob-sales", scope="restricted")[0] == 400


def test_export_and_import_are_shapes(omni: Omni) -> None:
    prepare(omni)

    status, body = omni.ask("GET", f"/unstable/documents/{SALES}/export")
    assert (status, body["exportVersion"]) == (200, "0.1")
    status, made = omni.ask("POST", "/unstable/documents/import", {**body, "baseModelId": MODEL})
    assert (status, set(made)) == (200, {"dashboard", "miniUuidMap", "workbook"})
    assert len(listed(omni)) == 1
    assert omni.ask("GET", "/unstable/documents/none/export")[0] == 404
    refused = detail("Forbidden: Organization API key required", 403)
    assert omni.ask("GET", f"/unstable/documents/{SALES}/export", **PAT) == refused


def test_a_download(omni: Omni) -> None:
    prepare(omni)
    place = f"/v1/dashboards/{SALES}/download"

    begun = omni.ask("POST", place, {"format": "pdf"})
    assert begun == (200, {"job_id": JOB, "message": "Download initiated successfully"})
    status, body = omni.ask("POST", place, {"format": "pdf"})
    assert (status, body["existing_job_id"], body["status"]) == (409, JOB, "EXECUTING")
    assert omni.ask("GET", f"{place}/{JOB}")[0] == 202
    assert omni.ask("GET", f"{place}/{JOB}/status")[1]["status"] == "in_progress"
    assert omni.ask("GET", f"{place}/{JOB}/status")[1]["status"] == "complete"
    reply = omni.client.get(f"{omni.url}{place}/{JOB}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/pdf")
    assert omni.ask("GET", f"{place}/{JOB[:-1]}9")[0] == 404
    assert omni.ask("POST", "/v1/dashboards/none/download", {"format": "pdf"})[0] == 404
    assert omni.ask("POST", place, {"format": "gif"})[0] == 400


def test_questions_are_answered_in_shape(omni: Omni) -> None:
    query = {"modelId": MODEL, "table": "orders", "fields": []}

    def run(**body: object) -> tuple[int, Any]:
        return omni.ask("POST", "/v1/query/run", body)

    status, body = run(query=query)
    assert (status, body["status"], body["remaining_job_ids"]) == (200, "COMPLETE", [])
    job_id = body["job_id"]
    waited = omni.ask("GET", f'/v1/query/wait?job_ids=["{job_id}"]')[1]
    assert (waited["job_id"], waited["timed_out"]) == (job_id, False)
    assert run(query=query, planOnly=True)[1]["status"] == "PLANNED"
    both = detail("planOnly and resultType cannot both be provided")
    assert run(query=query, planOnly=True, resultType="csv") == both
    assert run(query=query, formatResults=True) == detail("formatResults cannot be provided without resultType")
    negative = detail("query.limit: Too small: expected number to be >0")
    assert run(query={**query, "limit": -1}) == negative
    status, body = omni.ask("POST", "/v1/ai/generate-query", {"modelId": MODEL, "prompt": "revenue"})
    assert (status, body["query"]["model_job"]["model_id"]) == (200, MODEL)
