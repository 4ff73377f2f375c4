"""The locales, which a name may have texts in (OC-R17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.things import Locale

PATH = "/common/locales/retrieve"
_LISTS = {"ids": "ID", "tids": "TID"}
_CHOSEN: Mapping[str, Callable[[Locale, frozenset[str]], bool]] = {
    "ID": lambda locale, asked: locale.id in asked,
    "TID": lambda locale, asked: locale.tid in asked,
    "ALL": lambda _locale, _asked: True,
    "CONTENT": lambda locale, _asked: locale.content,
    "FRONTEND": lambda locale, _asked: locale.frontend,
}


def retrieve(call: Call) -> Answer:
    mode, config = call.body.get("mode"), call.body.get("exportConfig")
    if not isinstance(mode, str | None) or not isinstance(config, bool | None):
        raise Refused(400, "Malformed request body")
    lists = {name: _listed(call, name) for name in _LISTS if call.body.get(name) is not None}
    if mode is None or mode not in _CHOSEN or any(_LISTS[name] != mode for name in lists):
        raise Refused(400, "mode should be provided")
    asked = next(iter(lists.values()), frozenset())
    found = [locale for locale in call.table(Locale).values() if _CHOSEN[mode](locale, asked)]
    shown = [_shown(locale, config=bool(config)) for locale in found]
    return call.answered("locales", shown, mode="delta", information="locale")


def _listed(call: Call, name: str) -> frozenset[str]:
    value = call.body[name]
    if not isinstance(value, list) or not all(type(one) in (str, int) for one in value):
        raise Refused(400, "Malformed request body")
    return frozenset(str(one) for one in value)


def _shown(locale: Locale, *, config: bool) -> Json:
    formats: Json = {"itms": [{"mode": "delta", "type": "dateFormat", "customDateFormatsEnabled": "false"}]}
    flags = {
        "contentLocale": locale.content,
        "defaultContentLocale": locale.default_content,
        "defaultFrontendLocale": locale.default_frontend,
        "frontendLocale": locale.frontend,
    }
    return {
        "country": locale.country,
        "id": locale.id,
        "language": locale.language,
        "name": locale.name,
        "tid": locale.tid,
        **({"config": formats} if config else {}),
        "meta": {name: str(flag).lower() for name, flag in flags.items()},
    }


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=retrieve),))
