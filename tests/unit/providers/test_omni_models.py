"""Models and what belongs to them: names, paths, roles, validations, without a wire (OA-R160 to OA-R187)."""

from __future__ import annotations

import pytest

from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Proof, Resource
from reconciler.model.plan import Call, Effect, Phase
from reconciler.providers.omni_analytics import model, model_file, model_git, model_roles
from reconciler.providers.omni_analytics.file_reads import own_id, written
from reconciler.providers.omni_analytics.model_git import expanded
from reconciler.providers.omni_analytics.of_model import model_of
from reconciler.providers.omni_analytics.role_reads import parse
from reconciler.providers.omni_analytics.validation import errors, validation, verdicts
from tests.world import catalog, doc

ROLES = catalog().kind("omni-analytics", "ModelRoles")
GIT = catalog().kind("omni-analytics", "ModelGit")
MODEL = catalog().kind("omni-analytics", "Model")
FILE = catalog().kind("omni-analytics", "ModelFile")


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("model.yaml", "model"),
        ("model", "model"),
        ("relationships.yaml", "relationships"),
        ("views/orders.yaml", "orders.view"),
        ("views/orders.view.yaml", "orders.view"),
        ("orders.view", "orders.view"),
        ("topics/sales.yml", "sales.topic"),
        ("views/a/b.yaml", "a/b.view"),
    ],
)
def test_oa_r183_a_file_is_known_by_the_name_it_is_written_under(read: str, name: str) -> None:
    assert written(read) == name


def test_oa_r183_a_file_on_a_branch_is_another_one() -> None:
    assert own_id("m", "", "a.view") != own_id("m", "b", "a.view")


@pytest.mark.parametrize(
    ("path", "meant"), [("orders", "omni/orders"), ("omni/orders", "omni/orders"), ("/orders", "/orders")]
)
def test_oa_r173_a_plain_path_lies_below_omni(path: str, meant: str) -> None:
    assert expanded(path) == meant


def test_oa_r173_auto_equals_everything_and_other_words_themselves() -> None:
    field = GIT.fields["gitServiceProvider"]

    assert model_git.same(field, "github", "auto")
    assert not model_git.same(field, "github", "gitlab")
    assert not model_git.same(GIT.fields["modelPath"], None, "omni/x")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], []),
        ({"valid": True, "issues": []}, []),
        ([{"message": "m", "is_warning": True, "yaml_path": "x"}], []),
        ([{"message": "m", "is_warning": False, "yaml_path": "a.view"}], ["a.view: m"]),
        ([{"message": "m"}], ["m"]),
        ([{}], ["an error without a message"]),
        (
            {"valid": False, "issues": [{"severity": "error", "message": "m", "view": "v", "field": "f"}]},
            ["v f: m"],
        ),
        ({"valid": True, "issues": [{"severity": "Warning", "message": "m"}]}, []),
        ({"valid": False, "issues": []}, ["the model is not valid; the answer does not say why"]),
        ("nonsense", []),
        (None, []),
    ],
)
def test_oa_r166_errors_count_and_warnings_do_not(body: Json, said: list[str]) -> None:
    look = validation(MODEL, Address("analytics", "Model", "m"), "m-1", "Orders", frozenset())

    assert list(errors(body)) == said
    assert [v.message for v in verdicts(MODEL, look, (), body).values()] == said
    assert all(v.done is False for v in verdicts(MODEL, look, (), body).values())


def result(role: str, model: str | None = "m-1", source: Json = "User Role") -> Json:
    return {"connectionId": "c-1", "modelId": model, "roleName": role, "from": {"type": source}, "resolved": True}


def own(results: list[Json], wanted: list[Json], *, alias: bool = False) -> Json:
    detail: dict[str, Json] = {
        "address": "a",
        "id": "u-1",
        "word": "user",
        "key": {"user": "ann@example.com"},
        "wanted": wanted,
        "alias": alias,
    }
    demand = Demand("analytics", "ModelRoles", details=(detail,))
    [request] = model_roles.reads(ROLES, demand, ())
    [found] = parse(ROLES, demand, ((request, {"membershipId": "u-1", "results": results}),)).resources
    return found.fields["roles"]


def entry(role: str, model: str | None = "m-1") -> Json:
    return {"connection": "c-1", "model": model, "role": role}


@pytest.mark.parametrize(
    ("results", "wanted", "found"),
    [
        ([result("QUERIER")], [], [entry("QUERIER")]),
        ([result("ADMIN", None)], [], [entry("ADMIN", None)]),
        # One on the connection, shown once or model by model; and beside it one on a model.
        ([result("ADMIN"), result("ADMIN", "m-2")], [["c-1", None, "ADMIN"]], [entry("ADMIN", None)]),
        ([result("ADMIN", None)], [["c-1", None, "ADMIN"]], [entry("ADMIN", None)]),
        ([result("OTHER", None)], [["c-1", None, "ADMIN"]], [entry("OTHER", None)]),
        (
            [result("ADMIN"), result("VIEWER"), result("ADMIN", "m-2")],
            [["c-1", None, "ADMIN"], ["c-1", "m-1", "VIEWER"]],
            [entry("ADMIN", None), entry("VIEWER")],
        ),
        (
            [result("ADMIN"), result("ADMIN", "m-2")],
            [["c-1", None, "ADMIN"], ["c-1", "m-1", "ADMIN"]],
            [entry("ADMIN", None), entry("ADMIN")],
        ),
        ([result("VIEWER")], [["c-1", None, "ADMIN"]], [entry("VIEWER")]),
        ([result("VIEWER", source="Group Role")], [], []),
        ([result("VIEWER", source="BASE")], [], []),
        ([result("VIEWER", source="USER")], [], [entry("VIEWER")]),
        ([result("VIEWER", source=None)], [], []),
    ],
)
def test_oa_r178_what_is_the_subjects_own(results: list[Json], wanted: list[Json], found: list[Json]) -> None:
    assert own(results, wanted) == found


def test_oa_r179_a_role_with_two_names_is_spelled_as_the_document_does() -> None:
    for role in ("QUERY_TOPICS", "RESTRICTED_QUERIER"):
        assert own([result(role)], []) == [entry("QUERY_TOPICS")]
        assert own([result(role)], [], alias=True) == [entry("RESTRICTED_QUERIER")]


@pytest.mark.parametrize("body", [None, {}, {"results": {}}])
def test_oa_r176_an_answer_of_another_shape_is_no_answer(body: Json) -> None:
    demand = Demand(
        "t", "ModelRoles", details=({"id": "u", "word": "user", "key": "k", "wanted": [], "alias": False},)
    )
    [request] = model_roles.reads(ROLES, demand, ())

    if body is None:
        assert parse(ROLES, demand, ((request, None),)).resources == ()
    else:
        with pytest.raises(ValueError, match="roles"):
            parse(ROLES, demand, ((request, body),))


def others(names: dict[str, str], *models: tuple[str, str, str]) -> dict[str, Collection]:
    live = tuple(Resource(i, name, {}, scope=(connection,)) for i, connection, name in models)
    return {
        "Connection": Collection("Connection", names={"Lake": "c-1", "Dev": "c-2"}),
        "Model": Collection("Model", live, names=names),
    }


def test_oa_r170_a_model_is_one_of_the_connection_beside_its_name() -> None:
    here = others({}, ("m-1", "c-1", "Orders"), ("m-2", "c-2", "Orders"))

    assert model_of({"connection": "Lake", "model": "Orders"}, here) == ("c-1", "m-1")
    assert model_of({"connection": "Dev", "model": "Orders"}, here) == ("c-2", "m-2")
    assert model_of({"connection": "Nowhere", "model": "Orders"}, here) == (None, None)
    assert model_of({"connection": "Lake", "model": "Others"}, here) == ("c-1", None)


def test_oa_r170_a_documents_name_counts_where_its_model_is_of_that_connection() -> None:
    here = others({"orders": "m-2"}, ("m-2", "c-2", "Orders"))

    assert model_of({"connection": "Dev", "model": "orders"}, here) == ("c-2", "m-2")
    assert model_of({"connection": "Lake", "model": "orders"}, here) == ("c-1", None)


def test_oa_r161_the_checks_of_a_schema_model() -> None:
    good: dict[str, Json] = {
        "connection": "Lake",
        "modelKind": "SCHEMA",
        "name": "(schema)",
        "refreshOnCreate": True,
    }

    assert model.check(MODEL, [doc("Model", "a", good)]) == []
    assert (
        len(model.check(MODEL, [doc("Model", "a", {**good, "name": "x", "accessGrants": [{"name": "y"}]})])) == 2
    )


def test_oa_r184_of_files_that_may_not_be_read_nobody_can_tell() -> None:
    write = Call(
        "1", "a", "ModelFile", Address("a", "ModelFile", "x"), "POST", "/unstable/models/{modelId}/yaml",
        args={"modelId": "m"}, phase=Phase.CREATE, body={"branchId": "b"},
        effect=Effect(key="x.view", fields={"text": "t"}, scope=("c", "m")),
    )  # fmt: skip
    whole = Proof(True, "each model asked for by its id")

    def told(*refused: str) -> bool | None:
        seen: dict[str, Json] = {"refused": dict.fromkeys(refused, 403)}
        return model_file.settled(FILE, write, Collection("ModelFile", (), whole, seen))

    assert told("m@b") is None
    assert told() is False
    assert told("m", "n@b") is False
