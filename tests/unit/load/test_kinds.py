"""The shipped schema files, and what is wrong with bad ones."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.load.fields import FIELD_WORDS, STANDARD
from reconciler.load.kinds import KIND_WORDS, load_kinds
from reconciler.load.shape import prepared, shipped_schema, validator
from reconciler.load.shipped import shipped
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Page, Prune
from tests.unit.load.projects import PARTNER, kind

KINDS = load_kinds()
FORMS = ("manifest", "project", "operator")


def examples(node: JsonObject) -> list[Json]:
    found = node.get("examples")
    return found if isinstance(found, list) else []


def nodes(schema: JsonObject, path: str = "") -> list[tuple[str, JsonObject]]:
    """Every named property of a schema, however deep."""
    found: list[tuple[str, JsonObject]] = []
    properties = schema.get("properties")
    for name, node in (properties if isinstance(properties, dict) else {}).items():
        assert isinstance(node, dict)
        found += [(f"{path}/{name}", node), *nodes(node, f"{path}/{name}")]
    for word in ("items", "additionalProperties"):
        if isinstance(below := schema.get(word), dict):
            found += nodes(below, f"{path}/*")
    return found


SCHEMAS: dict[str, JsonObject] = {
    **{f"{k.provider}/{k.name}": dict(k.schema) for k in KINDS.values()},
    **{name: shipped_schema(name) for name in FORMS},
}
FIELDS = {f"{name}{path}": node for name, schema in SCHEMAS.items() for path, node in nodes(schema)}


def test_the_shipped_kinds_are_these() -> None:
    assert {"/".join(at) for at in KINDS} >= {
        "omni-analytics/Folder", "omni-analytics/Label", "omni-analytics/User",
        "studio-tracker/ClientTeam", "studio-tracker/User",
    }  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_json_schema_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["description"]
    assert examples(SCHEMAS[name]) or "x-refused" in SCHEMAS[name]


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_described_and_its_examples_are_right(name: str) -> None:
    node = FIELDS[name]

    assert node.get("description")
    assert examples(node)
    for example in examples(node) if "x-refused" not in node else ():
        assert [e.message for e in validator(as_written(node)).iter_errors(example)] == []


def as_written(node: JsonObject) -> JsonObject:
    """What a manifest writes in a field: of a secret where it is, of a value shown once where it goes."""
    if node.get("readOnly"):
        return node
    properties = prepared({"properties": {"it": node}})["properties"]
    return properties["it"] if isinstance(properties, dict) and isinstance(properties["it"], dict) else node


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_examples_of_a_schema_are_valid(name: str) -> None:
    check = validator(prepared(SCHEMAS[name]))

    for example in examples(SCHEMAS[name]):
        assert [e.message for e in check.iter_errors(example)] == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", [n for n, node in FIELDS.items() if "pattern" in node])
@pytest.mark.parametrize("unit", ["a", "a-", "-", "a/", "ab.", "-a.", "A1-/", "0_"])
def test_no_pattern_takes_long(name: str, unit: str) -> None:
    """The worst that a pattern can be fed: very long texts that fail at the very end."""
    check = validator({"pattern": FIELDS[name]["pattern"]})

    for end in ("", "!", "\n", "-"):
        check.is_valid(unit * 1_500 + end)
        check.is_valid(unit * 500_000 + end)


def test_a_label_as_a_kind() -> None:
    label = KINDS["omni-analytics", "Label"]

    assert label.key == "name"
    assert label.key_field.normalise == ("casefold",)
    assert label.rename == "yes"
    assert label.prune == Prune("delete", ("release", "delete"))
    assert label.abilities == ("create", "update", "rename", "delete")
    assert label.rest.id == "/name"
    assert label.rest.list is not None
    assert label.rest.list.call == "GET /v1/labels"
    assert label.rest.create is not None
    assert (label.rest.create.body, label.rest.create.answer, label.rest.create.id) == ("declared", "", "/name")
    assert label.rest.delete is not None
    assert label.rest.delete.answer is None
    assert label.fields["usageCount"].read_only
    assert label.fields["usageCount"].wire == "/usage_count"
    assert label.fields["verified"].type == ("boolean",)


def test_a_folder_as_a_kind() -> None:
    folder = KINDS["omni-analytics", "Folder"]

    assert folder.tree
    assert folder.title == "path"
    assert folder.abilities == ("create", "permissions", "delete")
    assert folder.key_field.type == ("string", "array")
    assert not folder.key_field.is_set
    assert folder.fields["owner"].ref == "User"
    assert folder.fields["owner"].normalise == (), "its comparable form is an id"
    assert folder.fields["scope"].immutable
    assert folder.rest.list is not None
    assert (folder.rest.list.page, folder.rest.list.by, folder.rest.list.after) == (
        Page.CURSOR, ("scope", "owner"), ("User", "UserGroup")
    )  # fmt: skip


def test_a_team_as_a_kind() -> None:
    team = KINDS["studio-tracker", "ClientTeam"]
    members = team.fields["members"]

    assert team.abilities == ("create", "update", "rename", "members", "delete")
    assert team.prune.keep_last
    assert members.is_set
    assert members.entry_key == "user"
    assert members.entries["user"].wire_name == "userId"
    assert members.entries["because"].local
    assert members.access
    assert team.fields["membersMode"].local, "a mode is never compared or sent"
    assert team.rest.sets["members"].change is not None
    assert team.rest.sets["members"].change.refused == ("remove", "add")


def test_what_a_kind_can_is_said_where_its_endpoints_do_not_tell() -> None:
    assert KINDS["omni-analytics", "ModelRoles"].abilities == ("roles",)
    assert KINDS["omni-analytics", "SchemaRefresh"].abilities == ("create", "update", "delete")


def test_the_first_example_of_a_schedule_is_a_mail_and_the_last_what_is_made_elsewhere() -> None:
    shown = [one["destination"] for one in examples(dict(KINDS["omni-analytics", "Schedule"].schema))]  # type: ignore[index,call-overload]
    assert shown == ["email", "sftp", "webhook", "slack"]


def test_a_source_can_only_be_referred_to() -> None:
    user = KINDS["studio-tracker", "User"]

    assert user.source
    assert user.abilities == ("refer",)
    assert user.key_field.normalise == ("casefold",)


REFUSED = {f"{k.provider}/{k.name}": k for k in KINDS.values() if k.refused and not k.source}
REFUSED_FIELDS = [name for name, node in FIELDS.items() if "x-refused" in node]


@pytest.mark.parametrize("name", [*REFUSED, *REFUSED_FIELDS])
def test_what_is_refused_is_so_to_every_reader_of_json_schema(name: str) -> None:
    """Editors know nothing of our words."""
    node = SCHEMAS.get(name) or FIELDS[name]
    check = Draft202012Validator(node)

    assert not any(check.is_valid(value) for value in ({}, {"name": "x"}, "x", None, [], *examples(node)))


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_kind_is_its_reason_and_nothing_else(name: str) -> None:
    one = REFUSED[name]

    assert (one.fields, one.abilities, one.rest.list) == ({}, (), None)
    assert set(one.schema) <= {"title", "description", "x-refused", "not", "examples"}


def test_formats_imply_normalisers() -> None:
    made = kind("Partner", PARTNER).fields

    assert made["since"].normalise == ("instant",)
    assert made["at"].normalise == ("instant",)
    assert made["note"].nullable
    assert made["friends"].ref == "Partner"
    assert made["friends"].is_set
    assert made["password"].write_only


def bad(tmp_path: Path, old: str, new: str) -> list[str]:
    """What is said of the Partner schema with one change."""
    folder = tmp_path / "omni-analytics"
    folder.mkdir()
    assert old in PARTNER
    (folder / "Partner.yaml").write_text(PARTNER.replace("x-ref: Person", "x-ref: Partner").replace(old, new))
    with pytest.raises(ManifestInvalid) as caught:
        load_kinds(tmp_path)
    return [str(p) for p in caught.value.problems]


MISTAKES = {
    "unknown word of a kind": ("x-key: name", "x-key: name\nx-titel: name", "x-titel: unknown 'x-titel' (did you mean 'x-title'?)"),
    "unknown word of a field": ("minLength: 1, d", "minLenght: 1, d", "unknown 'minLenght' (did you mean 'minLength'?)"),
    "unknown x-word of a field": ("x-ref: Partner, description: The", "x-reff: Partner, description: The", "did you mean 'x-ref'?"),
    "a reference out of the file": ("type: object\nrequired", "$ref: 'http://example.com'\ntype: object\nrequired", "unknown '$ref'"),
    "a reference inside": ("{type: integer}", "{$ref: 'http://example.com'}", "`$ref` is not followed"),
    "unknown normaliser": ("minLength: 1,", "x-normalise: casefolded,", "unknown 'casefolded' (did you mean 'casefold'?)"),
    "key that is no field": ("x-key: name", "x-key: nmae", "x-key: unknown 'nmae' (did you mean 'name'?)"),
    "no key": ("x-key: name\n", "", "x-key is missing"),
    "key that may be missing": ("required: [name]", "required: []", "required: the key 'name' must be required"),
    "open to any field": ("additionalProperties: false\nproperties:", "properties:", "additionalProperties must be false"),
    "unknown kind": ("items: {type: string, x-ref: Partner}", "items: {type: string, x-ref: Partnr}", "unknown 'Partnr' (did you mean 'Partner'?)"),
    "unknown type": ("size: {type: integer", "size: {type: int", "unknown 'int'"),
    "unknown format": ("format: date,", "format: day,", "unknown 'day' (known: email, date, date-time)"),
    "no pattern": ("minLength: 1,", "pattern: '(',", "not a pattern"),
    "no pointer": ("minLength: 1,", "x-wire: name,", "'name' is no JSON pointer"),
    "unknown prune": ("allowed: [release, deactivate", "allowed: [release, deactivat", "did you mean 'deactivate'?"),
    "default that is not allowed": ("default: release, allowed", "default: archive, allowed", "x-prune.default: unknown 'archive'"),
    "unknown word of a prune": ("{default: release", "{defaults: release", "did you mean 'default'?"),
    "flag in words": ("x-key: name", "x-key: name\nx-source: 'yes'", "x-source: expected true or false"),
    "roots of no kind": ("x-key: name", "x-key: name\nx-tree: Usr", "x-tree: unknown 'Usr'"),
    "another title": ("title: Partner", "title: Partners", "the title must be the file's name, Partner"),
    "unknown endpoint": ("x-key: name", "x-key: name\nx-rest: {lists: {}}", "x-rest.lists: unknown 'lists' (did you mean 'list'?)"),
    "no call": ("x-key: name", "x-key: name\nx-rest: {delete: {call: /v1/x}}", "x-rest.delete.call: '/v1/x' is no call"),
    "call with a query": ("x-key: name", "x-key: name\nx-rest: {delete: {call: 'GET /v1/x?y=1'}}", "is no call"),
    "unknown body": ("x-key: name", "x-key: name\nx-rest: {create: {call: POST /v1/x, body: all}}", "x-rest.create.body: unknown 'all'"),
    "body of no field": ("x-key: name", "x-key: name\nx-rest: {create: {call: POST /v1/x, body: {a: nam}}}", "unknown 'nam' (did you mean 'name'?)"),
    "unknown paging": ("x-key: name", "x-key: name\nx-rest: {list: {call: GET /x, page: pages}}", "x-rest.list.page: unknown 'pages'"),
    "list by no field": ("x-key: name", "x-key: name\nx-rest: {list: {call: GET /x, by: [scop]}}", "x-rest.list.by: unknown 'scop'"),
    "list after no kind": ("x-key: name", "x-key: name\nx-rest: {list: {call: GET /x, after: [Usr]}}", "x-rest.list.after: unknown 'Usr'"),
    "set that is none": ("x-key: name", "x-key: name\nx-rest: {sets: {tags: {}}}", "x-rest.sets.tags: unknown 'tags'"),
    "unknown set verb": ("x-key: name", "x-key: name\nx-rest: {sets: {friends: {put: {}}}}", "unknown 'put'"),
    "unknown fall-back": ("x-key: name", "x-key: name\nx-rest: {sets: {friends: {add: {call: POST /x, refused: [delete]}}}}", "unknown 'delete'"),
    "unknown verifying": ("x-key: name", "x-key: name\nx-rest: {delete: {call: DELETE /x, verify: never}}", "unknown 'never'"),
    "unknown ability": ("x-key: name", "x-key: name\nx-can: [creat]", "x-can: unknown 'creat' (did you mean 'create'?)"),
    "ability with no set": ("x-key: name", "x-key: name\nx-can: [note]", "x-can: unknown 'note'"),
    "not YAML": ("title: Partner", "title: [", "schemas/omni-analytics/Partner.yaml:1:"),
    "a field refused by us alone": ("minLength: 1,", "x-refused: never,", "`not: {}` is missing beside it"),
    "a refusal without a reason": ("minLength: 1,", "x-refused: '', not: {},", "x-refused: the reason is missing"),
    "a refused field with more to say": ("minLength: 1,", "minLength: 1, x-refused: never, not: {},", "unknown 'minLength'"),
    "a refused kind with fields": ("x-key: name", "x-refused: never\nnot: {}", "unknown 'properties'"),
    "bytes of no file": ("minLength: 1,", "x-begins: FF D8,", "bytes of a file that is a value"),
    "duplicate key": ("title: Partner", "title: Partner\ntitle: Partner", "stands here a second time"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_bad_schema_names_its_file_and_place(name: str, tmp_path: Path) -> None:
    old, new, expected = MISTAKES[name]

    found = bad(tmp_path, old, new)

    assert all(line.startswith("schemas/omni-analytics/Partner.yaml:") for line in found)
    assert any(expected in line for line in found), found


def test_a_reference_hidden_in_a_schema_fetches_nothing() -> None:
    """Were it looked up, the guard of all tests would stop the connection with an error of another kind."""
    check = validator({"anyOf": [{"$ref": "http://192.0.2.1/x"}]})

    with pytest.raises(Exception, match="Unresolvable"):
        list(check.iter_errors(1))


def test_the_readme_lists_every_word() -> None:
    readme = (shipped("schemas") / "README.md").read_text()

    assert [w for w in sorted(KIND_WORDS | FIELD_WORDS) if f"`{w}" not in readme and w not in readme] == []
    assert "$ref" not in STANDARD


def test_schemas_survive_json() -> None:
    for schema in SCHEMAS.values():
        assert json.loads(json.dumps(schema)) == schema


def test_kinds_know_their_fields_by_name() -> None:
    for one in KINDS.values():
        assert all(f.name == name for name, f in one.fields.items())
