"""What no file of the product may hold: ways to run what data says, and ways around what protects it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted((ROOT / "reconciler").rglob("*.py"))
READERS = ("reconciler/load/events.py", "reconciler/load/plainly.py")
"""Those that let the YAML library read anything, and only its events: the thorough reader and the quick one."""
PROCESSES = {"reconciler/load/git.py", "reconciler/vault/command.py"}
"""git with words of our own, and what the operator's configuration names."""
MODULES = {"reconciler/providers/__init__.py", "reconciler/cli/app.py", "reconciler/workflow/__init__.py"}
"""Names of modules made of the names of folders and kinds that were shipped, and of tables in these very files."""
UNPICKLING = {"pickle", "cPickle", "dill", "shelve", "marshal", "jsonpickle", "cloudpickle"}


def _called(node: ast.AST) -> str:
    """`yaml.load` of a call of it; empty for what is no call of a name."""
    if not isinstance(node, ast.Call):
        return ""
    parts: list[str] = []
    here: ast.expr = node.func
    while isinstance(here, ast.Attribute):
        parts.append(here.attr)
        here = here.value
    return ".".join(reversed([*parts, here.id])) if isinstance(here, ast.Name) else ""


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
    return []


def _yaml(node: ast.AST, file: str) -> bool:
    """Only events are ever read, and nothing but those files knows the library's loaders."""
    return _called(node).startswith(("yaml.load", "yaml.safe_load", "yaml.full_load", "yaml.unsafe_load")) or (
        "yaml" in _imports(node)
        and file not in (*READERS, "reconciler/load/syntax.py", "reconciler/load/write.py")
    )


def _code(node: ast.AST, file: str) -> bool:
    return _called(node) in ("eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec")


def _unpickled(node: ast.AST, file: str) -> bool:
    return any(name.partition(".")[0] in UNPICKLING for name in _imports(node))


def _delta(node: ast.AST, file: str) -> bool:
    """deepdiff's Delta runs what it is given."""
    names = [*_imports(node), _called(node)]
    return any(name.startswith("deepdiff") and name.endswith(("Delta", "delta")) for name in names)


def _modules(node: ast.AST, file: str) -> bool:
    """A module whose name is not written in the file."""
    called = _called(node)
    if called.rpartition(".")[2] != "import_module" or file in MODULES:
        return False
    return not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant))


def _processes(node: ast.AST, file: str) -> bool:
    starts = _called(node) in ("os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "pty.spawn")
    return starts or (file not in PROCESSES and any(n.partition(".")[0] == "subprocess" for n in _imports(node)))


def _shell(node: ast.AST, file: str) -> bool:
    starts = _called(node).rpartition(".")[2] in ("run", "Popen", "call", "check_call", "check_output")
    words = node.keywords if isinstance(node, ast.Call) and starts else []
    return any(
        w.arg == "shell" and not (isinstance(w.value, ast.Constant) and w.value.value is False) for w in words
    )


def _unverified(node: ast.AST, file: str) -> bool:
    """`verify` is a word of our own elsewhere; nobody but that room knows the library that has it."""
    words = node.keywords if isinstance(node, ast.Call) else []
    off = file.startswith("reconciler/wire/") and any(
        w.arg == "verify" and isinstance(w.value, ast.Constant) and w.value.value is False for w in words
    )
    weak = isinstance(node, ast.Attribute) and node.attr in ("CERT_NONE", "_create_unverified_context")
    unnamed = isinstance(node, ast.Attribute) and node.attr == "check_hostname" and isinstance(node.ctx, ast.Store)
    return off or weak or unnamed


RULES: dict[str, tuple[Callable[[ast.AST, str], bool], str]] = {
    "a YAML loader": (_yaml, "import yaml\nyaml.load(data)"),
    "code out of data": (_code, "eval(data)"),
    "pickles": (_unpickled, "from pickle import loads"),
    "deepdiff's Delta": (_delta, "from deepdiff import Delta"),
    "a module named by data": (_modules, "importlib.import_module(name)"),
    "a process": (_processes, "import subprocess"),
    "a shell": (_shell, "run(words, shell=True)"),
    "TLS without verification": (_unverified, "Client(verify=False)"),
}


def _found(text: str, file: str) -> Iterator[str]:
    """All rules in one walk: to parse every file for each of them took longer than all else here."""
    for node in ast.walk(ast.parse(text)):
        for name, (rule, _) in RULES.items():
            if rule(node, file):
                yield f"{file}:{getattr(node, 'lineno', 0)}: {name}"


def test_no_file_of_the_product_has_any_of_these() -> None:
    assert len(PRODUCT) > 400
    files = [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in PRODUCT]
    assert [place for file, text in files for place in _found(text, file)] == []


@pytest.mark.parametrize("name", RULES)
def test_it_would_be_found(name: str) -> None:
    _, example = RULES[name]
    assert any(place.endswith(f": {name}") for place in _found(example, "reconciler/wire/x.py"))
