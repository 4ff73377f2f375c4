"""What every twin is made of: state, knobs, clock, faults, hooks, the request log, and the sockets.

Holds no rule of any API: those live in the twins' own packages. Never imports another room of the project; the web
framework and the server are imported only when a twin is built into an application or served.
"""
