"""Files in, `Desired` out: manifests, the project file, the kinds' schemas, the operator's file, saved plans.

Holds: our YAML reader, schema checks and the sentences they become, variables, references, selection; owns yaml
and jsonschema. Every mistake of every file is found before anything stops, each with file, line and column.
Never: a request, a look at the ledger, a secret's value (only the functions that fetch one for a request).
"""
