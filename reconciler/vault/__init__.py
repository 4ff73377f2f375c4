"""Where values go that an API shows once: proven beforehand, put there durably, and kept nowhere else.

Holds: the sinks a manifest may name, as far as the operator allows them. Never: a value in a message or a log, a
command or a place that the operator did not name, or anything of what is planned or sent.
"""

from reconciler.vault.sinks import Vault

__all__ = ["Vault"]
