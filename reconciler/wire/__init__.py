"""HTTP: requests out, replies or our own faults in. The only room that knows httpx.

Holds: `wires.Wires` (one wire per target, opened when first needed), `wire.Wire`, `readonly.ReadOnly`,
`limits.Limits`, `late.Late`, `clock.real_clock`, `budget.expected_seconds`; pinning of hosts and paths, retries by
safety, the rate budget, limits on what a server may send, and the redaction of secrets from every fault. Bodies
become bytes by the provider's codec at the last moment, the secrets and files that they name included.
Never: following a redirect, a cookie, a proxy from the environment, a credential that is kept or shown, a write
sent twice where the first may have worked, or knowledge of what a request means. httpx is imported when the first
wire is opened, never before.
"""
