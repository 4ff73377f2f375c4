"""Scenes of directories and peos."""

from __future__ import annotations

from typing import Any

from reconciler.twins.omn_core.dam_things import Rnc
from tests.contract import directories as directory_steps
from tests.contract import peos as peo_steps
from tests.contract.core_scene import GONE, Deed, Scene, own_id
from tests.contract.directories import di
from tests.contract.peos import peo
from tests.world import World


def directories() -> list[Scene]:
    a, b, x, moved = di("A", name="a"), di("B", name="b"), di("X", name="x"), di("A/X", name="x", was="X")
    inner, described = di("A/B", name="b"), di("A/B", {"N": "1"}, name="b")
    unknown = "Cannot find directory with tid '<tid>'"

    def ground(k: World) -> None:
        k.core.add_rnc("MAM")

    def no_rnc(k: World) -> None:
        del k.core.state.of(Rnc)["MAM"]

    persist: dict[str, Any] = {"path": directory_steps.PERSIST, "ground": ground}
    moving: dict[str, Any] = {
        "path": directory_steps.PERFORM, "ground": ground, "before": [a, x], "after": [a, moved]
    }  # fmt: skip
    change: dict[str, Any] = {"before": [a, inner], "after": [a, described], **persist}
    return [
        Scene(
            "dirs/persist",
            '"Target directory is itself or target parent directory"',
            "b",
            deed=lambda k: k.core.move_directory("/MAM/A/B", "/MAM"),
            knobs=("OC-P33",),
            **change,
        ),
        Scene(
            "dirs/persist",
            "Permissions missing for directory with tid '<tid>'",
            "b",
            deed=lambda k: k.core.deny_directory("/MAM/A/B"),
            **change,
        ),
        Scene("dirs/persist", "Cannot find RNC with identifier '<rnc>'", "b", [a], [a, b], deed=no_rnc, **persist),
        Scene(
            "dirs/persist",
            "Directory with name '<name>' already exists",
            "b",
            [a, b],
            [a, di("C", name="b", was="B")],
            deed=lambda k: k.core.add_directory("/MAM/C"),
            **persist,
        ),
        Scene(
            "dirs/persist",
            "Directory not found",
            "b",
            [a],
            [a, inner],
            deed=lambda k: k.core.remove_directory("/MAM/A"),
            **persist,
        ),
        Scene(
            "dirs/persist",
            "File Management Synchronizer error",
            "b",
            deed=lambda k: k.core.mar("B", description="File Management Synchronizer error"),
            **change,
        ),
        Scene("dirs/persist", unknown, "b", deed=lambda k: k.core.remove_directory("/MAM/A/B"), **change),
        Scene("dirs/perform", unknown, "x", deed=lambda k: k.core.remove_directory("/MAM/X"), **moving),
        Scene(
            "dirs/perform",
            unknown,
            "x",
            [a, di("X", name="x", **GONE)],
            [a],
            directory_steps.PERFORM,
            lambda k: k.core.remove_directory("/MAM/X"),
            ground,
            end="done",
        ),
        Scene(
            "dirs/perform",
            "The directory does not exist",
            "x",
            deed=lambda k: k.core.remove_directory("/MAM/A"),
            **moving,
        ),
        Scene(
            "dirs/perform",
            "Error during moving: No access to destination object '/<dir>'",
            "x",
            deed=lambda k: k.core.deny_directory("/MAM/A"),
            **moving,
        ),
        Scene(
            "dirs/perform",
            "Error during moving: No access to source objects",
            "x",
            deed=lambda k: k.core.deny_directory("/MAM/X"),
            **moving,
        ),
        Scene(
            "dirs/perform",
            "Collision during move. Collision dir name:'<name>'",
            "x",
            deed=lambda k: k.core.add_directory("/MAM/A/X"),
            **moving,
        ),
    ]


def peos() -> list[Scene]:
    denied = "PEO is not available by access rights"
    plain, linked, going = (
        peo("P", called="p"),
        peo("P", called="p", projects=["AWS"]),
        peo("P", called="p", **GONE),
    )

    def gone(k: World) -> None:
        k.core.remove_peo(k.core.peo(own_id(k, "p")).tid)

    def deny(k: World) -> None:
        k.core.deny_peo(k.core.peo(own_id(k, "p")).tid)

    def no_channel(k: World) -> None:
        peo_steps.without_channel(k, "AWS")

    more: dict[str, Any] = {"ground": peo_steps.shop}
    link: dict[str, Any] = {"before": [plain], "after": [linked], "path": peo_steps.LINK, **more}
    unlink: dict[str, Any] = {
        "before": [linked],
        "after": [peo("P", called="p", projects=[])],
        "path": peo_steps.UNLINK,
    }
    unlink |= more
    deeds: list[tuple[str, Deed]] = [("PEO not found", gone), ("Project not found", no_channel), (denied, deny)]
    return [
        Scene("peos/persist", "Product not found", "p", [], [peo("P", called="p", product="nowhere")], **more),
        Scene(
            "peos/persist",
            "PEO template has not been found",
            "p",
            [],
            [peo("P", called="p", templateId="99")],
            **more,
        ),
        Scene("peos/persist", "Project not found", "p", [], [linked], peo_steps.PERSIST, no_channel, **more),
        Scene(
            "peos/perform",
            "There is no peo with the given tid",
            "p",
            [going],
            [],
            peo_steps.PERFORM,
            gone,
            end="done",
            **more,
        ),
        Scene("peos/perform", denied, "p", [going], [], peo_steps.PERFORM, deny, **more),
        *(Scene("peos/links/persist", text, "p", deed=deed, **link) for text, deed in deeds),
        *(Scene("peos/links/perform", text, "p", deed=deed, **unlink) for text, deed in deeds),
    ]
