"""Files written to hurt: each ends soon, with a message that has a place, and without a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.load.events import read
from tests.unit.load.projects import LABEL, problems, write

DEEP = 200_000
LAUGHS = b"a: &a [lol, lol]\n" + b"".join(
    b"%c: &%c [%s]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 107)
)

HOSTILE: dict[str, bytes] = {
    "nested lists": b"[" * DEEP,
    "nested mappings": b"{a: " * DEEP,
    "nested dashes": b"- " * DEEP,
    "nested question marks": b"? " * DEEP,
    "nested indentation": b"".join(b" " * i + b"a:\n" for i in range(500)),
    "a thousand laughs": LAUGHS,
    "a list in itself": b"a: &a [*a]",
    "a merge bomb": b"a: &a {x: 1}\nb: {<<: [*a, *a]}\n",
    "aliases without end": b"- *a\n" * 300_000,
    "anchors without end": b"&a " * 100_000,
    "a long anchor": b"&" + b"a" * (1 << 20) + b" b",
    "tags without end": b"- !x a\n" * 100_000,
    "Python in a tag": b"!!python/object/apply:os.system ['true']",
    "a binary": b"a: !!binary aGVsbG8=",
    "duplicate keys without end": b"a: 1\n" * 100_000,
    "a key too long": b"a" * 2_000 + b": 1",
    "a text too long": b"a: " + b"x" * ((1 << 20) + 1),
    "a number too long": b"a: " + b"9" * 5_000,
    "a hexadecimal too long": b"a: 0x" + b"f" * 100_000,
    "a float too long": b"a: 1." + b"9" * 100_000 + b"e1",
    "items without end": b"- a\n" * 1_000_000,
    "empty lists without end": b"- []\n" * 600_000,
    "documents without end": b"--- a\n" * 600_000,
    "directives without end": b"%FOO bar\n" * 100_000,
    "colons": b": " * 100_000,
    "open quotes": b"'" * 100_001,
    "open braces in a line": b"{" * 10_000 + b"}" * 10_000,
    "flow without end": b"[" + b"? a : b, " * 20_000,
    "not UTF-8": b"\xff" * 1_000_000,
    "NULs": b"\x00" * 1_000_000,
    "a program": b"\x7fELF\x02\x01\x01\x00" * 100,
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "returns": b"a: 1\rb: [\r",
    "a mark in the middle": b"a: 1\n\xef\xbb\xbfb: 2\n",
    "too large a file": b"#" * ((16 << 20) + 1),
    "YAML 1.1": b"%YAML 1.1\n---\na: no\n",
    "another tag handle": b"%TAG ! tag:evil,2000:\n---\na: !x 1\n",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_messages_with_places(name: str) -> None:
    reading = read(HOSTILE[name], "evil.yaml")

    assert reading.problems
    assert len(reading.problems) <= 101
    for problem in reading.problems:
        assert problem.place.file == "evil.yaml"
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert len(str(problem)) < 400


def test_deep_nesting_is_one_message() -> None:
    assert [str(p) for p in read(HOSTILE["nested lists"], "evil.yaml").problems] == [
        "evil.yaml:1:65: more than 64 levels deep; the rest of the file was not read"
    ]


def test_a_hostile_file_does_not_hide_the_others(tmp_path: Path) -> None:
    files = {"manifests/a.yaml": b"[" * DEEP, "manifests/b.yaml": LABEL.replace("Production", "P").encode()}

    found = [str(p.place) for p in problems(write(tmp_path, dict(files)))]

    assert found == ["manifests/a.yaml:1:65", "manifests/b.yaml:4:14"]


BEHAVED: dict[str, bytes] = {
    "comments": b"#" * (4 << 20),
    "empty lines": b"\n" * (4 << 20),
    "blanks": b" " * (4 << 20),
    "a long text": b"a: " + b"x" * (1 << 20),
    "escapes": b'"' + b"\\x41" * (1 << 20) + b'"',
    "folded lines": b"a: >\n" + b" a\n" * (1 << 18),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BEHAVED)
def test_large_but_honest_files_are_read(name: str) -> None:
    assert read(BEHAVED[name], "f").problems == ()


GREEDY = """
import re
from pathlib import Path
from reconciler.load.events import read
for text in (b"- a\\n", b"- []\\n", b"--- a\\n", b"- {a: b}\\n"):
    assert read(text * 600_000, "evil.yaml").problems
# Not getrusage: its maximum survives exec, so it may be the memory of whoever started this process.
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) >> 10)
"""


@pytest.mark.timeout(60)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's count of a process's memory")
def test_memory_stays_below_200_mib() -> None:
    done = subprocess.run([sys.executable, "-c", GREEDY], capture_output=True, text=True, check=True)

    assert int(done.stdout) < 200
