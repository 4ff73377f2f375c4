"""What an installed wheel can do outside the checkout, with nothing of the checkout in reach."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new virtual environment that holds the wheel, and the dependencies of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    site = next((folder / "venv" / "lib").glob("python*/site-packages"))
    with zipfile.ZipFile(folder / made.stdout.split()[-1]) as wheel:
        wheel.extractall(site)
    # A path line does not read the .pth files over there, so the editable install stays out of reach.
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "venv" / "bin" / "python"


def run(python: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd), "TMPDIR": str(cwd)}
    command = [str(python), "-I", "-m", "reconciler", *words]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60)


def test_the_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [str(installed), "-I", "-c", "import reconciler; print(reconciler.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert not where.startswith(str(ROOT / "reconciler"))
    assert "site-packages" in where


def test_the_demo_runs_from_the_wheel_and_leaves_nothing(installed: Path, tmp_path: Path) -> None:
    result = run(installed, "demo", cwd=tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    assert "Nothing to do" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_kinds_ship_with_the_wheel(installed: Path, tmp_path: Path) -> None:
    result = run(installed, "kinds", cwd=tmp_path)

    assert result.returncode == 0
    for kind in ("Label", "Folder", "ClientTeam"):
        assert kind in result.stdout
