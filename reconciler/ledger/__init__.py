"""What we made, what we sent, who did it: one append-only, hash-chained table of events.

Holds: the events and their chain, the folds over them (bonds, runs, leases), and the database they lie in.
Never: a secret, a request's body, a decision about what should be done; and no event is ever changed or deleted.
"""

from reconciler.ledger.journal import Ledger
from reconciler.ledger.open import ephemeral, find_evidence, find_ledger, open_ledger
from reconciler.ledger.who import Who, whoami

__all__ = ["Ledger", "Who", "ephemeral", "find_evidence", "find_ledger", "open_ledger", "whoami"]
