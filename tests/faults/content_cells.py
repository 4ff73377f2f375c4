"""The calls of the CMS about what stands in it, those of the platform about work to be done, and those of the
tracker about jobs and people to come, for the fault matrix."""

from __future__ import annotations

from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins import Fault
from tests.contract.briefs import brief
from tests.contract.components import component
from tests.contract.spaces import space
from tests.contract.tasks import task
from tests.faults.cells import CREW, GONE, MEMBERS, SPARK, Site, hidden
from tests.faults.estate import BOB, JANE, member, team
from tests.faults.mixed import SPRING
from tests.faults.people import SINKS, account, file, person, project
from tests.world import CMS, PLATFORM, TRACKER, doc

Documents = tuple[Document, ...]


def cms(name: str, method: str, path: str, before: Documents, after: Documents, **more: Any) -> Site:
    return Site(name, CMS, method, path, before, after, **more)


def page(key: str, parent: str = "", **words: Any) -> Document:
    return component(key, parent or None, space="Website", **words)


SITE, OLD_SITE = space("Site"), space("Old", "old", **GONE)
HUB, LEAF, PIC = page("hub", name="Hub"), page("leaf", "hub", name="Leaf"), file("pictures/jane.jpg")
IMAGE = page("pic", "hub", type="image", file=PIC)
LOOKED = page("pic", "hub", type="image", file=file("pictures/chen.jpg"), verifyFiles=True)
OTHER = page("pic", "hub", type="image", file=file("pictures/chen.jpg"))
SPACE, OF, COMPONENT = r"^/space/\d+$", "^/component$", r"^/component/\d+$"
UPLOAD, LOADED = r"^/component/file/\d+$", "^/component/file/check/"
ONE, TWO = page("one", "hub", sequence=1), page("two", "hub", sequence=2)
SPACES = (
    cms("list spaces", "GET", "^/space/all$", (SITE,), (SITE, space("More", "more"))),
    cms("create a space", "POST", "^/space$", (), (SITE,), creates=True),
    cms("rename a space", "PUT", SPACE, (SITE,), (space("Our site", previous_key="Site"),)),
    cms("delete a space", "DELETE", SPACE, (OLD_SITE,), (), removes=True),
    cms(
        "read a space singly",
        "GET",
        SPACE,
        (SITE,),
        (space("Our site", previous_key="Site"),),
        pages=False,
        answers=(404,),
        given=hidden("^/space/all$"),
    ),
    cms(
        "read the root of a space",
        "GET",
        "^/component/[^/]+/root$",
        (),
        (SITE, component("hub")),
        pages=False,
        answers=(404,),
    ),
)
PAGES = (
    cms("search components", "POST", "^/component/search$", (HUB,), (HUB, LEAF), reading=True),
    cms("read a component", "GET", COMPONENT, (HUB,), (page("hub", name="The hub"),), pages=False, answers=(404,)),
    cms("create a component", "POST", OF, (HUB,), (HUB, LEAF), creates=True),
    cms(
        "look for what was made without a word",
        "GET",
        r"^/component/\d+/(?!root)[^/]+$",
        (HUB,),
        (HUB, LEAF),
        pages=False,
        answers=(404,),
        given=(Fault("nameless", method="POST", path=OF),),
    ),
    cms("change a component", "PUT", COMPONENT, (HUB,), (page("hub", name="The hub", tags=["front"]),)),
    cms("rename a component", "PUT", COMPONENT, (HUB,), (page("centre", name="Hub", previous_key="hub"),)),
    cms("move a component", "PUT", COMPONENT, (HUB, LEAF, ONE), (HUB, LEAF, page("one", "leaf", sequence=1))),
    cms("delete a component", "DELETE", COMPONENT, (HUB, page("x", "hub", **GONE)), (HUB,), removes=True),
    cms(
        "put components in order",
        "PUT",
        "^/component/sequence",
        (HUB, ONE, TWO),
        (HUB, page("one", "hub", sequence=2), page("two", "hub", sequence=1)),
    ),
    cms("upload a file", "POST", UPLOAD, (HUB,), (HUB, IMAGE)),
    cms("upload another file", "POST", UPLOAD, (HUB, IMAGE), (HUB, OTHER)),
    cms("remove a file", "DELETE", UPLOAD, (HUB, IMAGE), (HUB, page("pic", "hub", type="image", file="absent"))),
    cms("ask for a file", "GET", LOADED, (HUB, IMAGE), (HUB, OTHER), pages=False, answers=(404,)),
    cms("load a file", "GET", UPLOAD, (HUB, IMAGE), (HUB, LOOKED), pages=False, answers=(404,), file=True),
)
ACCOUNTS = (
    cms(
        "read an account singly",
        "GET",
        r"^/user/\d+$",
        (account("ann", password="keys/first"),),
        (account("ann", "ann.lee", password="keys/first", previous_key="ann@example.com"),),
        pages=False,
        answers=(404,),
        given=hidden("^/user/all$", 1),
    ),
)
KNOWN = doc("Brief", "spring", SPRING, pinned_id="1")
"""With it the past of the platform is known."""
NEWER = doc("Brief", "spring", {**SPRING, "title": "Spring, again"}, pinned_id="1")
BRIEF, ENDED, TASK = brief(), brief("ended", **GONE), task()
BRIEFS, ONE_BRIEF = "^/briefs$", r"^/briefs/\d+$"
WORK = (
    Site("create a brief", PLATFORM, "POST", BRIEFS, (KNOWN,), (KNOWN, BRIEF), creates=True, asks=True),
    Site("read a brief", PLATFORM, "GET", ONE_BRIEF, (KNOWN,), (NEWER,), pages=False, answers=(404,)),
    Site("change a brief", PLATFORM, "PATCH", ONE_BRIEF, (KNOWN,), (NEWER,)),
    Site("delete a brief", PLATFORM, "DELETE", ONE_BRIEF, (KNOWN, ENDED), (KNOWN,), removes=True, first=(KNOWN,)),
    Site("create a task", PLATFORM, "POST", "^/tasks$", (KNOWN,), (KNOWN, TASK), creates=True, asks=True),
    Site(
        "read a person singly",
        PLATFORM,
        "GET",
        r"^/user/\d+$",
        (person("jane", JANE),),
        (person("jane", JANE, firstName="Janet"),),
        pages=False,
        answers=(404,),
        given=hidden("^/users?$"),
    ),
)


def invitation(**words: Any) -> Document:
    link: Json = {"toFile": f"{SINKS}/new.link"}
    spec: dict[str, Json] = {"email": "new.one@example.com", "role": "PRODUCER", "link": link}
    return doc("Invitation", "new", spec, **{"allow": ["effects"], **words})


def jobs(name: str, method: str, path: str, before: Documents, after: Documents, **more: Any) -> Site:
    return Site(name, TRACKER, method, path, before, after, **more)


SHEET, BOOKS = "^/api/projects/bulk-import", "^/api/projects$"
JOB, STOCKED = project("4000008", team="spark"), project("4000008", team="spark", outputs=2)
NOTED = project("4000008", team="spark", statusDetails="Later")
FLAGGED = team("crew", "Crew", [member(JANE, primary=False), member(BOB)])
TO_COME = (
    jobs("invite somebody", "POST", "^/api/org/invitations$", (), (invitation(),), creates=True, asks=True),
    jobs(
        "take an invitation back",
        "DELETE",
        "^/api/org/invitations/",
        (invitation(on_remove="delete", allow=["effects", "delete"]),),
        (),
        removes=True,
    ),
    jobs("list invitations, to invite", "GET", "^/api/org/invitations$", (), (invitation(),)),
    jobs("list projects, to make one", "GET", BOOKS, (SPARK,), (SPARK, JOB)),
    jobs("create a project", "POST", BOOKS, (SPARK,), (SPARK, JOB), creates=True),
    jobs("read a project", "GET", r"^/api/projects/(?!bulk)[^/]+$", (SPARK, JOB), (SPARK, NOTED), pages=False),
    jobs("change a project", "PATCH", "^/api/projects/", (SPARK, JOB), (SPARK, NOTED)),
    jobs(
        "delete a project",
        "DELETE",
        "^/api/projects/",
        (SPARK, project("4000007", team="spark", on_remove="delete", allow=["delete"])),
        (SPARK,),
        removes=True,
    ),
    jobs(
        "send a workbook", "POST", SHEET, (SPARK,), (SPARK, STOCKED, project("4000009", team="spark", outputs=1))
    ),
    jobs(
        "ask whether it is seeded", "GET", "^/api/health$", (SPARK,), (SPARK, STOCKED), pages=False, advisory=True
    ),
)
AGAIN = (Fault("status", method="POST", path=MEMBERS, status=400),)
"""A flag that cannot be changed in place is taken out and put back (ST-R21)."""
REPAIRS = (
    jobs("take a member out, to flag it", "DELETE", MEMBERS, (CREW,), (FLAGGED,), given=AGAIN),
    jobs("put a member back, flagged", "POST", MEMBERS, (CREW,), (FLAGGED,), given=AGAIN),
)
SITES = (*REPAIRS, *SPACES, *PAGES, *ACCOUNTS, *WORK, *TO_COME)
