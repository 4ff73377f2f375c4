"""Hosts and credentials: from the operator's file and environment, never from the project."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.operator_config import operator, usable_url, variable
from reconciler.model.faults import GuardRefused, ManifestInvalid, UsageWrong

URL = "https://acme.omniapp.co/api"
FILE = f"""\
targets:
  analytics: {{url: "{URL}", credential: {{fromEnv: OMNI_KEY}}, caFile: ca.pem}}
  studio: {{url: "https://studio.example.com", credential: {{fromFile: keys/studio}}}}
allow: {{env: [SFTP_PASSWORD]}}
"""


def config(tmp_path: Path, text: str = FILE) -> dict[str, str]:
    path = tmp_path / "operator.yaml"
    path.write_text(text)
    return {"RECONCILER_CONFIG": str(path), "OMNI_KEY": "from-the-environment"}


def test_the_file_says_where_everything_is(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/studio").write_text("from-the-file\n")
    (tmp_path / "keys/studio").chmod(0o600)

    found = operator(["studio", "analytics"], config(tmp_path))

    assert found.access["analytics"].url == URL
    assert found.access["analytics"].secret() == "from-the-environment"
    assert found.access["analytics"].source == "env OMNI_KEY"
    assert found.access["analytics"].ca_file == str(tmp_path / "ca.pem")
    assert found.access["studio"].secret() == "from-the-file"
    assert found.access["studio"].source == f"file {tmp_path / 'keys/studio'}"
    assert found.allowed_env == {"SFTP_PASSWORD"}
    assert found.origin == str(tmp_path / "operator.yaml")


def test_variables_of_a_target_win_one_by_one(tmp_path: Path) -> None:
    environ = config(tmp_path) | {"RECONCILER_ANALYTICS_URL": "http://127.0.0.1:8080/api"}

    found = operator(["analytics"], environ).access["analytics"]
    assert (found.url, found.secret()) == ("http://127.0.0.1:8080/api", "from-the-environment")

    found = operator(["analytics"], config(tmp_path) | {"RECONCILER_ANALYTICS_KEY": "k"}).access["analytics"]
    assert (found.url, found.secret(), found.source) == (URL, "k", "env RECONCILER_ANALYTICS_KEY")


def test_variables_are_enough() -> None:
    environ = {"RECONCILER_MY_TARGET_URL": URL, "RECONCILER_MY_TARGET_KEY": "k"}

    found = operator(["my-target"], environ)

    assert found.access["my-target"].secret() == "k"
    assert found.origin == "the environment"
    assert variable("a.b-c d", "URL") == "RECONCILER_A_B_C_D_URL"


@pytest.mark.parametrize(
    ("environ", "message", "hint"),
    [
        ({}, "has no URL or credential for", "set RECONCILER_STUDIO_URL and RECONCILER_STUDIO_KEY, or"),
        ({"RECONCILER_STUDIO_URL": URL}, "has no credential for", "set RECONCILER_STUDIO_KEY, or"),
        ({"RECONCILER_STUDIO_KEY": "k"}, "has no URL for", "set RECONCILER_STUDIO_URL, or"),
        (
            {"RECONCILER_STUDIO_URL": "", "RECONCILER_STUDIO_KEY": "k"},
            "has no URL for",
            "set RECONCILER_STUDIO_URL",
        ),
    ],
)
def test_a_missing_target_says_exactly_what_to_set(environ: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(UsageWrong) as caught:
        operator(["studio"], environ)

    assert f"{message} the target 'studio'" in str(caught.value)
    assert caught.value.hint.startswith(hint)
    assert "`studio:` under `targets:` in the file that RECONCILER_CONFIG names" in caught.value.hint


def test_nothing_secret_is_read_before_it_is_needed(tmp_path: Path) -> None:
    environ = config(tmp_path)
    environ["OMNI_KEY"] = ""

    found = operator(["analytics", "studio"], environ)

    with pytest.raises(GuardRefused, match="the environment variable OMNI_KEY is empty"):
        found.access["analytics"].secret()
    with pytest.raises(GuardRefused, match="keys/studio cannot be read"):
        found.access["studio"].secret()


def test_no_value_hides_in_the_shape_of_the_operator(tmp_path: Path) -> None:
    found = operator(["analytics"], config(tmp_path) | {"RECONCILER_ANALYTICS_KEY": "canary"})

    assert "canary" not in f"{found.access['analytics'].url} {found.access['analytics'].source} {found.origin}"


def test_two_targets_never_share_a_variable() -> None:
    environ = {"RECONCILER_A_B_URL": URL, "RECONCILER_A_B_KEY": "k"}

    with pytest.raises(UsageWrong, match=r"RECONCILER_A_B_URL would serve two targets, a-b and a\.b"):
        operator(["a.b", "a-b"], environ)


def test_targets_that_nobody_asked_for_are_left_alone(tmp_path: Path) -> None:
    assert operator(["analytics"], config(tmp_path)).access.keys() == {"analytics"}
    assert operator([], {}).access == {}


MISTAKES = {
    "unknown field": ("target: {}", "1:1: target: unknown field (did you mean 'targets'?)"),
    "a key in the clear": ("targets: {a: {credential: abc}}", "1:27: targets.a.credential: 'abc' is text, expected a mapping"),
    "two sources": ("targets: {a: {credential: {fromEnv: A, fromFile: b}}}", "1:27: targets.a.credential: has 2 fields, expected at most 1"),
    "no source": ("targets: {a: {credential: {}}}", "1:27: targets.a.credential: is empty (write something, or leave the field out)"),
    "duplicate": ("targets: {}\ntargets: {}", "2:1: 'targets' stands here a second time; the first is at PATH:1:1"),
    "a list": ("- a", "1:1: an operator's file is one mapping (it begins with `targets:`)"),
    "empty": ("", "1:1: an operator's file is one mapping (it begins with `targets:`)"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_file_is_explained_where_it_is(name: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[name]
    environ = config(tmp_path, text)

    with pytest.raises(ManifestInvalid) as caught:
        operator(["a"], environ)

    path = environ["RECONCILER_CONFIG"]
    assert [str(p) for p in caught.value.problems] == [f"{path}:{expected.replace('PATH', path)}"]


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(UsageWrong, match="nothing cannot be read: No such file") as caught:
        operator(["a"], {"RECONCILER_CONFIG": str(tmp_path / "nothing")})
    assert caught.value.hint == "correct or unset RECONCILER_CONFIG"


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.omniapp.co", "https://acme.omniapp.co/api/", "https://studio.example.com:8443/app", "http://localhost",
        "http://localhost:8080/api", "http://127.0.0.1:8080", "http://127.8.9.1", "http://[::1]:8080", "HTTPS://example.com",
    ],
)  # fmt: skip
def test_urls_a_credential_may_go_to(url: str) -> None:
    assert usable_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "", "acme", "acme.omniapp.co/api", "//evil.example.com", "ftp://example.com", "file:///etc/passwd", "https://",
        "https:///api", "http://example.com", "http://10.0.0.1", "http://127.0.0.1.example.com", "http://localhost.example.com",
        "http://0.0.0.0", "http://[::]", "https://user@example.com", "https://user:pass@example.com", "https://@example.com",
        "https://good.example.com@evil.example.com", "https://example.com?x=1", "https://example.com/#x", "https://example.com#",
        "https://example.com?", "https://exa mple.com", "https://example.com\\@evil", "https://example.com/\n", "https://exämple.com",
        "https://\u202eexample.com", "javascript:alert(1)", "http://2130706433", "http://0x7f.1",
    ],
)  # fmt: skip
def test_urls_it_may_not_go_to(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(must|holds) "):
        usable_url(url)


def test_a_bad_url_names_its_origin(tmp_path: Path) -> None:
    with pytest.raises(UsageWrong, match="RECONCILER_STUDIO_URL: the URL of 'studio' must be https"):
        operator(["studio"], {"RECONCILER_STUDIO_URL": "http://example.com", "RECONCILER_STUDIO_KEY": "k"})
    with pytest.raises(UsageWrong, match=r"operator\.yaml:2:20: the URL of 'analytics' must be https"):
        operator(["analytics"], config(tmp_path, FILE.replace("https://acme", "http://acme")))
