"""Every operation of the API: one that is not served answers 501 instead of pretending to be unknown."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.twins.omn_core.call import OmnRoute

_TABLE = """
/cm/channels/query POST
/cm/channels/retrieve POST
/common/components/retrieve POST
/common/glossaries/perform POST
/common/glossaries/persist POST
/common/glossaries/retrieve POST
/common/glossaryEntries/perform POST
/common/glossaryEntries/persist POST
/common/keywords/perform POST
/common/keywords/persist POST
/common/keywords/retrieve POST
/common/links/persist POST
/common/locales/retrieve POST
/common/messages/persist POST
/common/transform POST
/dam/assets/bin/chunked/persist/{uploadTid} PUT
/dam/assets/bin/chunked/start POST
/dam/assets/bin/chunked/upload/{uploadTid} POST
/dam/assets/bin/persist POST
/dam/assets/bin/retrieve POST
/dam/assets/histories/retrieve POST
/dam/assets/perform POST
/dam/assets/persist POST
/dam/assets/previews/retrieve POST
/dam/assets/query POST
/dam/assets/retrieve POST
/dam/assets/status POST
/dam/assets/variations/bin/persist POST
/dam/assets/variations/retrieve POST
/dam/assets/variations/types GET
/dam/assets/versions/bin POST
/dam/assets/versions/bin/chunked/persist/{uploadTid} PUT
/dam/assets/versions/bin/chunked/start POST
/dam/assets/versions/bin/chunked/upload/{uploadTid} POST
/dam/assets/versions/bin/persist POST
/dam/dirs/perform POST
/dam/dirs/persist POST
/dam/dirs/retrieve POST
/dam/rncs/retrieve POST
/peo/peos/links/perform POST
/peo/peos/links/persist POST
/peo/peos/perform POST
/peo/peos/persist POST
/peo/peos/query POST
/peo/peos/retrieve POST
/pim/attribute-definitions GET
/pim/attribute-definitions/perform POST
/pim/attribute-definitions/persist POST
/pim/attribute-definitions/query POST
/pim/attribute-definitions/retrieve POST
/pim/attributes/perform POST
/pim/attributes/persist POST
/pim/attributes/query POST
/pim/attributes/retrieve POST
/pim/classes GET
/pim/classes/perform POST
/pim/classes/persist POST
/pim/classes/retrieve POST
/pim/nodes/perform POST
/pim/nodes/persist POST
/pim/nodes/query POST
/pim/nodes/retrieve POST
/pim/products/links/perform POST
/pim/products/links/persist POST
/pim/products/perform POST
/pim/products/persist POST
/pim/products/query POST
/pim/products/retrieve POST
"""
_READS = ("/retrieve", "/query", "/status", "/transform")
# What nobody but an administrator may call; the word stands in the refusal.
_ADMIN_ONLY = {f"/pim/nodes/{word}": word for word in ("persist", "query", "retrieve")}


def known_operations() -> Iterator[OmnRoute]:
    """A route without an answer for each operation of the API."""
    for line in _TABLE.split("\n"):
        path, *methods = line.split() or [""]
        safe, admin_only = path.endswith(_READS), _ADMIN_ONLY.get(path, "")
        yield from (OmnRoute(method=method, path=path, safe=safe, admin_only=admin_only) for method in methods)
