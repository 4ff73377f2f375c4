"""The table of every kind of Omni Analytics, Studio Tracker, OMG Platform, Omni-CMS and OMN Core."""

from __future__ import annotations

from tests.contract import every_cms, every_core, every_job, every_omni, every_platform, every_tracker
from tests.contract.every_row import Table

PROVIDERS_HERE = ("omni-analytics", "studio-tracker", "omg-platform", "omni-cms", "omn-core")
TABLES: tuple[Table, ...] = (
    *every_tracker.TABLES,
    *every_job.TABLES,
    *every_platform.TABLES,
    *every_cms.TABLES,
    *every_core.TABLES,
    *every_omni.TABLES,
)
