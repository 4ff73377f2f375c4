"""A plan with nothing to do beside octoDNS, which keeps DNS records in YAML: processor time per object.

    python -m benchmarks.octodns [--rounds N] [--quick]

octoDNS, from PyPI in an environment of its own, compares so many records of three fields in one YAML file with the
same records in another, and asks no server. Ours compares as many people of nine fields with those that a server
lists, over HTTP.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.commands import COLD, nothing_to_do, warm
from benchmarks.far_end import serving
from benchmarks.figures import Figure, alone
from benchmarks.people import write_project
from benchmarks.rooms import octodns
from benchmarks.sides import Side, loops, ratio, rounds

PEOPLE, QUICK = 10_000, 1_000
ZONE = "example.com."
SETTINGS = f"""\
providers:
  declared: {{class: octodns.provider.yaml.YamlProvider, directory: ./declared}}
  there: {{class: octodns.provider.yaml.YamlProvider, directory: ./there}}
zones:
  {ZONE}: {{sources: [declared], targets: [there]}}
"""


def figures(count: int, quick: bool) -> list[Figure]:
    people = QUICK if quick else PEOPLE
    programs = octodns()
    with TemporaryDirectory() as folder, serving(people) as end:
        room = Path(folder)
        project, zone = room / "project", room / "zone"
        write_project(project, people)
        write_zone(zone, people)
        sync = Side("octoDNS", (str(programs / "octodns-sync"), "--config-file", "settings.yaml"), folder=zone)
        found = rounds(
            [
                sync,
                nothing_to_do("cold", end.url, project, COLD),
                nothing_to_do("warm", end.url, project, warm(room / "cache")),
            ],
            count,
        )
    assert all("No changes were planned" in run.said for run in found["octoDNS"])
    return [
        Figure(
            f"beside octoDNS, {people:,}, {state}",
            "CPU per object, octoDNS / ours",
            ratio(found["octoDNS"], found[state]),
            target,
            stretch,
            "theirs: 3 fields, files alone; ours: 9 fields, over HTTP",
            least=True,
            loops=loops(found),
        )
        for state, target, stretch in (("cold", 4.0, 6.0), ("warm", 12.0, 15.0))
    ]


def record(number: int) -> str:
    """As octoDNS itself writes one."""
    address = ".".join(str(part) for part in (10).to_bytes(1, "big") + number.to_bytes(3, "big"))
    return f"r{number:06}:\n  ttl: 300\n  type: A\n  value: {address}\n"


def write_zone(root: Path, records: int) -> None:
    """The same records twice: as declared and as there."""
    text = "---\n" + "".join(map(record, range(records)))
    for name in ("declared", "there"):
        folder = root / name
        folder.mkdir(parents=True)
        (folder / f"{ZONE}yaml").write_text(text, encoding="utf-8")
    (root / "settings.yaml").write_text(SETTINGS, encoding="utf-8")


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
