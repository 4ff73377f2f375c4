"""A small believable world: a website and a shop, made before anyone wrote a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.twins.core.values import Json

if TYPE_CHECKING:
    from reconciler.twins.omni_cms.twin import OmniCmsTwin

LOGO = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR of a logo"


def seed(twin: OmniCmsTwin) -> None:
    """Fill the world by the API's own rules, so that it could have come about."""
    twin.add_user("jane@example.com")
    twin.add_user("bob@example.com", active=False)
    site, shop = (twin.add_space(name) for name in ("Website", "Shop"))
    home = _component(twin, site, "home", "page", name="Home", content="<h1>Welcome</h1>", published=True)
    _component(
        twin, site, "teaser", "block", home, content="<p>New</p>", tags=["front"], published=True, sequence=1
    )
    _component(
        twin, site, "draft", "block", home, name="Not yet", metadata={"owner": "bob@example.com"}, sequence=2
    )
    _component(twin, site, "style", "css", content="body { margin: 0 }", published=True, visible=False)
    logo = _component(twin, site, "logo", "image", name="Logo", published=True)
    twin.add_file(logo, "logo.png", LOGO)
    _component(
        twin, shop, "home", "page", name="Shop", content="<h1>Buy</h1>", tags=["shop", "new"], published=True
    )


def _component(
    twin: OmniCmsTwin, space: int, key: str, kind: str, parent: int | None = None, **fields: Json
) -> int:
    parent_id = twin.component_id(space) if parent is None else parent
    body = {"key": key, "spaceId": space, "parentId": parent_id, "componentType": kind, **fields}
    _made(twin, "/component", body)
    return twin.component_id(space, key)


def _made(twin: OmniCmsTwin, path: str, body: dict[str, Json]) -> None:
    answer = twin.edit("POST", path, body)
    if not answer.ok:
        raise RuntimeError(f"the seed of the world was refused: {answer}")
