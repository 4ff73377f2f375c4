"""What a test does to channels, products and peos without asking the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import Traffic
from reconciler.twins.omn_core.custom_values import written
from reconciler.twins.omn_core.guids import new_guid, new_id
from reconciler.twins.omn_core.peo_things import Channel, Component, Peo, Template
from reconciler.twins.omn_core.product_things import Product, ProductLink
from reconciler.twins.omn_core.things import Token


class PeoSetUp(Twin):
    """The twin, as far as its products and peos are moved by hand. All are named by their tids."""

    traffic: Traffic

    def next_guids(self, *guids: str) -> None:
        """The next GUIDs that the server makes are these, one after the other."""
        with self.lock:
            self.traffic.guids.extend(guids)

    def set_component(self, name: str, status: str = "active") -> None:
        """Add a component of the server, or give it another status."""
        with self.lock:
            self.state.of(Component)[name] = Component(name, status)

    def add_channel(
        self,
        tid: str,
        name: str = "",
        *,
        parent: str | None = None,
        vals: Mapping[str, Json] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> str:
        """Add a channel, below another one if told; its id. `links` are paths of assets by GUID."""
        with self.lock:
            key, moment, table = new_id(self), self.clock.tick(), self.state.of(Channel)
            order = str(2**20 * (len(table) + 1))
            icon, functions = "/static/assets/projects/i3p1.gif", "ProjectMoveUpFunction"
            texts = (name or tid, tid, order, moment, moment, icon, functions)
            table[tid] = Channel(tid, key, *texts, parent, written(vals), dict(links or {}))
            return key

    def add_template(self, key: str, name: str) -> None:
        """Add a template of peos."""
        with self.lock:
            self.state.of(Template)[key] = Template(key, name)

    def add_product(
        self, tid: str, name: str = "", node: str = "", *, vals: Mapping[str, Json] | None = None
    ) -> str:
        """Add a product; its id. `node` is the path of a node; `vals` are texts, lists, or either by locale."""
        with self.lock:
            key, moment = new_id(self), self.clock.tick()
            made = Product(tid, key, name or tid, node, moment, moment, moment, written(vals))
            self.state.of(Product)[tid] = made
            return key

    def change_product(self, tid: str, *, name: str | None = None, vals: Mapping[str, Json] | None = None) -> None:
        """Somebody renames a product, or sets some of its values. Raises KeyError."""
        with self.lock:
            table, moment = self.state.of(Product), self.clock.tick()
            old = table[tid]
            values = {**(old.vals or {}), **written(vals)}
            table[tid] = replace(old, name=name or old.name, vals=values, modified=moment)

    def remove_product(self, tid: str) -> None:
        """Somebody deletes a product. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            del self.state.of(Product)[tid]
            links = self.state.of(ProductLink)
            for link in [one for one in links.values() if tid in (one.source, one.target)]:
                del links[link.key]

    def link_product(self, source: str, attribute: str, target: str) -> None:
        """Somebody links a product to another one. Raises KeyError where one of them is not there."""
        with self.lock:
            _ = [self.state.of(Product)[tid] for tid in (source, target)]
            link = ProductLink(source, attribute, target)
            self.state.of(ProductLink)[link.key] = link

    def add_peo(
        self, product: str, template: str, name: str, projects: Sequence[str] = (), *, default: bool = False
    ) -> str:
        """Add a peo of a product, from the template of this id, also a second one of the same name; its tid."""
        with self.lock:
            guid, key, moment = new_guid(self, self.traffic), new_id(self), self.clock.tick()
            made = Peo(guid, key, product, template, name, moment, moment, default, tuple(projects))
            self.state.of(Peo)[guid] = made
            return guid

    def change_peo(self, tid: str, *, name: str | None = None, projects: Sequence[str] | None = None) -> None:
        """Somebody renames a peo, or links it to these channels alone. Raises KeyError."""
        with self.lock:
            table, moment = self.state.of(Peo), self.clock.tick()
            old = table[tid]
            linked = old.projects if projects is None else tuple(projects)
            table[tid] = replace(old, name=name or old.name, projects=linked, modified=moment)

    def remove_peo(self, tid: str) -> None:
        """Somebody deletes a peo. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            del self.state.of(Peo)[tid]

    def deny_peo(self, tid: str, user: str | None = None) -> None:
        """Take a user's access to a peo; by default the default token's user."""
        with self.lock:
            table = self.state.of(Peo)
            table[tid] = replace(table[tid], denied=(*table[tid].denied, self._whom(user)))

    def deny_channel(self, tid: str, user: str | None = None) -> None:
        """The same for a channel."""
        with self.lock:
            table = self.state.of(Channel)
            table[tid] = replace(table[tid], denied=(*table[tid].denied, self._whom(user)))

    def deny_product(self, tid: str, user: str | None = None) -> None:
        """The same for a product."""
        with self.lock:
            table = self.state.of(Product)
            table[tid] = replace(table[tid], denied=(*table[tid].denied, self._whom(user)))

    def peo(self, tid: str) -> Peo:
        """The peo of a tid or id. Raises KeyError."""
        with self.lock:
            table = self.state.of(Peo)
            if tid in table:
                return table[tid]
            found = next((one for one in table.values() if one.id == tid), None)
            if found is None:
                raise KeyError(tid)
            return found

    def product(self, tid: str) -> Product:
        """The product of a tid. Raises KeyError."""
        with self.lock:
            return self.state.of(Product)[tid]

    def peos_without_ids(self) -> list[Json]:
        """All peos by product, template and name, without ids and times: equal for equal worlds."""
        with self.lock:
            templates = self.state.of(Template)
            shown = [
                (one.product, templates[one.template_id].name, one.name, sorted(one.projects), one.default)
                for one in self.state.of(Peo).values()
            ]
            return [list(one) for one in sorted(shown)]

    def products_without_ids(self) -> list[Json]:
        """All products by tid, without ids and times: equal for equal worlds."""
        with self.lock:
            links: dict[str, list[Json]] = {}
            for link in self.state.of(ProductLink).values():
                links.setdefault(link.source, []).append([link.attribute, link.target])
            return [
                {
                    "tid": tid,
                    "name": one.name,
                    "node": one.node,
                    "vals": dict(one.vals or {}),
                    "links": sorted(links.get(tid, []), key=str),
                }
                for tid, one in sorted(self.state.of(Product).items())
            ]

    def _whom(self, user: str | None) -> str:
        return user if user is not None else self.state.of(Token)[self.default_key].user
