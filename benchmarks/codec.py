"""What reading and writing XML costs beside the parser alone, in one interleaved run: ratios of medians.

The answer is a classification of as many nodes as are asked for, each with a label and two attributes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

from lxml import etree

from reconciler.model.call import Request
from reconciler.model.json import JsonObject
from reconciler.providers.omn_core.notation import decode, encode

ROUNDS = 5
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


def measured(nodes: int) -> str:
    """One line: the medians, and what they are of the parser's."""
    data, request = answer(nodes), Request("core", "POST", "/pim/classes/retrieve", safe=True)
    read = decode(request, "application/xml", data)
    body: JsonObject = {"nodes": read["nodes"]} if isinstance(read, dict) else {}
    write = Request("core", "POST", "/pim/nodes/persist", body=body, media="xml")
    rounds = [
        (
            seconds(lambda: etree.fromstring(data)),
            seconds(lambda: decode(request, "application/xml", data)),
            seconds(lambda: encode(write, lambda _: b"")),
        )
        for _ in range(ROUNDS)
    ]
    floor, reading, writing = (median(column) for column in zip(*rounds, strict=True))
    return (
        f"{nodes:>7,} nodes, {len(data) / 1e6:5.1f} MB: parser alone {floor:6.3f} s, "
        f"read {reading:6.3f} s ({reading / floor:4.1f}x), written {writing:6.3f} s ({writing / floor:4.1f}x)"
    )


def main() -> None:
    for nodes in map(int, sys.argv[1:] or ("2000", "20000")):
        print(measured(nodes))


if __name__ == "__main__":
    main()
