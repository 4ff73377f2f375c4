"""The content of a component as plain text, under the media type of its kind."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer
from reconciler.twins.omni_cms.call import Call, CmsRoute
from reconciler.twins.omni_cms.tree import asked_component

MEDIA: Mapping[str, str] = {"css": "text/css", "js": "text/javascript", "xml": "text/xml"}


def read(call: Call) -> Answer:
    component = asked_component(call)
    media = MEDIA.get(component.component_type, "text/plain")
    headers = {"content-type": f"{media}; charset=utf-8"}
    return Answer(200, None, headers, component.content.encode("utf-8", "replace"))


KIND: Kind[CmsRoute] = Kind(
    routes=(
        CmsRoute(method="GET", path="/component/text/{id}", public=True, answer=read),
        CmsRoute(method="GET", path="/component/text/{space_id}/{key}", public=True, answer=read),
    )
)
