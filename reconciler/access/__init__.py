"""Who can do what on which object, through which grant: from manifests, from live, and as a plan changes it. Pure:
no files, no network, no clock.

Holds: the facts (grants, memberships, what stands in what), their evaluation, listings and comparisons. Never: a
word about any particular kind (its schema says what it contributes), a request, a guess at an effective role.
"""

from reconciler.access.changes import access_changes
from reconciler.access.listing import NobodyMeant, Question, TooMany, listing, strangers

__all__ = ["NobodyMeant", "Question", "TooMany", "access_changes", "listing", "strangers"]
