"""The command that looks at the files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.workflow.setup import Options, catalog, project_of, selected

if TYPE_CHECKING:
    from reconciler.model.document import Desired


def validate(options: Options) -> Desired:
    """Everything the files say. Raises ManifestInvalid with every problem of every file."""
    known = catalog()
    project = project_of(options, known)
    return selected(options, project, known, ())
