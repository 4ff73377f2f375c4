"""The nouns every room speaks of: frozen values and the protocols between stages.

Holds: documents, kinds, live things, changes, calls, plans, outcomes, faults, and the pure functions on them.
Never: files, network, clock, database, or any import of another room. Standard library only, but for `record.py`.
"""
