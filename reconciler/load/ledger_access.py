"""The operator's word on a ledger's server: whether the project may use it, and with which credential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.load.ledger_url import server_of
from reconciler.load.operator_config import VARIABLE as FILE
from reconciler.load.operator_config import ConfigFile, config_file, secret_of
from reconciler.model.faults import UsageWrong
from reconciler.model.json import Json
from reconciler.model.ledger_place import LedgerAccess, Server

URL: Final = "RECONCILER_LEDGER_URL"
USER: Final = "RECONCILER_LEDGER_USER"
PASSWORD: Final = "RECONCILER_LEDGER_PASSWORD"  # noqa: S105  the name of a variable
WAY_OUT: Final = f"set {URL}, {USER} and {PASSWORD}, or put `ledger:` into the file that {FILE} names"


def ledger_access(wanted: Server, environ: Mapping[str, str]) -> LedgerAccess:
    """Access to the ledger that the project names, if it is the very one that the operator names: otherwise a
    change to the project could have the operator's password sent to a host of its choice. Each variable wins over
    the file. Raises UsageWrong, ManifestInvalid; nothing is read that is secret."""
    file = config_file(environ)
    found = file.value.get("ledger")
    node = found if isinstance(found, dict) else {}
    url, origin = _url(node, file, environ)
    if not url:
        text = f"the project keeps its ledger at {wanted}, and the operator's configuration names no ledger"
        raise UsageWrong(text, hint=WAY_OUT)
    try:
        allowed = server_of(url)
    except ValueError as error:
        raise UsageWrong(f"{origin}: the ledger's URL {error}", hint=WAY_OUT) from error
    if wanted != allowed:
        raise UsageWrong(
            f"the project keeps its ledger at {wanted}, and the operator allows {allowed} ({origin})",
            hint="no credential goes anywhere else: correct the project, or have the operator name that place",
        )
    user = environ.get(USER) or node.get("user")
    if not isinstance(user, str):
        raise UsageWrong(f"the operator's configuration names no user for the ledger at {allowed}", hint=WAY_OUT)
    credential, ca_file, mode = node.get("credential"), node.get("caFile"), node.get("sslmode")
    secret, source = secret_of(PASSWORD, credential if isinstance(credential, dict) else {}, file, environ)
    return LedgerAccess(
        allowed,
        user,
        secret,
        source,
        str(file.beside(ca_file)) if isinstance(ca_file, str) else None,
        mode if isinstance(mode, str) else None,
    )


def _url(node: Mapping[str, Json], file: ConfigFile, environ: Mapping[str, str]) -> tuple[str, str]:
    """What the operator names, and where it stands."""
    if named := environ.get(URL, ""):
        return named, URL
    return str(node.get("url", "")), str(file.where.positions.nearest(("ledger", "url")))
