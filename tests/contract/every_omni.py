"""Omni Analytics in the table of every kind."""

from __future__ import annotations

from tests.contract import (
    every_omni_code,
    every_omni_connection,
    every_omni_dashboards,
    every_omni_deliveries,
    every_omni_filters,
    every_omni_folder,
    every_omni_label,
    every_omni_model,
    every_omni_people,
)
from tests.contract.every_row import Table

TABLES: tuple[Table, ...] = (
    every_omni_label.LABEL,
    every_omni_folder.FOLDER,
    *every_omni_people.TABLES,
    *every_omni_connection.TABLES,
    *every_omni_model.TABLES,
    *every_omni_code.TABLES,
    every_omni_deliveries.SCHEDULE,
    every_omni_dashboards.DOCUMENT,
    every_omni_filters.FILTERS,
)
