"""What reading and writing XML costs beside the parser alone, in one interleaved run.

    python -m benchmarks.codec [--rounds N] [--quick]

The answer is a classification of as many nodes as are asked for, each with a label and two attributes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from lxml import etree

from benchmarks.figures import Figure, alone
from benchmarks.sides import Ratio, fixed_work
from reconciler.model.call import Request
from reconciler.model.json import JsonObject
from reconciler.providers.omn_core.notation import decode, encode

SIZES, QUICK = (2_000, 20_000), (2_000,)
HEAD = '<pim xmlns="http://www.apollon.de/omn" schemaVersion="5.6.0"><nodes>'
ATTRIBUTES = "".join(
    f'<attr key="{key}" level="p" inheritance="visible" restriction="optional" localized="false"/>'
    for key in ("gender", "season")
)


def answer(nodes: int) -> bytes:
    """As a server lists them: parents first, twenty beneath each."""
    paths = (f"/S/N{i // 20}" if i % 20 == 0 else f"/S/N{i // 20}/M{i}" for i in range(nodes))
    each = (
        f'<node class="S" id="{100_000 + i}" path="{path}">'
        f'<name><itm loc="en_GB">Node {i}</itm></name>{ATTRIBUTES}</node>'
        for i, path in enumerate(paths)
    )
    return (HEAD + "".join(each) + "</nodes></pim>").encode()


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def figures(count: int, quick: bool) -> list[Figure]:
    """Both ways at each size."""
    return [figure for nodes in (QUICK if quick else SIZES) for figure in measured(nodes, count)]


def measured(nodes: int, count: int) -> Iterator[Figure]:
    """What reading and writing take, of what the parser takes for the same answer."""
    data, request = answer(nodes), Request("core", "POST", "/pim/classes/retrieve", safe=True)
    read = decode(request, "application/xml", data)
    body: JsonObject = {"nodes": read["nodes"]} if isinstance(read, dict) else {}
    write = Request("core", "POST", "/pim/nodes/persist", body=body, media="xml")
    rounds = [
        (
            fixed_work().cpu,
            seconds(lambda: etree.fromstring(data)),
            seconds(lambda: decode(request, "application/xml", data)),
            seconds(lambda: encode(write, lambda _: b"")),
        )
        for _ in range(count)
    ]
    loops = tuple(loop for loop, *_ in rounds)
    for name, place in (("reading", 2), ("writing", 3)):
        value = Ratio.of(one[place] / one[1] for one in rounds)
        note = f"{len(data) / 1e6:.1f} MB"
        yield Figure(f"{name} XML, {nodes:,} nodes", "CPU, ours / parser alone", value, note=note, loops=loops)


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
