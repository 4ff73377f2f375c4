"""Omni Analytics in the table of every kind."""

from __future__ import annotations

from tests.contract.every_omni_connection import CONNECTION
from tests.contract.every_omni_dashboards import DOCUMENT
from tests.contract.every_omni_deliveries import SCHEDULE
from tests.contract.every_omni_file import FILE
from tests.contract.every_omni_filters import FILTERS
from tests.contract.every_omni_folder import FOLDER
from tests.contract.every_omni_git import MODEL_GIT
from tests.contract.every_omni_group import USER_GROUP
from tests.contract.every_omni_label import LABEL
from tests.contract.every_omni_links import ENVIRONMENTS
from tests.contract.every_omni_model import MODEL
from tests.contract.every_omni_recipient import EMAIL_ONLY
from tests.contract.every_omni_refresh import REFRESH
from tests.contract.every_omni_roles import ROLES
from tests.contract.every_omni_user import USER
from tests.contract.every_row import Table

TABLES: tuple[Table, ...] = (
    LABEL,
    FOLDER,
    USER,
    EMAIL_ONLY,
    USER_GROUP,
    CONNECTION,
    ENVIRONMENTS,
    REFRESH,
    MODEL,
    MODEL_GIT,
    FILE,
    ROLES,
    DOCUMENT,
    FILTERS,
    SCHEDULE,
)
