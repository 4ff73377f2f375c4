"""All scenes of OMN Core."""

from __future__ import annotations

from collections.abc import Sequence

from tests.contract.core_scene import Scene
from tests.contract.core_scenes_common import glossaries, keywords
from tests.contract.core_scenes_dam import directories, peos
from tests.contract.core_scenes_pim import classes, definitions, products

SCENES: Sequence[Scene] = [
    *keywords(),
    *definitions(),
    *classes(),
    *glossaries(),
    *directories(),
    *peos(),
    *products(),
]
