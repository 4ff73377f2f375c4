"""What is live, as manifests: names for things, and their fields read backwards into the words of a spec.

Holds: pure functions from live things to drafts. Never: a file, YAML, a request, or what the ledger says but a
name.
"""

from reconciler.importing.attach import Attachment, attached
from reconciler.importing.drafts import Draft, Found, declarable, draft_of
from reconciler.importing.inquiries import called_by_address, inquiries, observed_only, unasked
from reconciler.importing.names import Names, key_of, named, slug

__all__ = [
    "Attachment",
    "Draft",
    "Found",
    "Names",
    "attached",
    "called_by_address",
    "declarable",
    "draft_of",
    "inquiries",
    "key_of",
    "named",
    "observed_only",
    "slug",
    "unasked",
]
