"""Manifests in, the fewest API calls out. See ARCHITECTURE.md for the rooms and the way data flows."""
