"""What a test does to the keywords' world without asking the API: set-up, deeds of other people, accidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json, Request, encode
from reconciler.twins.omn_core.answers import ERROR
from reconciler.twins.omn_core.call import FIRST_ID, Accident, Traffic
from reconciler.twins.omn_core.forest import ROOT, Forest
from reconciler.twins.omn_core.media import COMPACT, JSON, XML
from reconciler.twins.omn_core.things import Keyword, Locale, Token


class SetUp(Twin):
    """The twin of OMN Core, as far as it is moved by hand. Keywords are named by their paths or their ids."""

    traffic: Traffic

    def add_token(self, token: str, user: str, *, admin: bool = False) -> None:
        """Let another user in."""
        with self.lock:
            self.state.of(Token)[token] = Token(token, user, admin)

    def add_locale(self, tid: str, name: str = "", *, content: bool = True, frontend: bool = True) -> str:
        """Add a locale such as `it_IT`; its id."""
        with self.lock:
            language, _, country = tid.partition("_")
            locale = Locale(self._new_id(), tid, name or tid, language, country, content, frontend)
            self.state.of(Locale)[tid] = locale
            return locale.id

    def add_keyword(
        self,
        value: str,
        parent: str = ROOT,
        *,
        labels: Mapping[str, str] | None = None,
        assets: Sequence[str] = (),
    ) -> str:
        """Add a keyword, also one that the API would refuse: no value, a slash, a twin among its siblings; its id.

        Raises KeyError for an unknown parent.
        """
        with self.lock:
            parent_id = None if parent == ROOT else self._keyword(parent).id
            moment = self.clock.tick()
            made = Keyword(self._new_id(), parent_id, value, dict(labels or {}), moment, tuple(assets))
            self.state.of(Keyword)[made.id] = made
            return made.id

    def change_keyword(
        self, keyword: str, *, value: str | None = None, labels: Mapping[str, str] | None = None
    ) -> None:
        """Somebody renames a keyword, or replaces all its labels. Raises KeyError."""
        with self.lock:
            old = self._keyword(keyword)
            changed = replace(old, value=old.value if value is None else value)
            self._put(changed if labels is None else replace(changed, labels=dict(labels)))

    def move_keyword(self, keyword: str, parent: str) -> None:
        """Somebody moves a keyword with all below it. Raises KeyError."""
        with self.lock:
            parent_id = None if parent == ROOT else self._keyword(parent).id
            self._put(replace(self._keyword(keyword), parent_id=parent_id))

    def remove_keyword(self, keyword: str) -> None:
        """Somebody deletes a keyword with all below it. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            Forest(self.state.of(Keyword)).drop(self._keyword(keyword))

    def link_asset(self, keyword: str, asset: str = "") -> str:
        """Link an asset to a keyword; its GUID, a new one unless given. Raises KeyError."""
        with self.lock:
            old = self._keyword(keyword)
            guid = asset or f"A55E7000-0000-4000-8000-{self.counters.next('asset'):012X}"
            self._put(replace(old, assets=(*old.assets, guid)))
            return guid

    def deny(self, keyword: str, user: str | None = None) -> None:
        """Take a user's access to one keyword, but not to those below it; by default the default token's user."""
        with self.lock:
            old = self._keyword(keyword)
            who = user if user is not None else self.state.of(Token)[self.default_key].user
            self._put(replace(old, denied=(*old.denied, who)))

    def break_after(self, objects: int) -> None:
        """The next persist or perform breaks off with 500 after so many of its objects, which stay done."""
        with self.lock:
            self.traffic.break_after = objects

    def mar(
        self, value: str, status: str = ERROR, description: str = "The keyword could not be saved", issue: str = ""
    ) -> None:
        """The next object of this value that passes all checks is answered so. With ERROR it is not done; with
        WARNING, or SUCCESS and an issue, it is.

        The value of a definition and of a classification is its tid, of a node its path, of an attribute the path
        of its node, a slash and its key.
        """
        with self.lock:
            self.traffic.accidents.append(Accident(value, status, description, issue))

    # Looking.

    def keyword(self, keyword: str) -> Keyword:
        """The keyword of a path or id. Raises KeyError."""
        with self.lock:
            return self._keyword(keyword)

    def paths(self) -> list[str]:
        """The path of every keyword, in order of creation."""
        with self.lock:
            table = self.state.of(Keyword)
            forest = Forest(table)
            return [forest.path(keyword) for keyword in table.values()]

    def without_ids(self) -> list[Json]:
        """Everything that a client's writes can change, by path, without ids and times: equal for equal worlds."""
        with self.lock:
            table = self.state.of(Keyword)
            forest = Forest(table)
            shown = sorted((forest.path(one), sorted(one.labels.items()), one.id) for one in table.values())
            return [
                {
                    "path": path,
                    "labels": dict(labels),
                    "assets": sorted(table[key].assets),
                    "denied": sorted(table[key].denied),
                }
                for path, labels, key in shown
            ]

    # Around the requests.

    def edit(self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Answer:
        """As every twin's. A body that is text is XML; else it is JSON, for a write in the compact notation.

        What it makes shows in lists at once.
        """
        media = {"content-type": JSON if path.endswith(("/retrieve", "/query")) else COMPACT}
        given = {name.lower(): value for name, value in {**self.default_headers, **(headers or {})}.items()}
        content = b"" if body is None else encode(body)
        if isinstance(body, str):
            media, content = {"content-type": XML}, body.encode()
        with self.lock:
            target, _, query = path.partition("?")
            answer = self.perform(Request(method, self.base_path + target, query, media | given, content))
            self.traffic.show_all()
            return answer

    def _keyword(self, keyword: str) -> Keyword:
        table = self.state.of(Keyword)
        found = Forest(table).find(keyword) if keyword.startswith(ROOT) else table.get(keyword)
        if found is None:
            raise KeyError(keyword)
        return found

    def _put(self, keyword: Keyword) -> None:
        self.clock.tick()
        self.state.of(Keyword)[keyword.id] = keyword

    def _new_id(self) -> str:
        return str(FIRST_ID - 1 + self.counters.next("id"))
