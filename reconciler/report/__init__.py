"""Values in, words out: plans, outcomes, drift, problems and kinds as text, JSON or Markdown.

Holds: pure functions that give a `str`, and the escaping that every one of them uses; owns rich.
Never: I/O, a look at the terminal or the clock, a decision about colour (a `Style` says), a secret.
"""
