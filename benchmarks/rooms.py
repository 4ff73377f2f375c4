"""Environments of their own, below .cache: made once, and made anew where what they hold has changed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.far_end import ROOT
from benchmarks.figures import NotMeasured

CACHE: Final = ROOT / ".cache"
SHIPPED: Final = ("reconciler", "schemas", "manifests")
"""The folders that go into the wheel."""
HERE: Final = Path(__file__).resolve()
CALMLY: Final = ("--disable-pip-version-check", "--no-input")


def octodns() -> Path:
    """The folder of programs of an environment that holds octoDNS. Raises NotMeasured."""
    return _room("octodns", _digest([HERE]), ["octodns>=1.10,<2"])


def bare() -> Path:
    """The same of one that holds this checkout as it would be installed, and nothing that development needs."""
    mark = _digest([HERE, ROOT / "pyproject.toml", *_sources()])
    place = CACHE / "bare"
    if _is_made(place, mark):
        return place / "bin"
    with TemporaryDirectory() as folder:
        build = f"from hatchling.build import build_wheel; build_wheel({folder!r})"
        _run([sys.executable, "-c", build], "the wheel could not be built")
        (wheel,) = Path(folder).glob("*.whl")
        return _room("bare", mark, [str(wheel)])


def _sources() -> list[Path]:
    files = (file for folder in SHIPPED for file in (ROOT / folder).rglob("*") if file.is_file())
    return sorted(file for file in files if "__pycache__" not in file.parts)


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _is_made(place: Path, mark: str) -> bool:
    made = place / "made-of"
    return made.is_file() and made.read_text(encoding="utf-8") == mark


def _room(name: str, mark: str, wanted: list[str]) -> Path:
    place = CACHE / name
    if not _is_made(place, mark):
        rmtree(place, ignore_errors=True)
        _run([sys.executable, "-m", "venv", "--without-pip", str(place)], "no environment could be made")
        own = str(place / "bin" / "python")
        # The newest one: older ones write programs that import more before they begin.
        _run([*_pip(), "--python", own, "install", "--quiet", "pip"], "pip could not be had")
        _run([own, "-m", "pip", *CALMLY, "install", "--quiet", *wanted], "pip failed")
        (place / "made-of").write_text(mark, encoding="utf-8")
    return place / "bin"


def _pip() -> list[str]:
    """Of the interpreter that ours was made from, since ours may have none."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [str(base), "-m", "pip", *CALMLY]


def _run(words: list[str], failing: str) -> None:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasured(f"{failing}: {done.stderr.strip()[-300:]}")
