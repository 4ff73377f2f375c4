"""OMN Core in the table of every kind."""

from __future__ import annotations

from tests.contract.every_core_definition import ATTRIBUTE_DEFINITION
from tests.contract.every_core_directory import DIRECTORY
from tests.contract.every_core_glossary import GLOSSARY, GLOSSARY_ENTRY
from tests.contract.every_core_keyword import KEYWORD
from tests.contract.every_core_peo import PEO, PRODUCT
from tests.contract.every_core_tree import CLASSIFICATION, CLASSIFICATION_NODE, NODE_ATTRIBUTE
from tests.contract.every_row import Table

TABLES: tuple[Table, ...] = (
    ATTRIBUTE_DEFINITION,
    CLASSIFICATION,
    CLASSIFICATION_NODE,
    NODE_ATTRIBUTE,
    KEYWORD,
    GLOSSARY,
    GLOSSARY_ENTRY,
    DIRECTORY,
    PEO,
    PRODUCT,
)
