"""Pictures of users: written, never read back (their small versions would be made later)."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.multipart import parts
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.omg_platform.call import Call, OmgRoute, success
from reconciler.twins.omg_platform.things import User
from reconciler.twins.omg_platform.users import MISSING

PATH = "/user/{id}/avatar"
JPEG = b"\xff\xd8\xff"


def upload(call: Call) -> Answer:
    """The first file of the form counts, whatever the name of its part."""
    user = call.asked(User)
    files = [part.content for part in parts(call.request) or () if part.filename is not None]
    if not files or not files[0].startswith(JPEG):
        raise Refused(400, "Avatar must be a JPEG image")
    call.moment()
    number = call.twin.counters.next(call.place(f"avatar{user.id}"))
    url = f"https://cdn.example/avatars/{user.id}-{number}.jpg"
    digest = hashlib.sha256(files[0]).hexdigest()
    call.table(User)[call.place(user.id)] = replace(user, avatar_url=url, avatar_sha256=digest)
    return success("Avatar uploaded", {"avatar_url": url}, 201 if call.hard("OP-P20") else 200)


KIND: Kind[OmgRoute] = Kind(
    routes=(OmgRoute(method="POST", path=PATH, answer=upload, missing=MISSING),),
    questions=(Knob("OP-P20", "status of an avatar upload", "200", "201"),),
)
