"""An organisation that has worked with the product for years: its people, and the dashboards they have made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from reconciler.twins.core.values import Json
from reconciler.twins.omni_analytics.model_things import Model
from reconciler.twins.omni_analytics.things import Document

if TYPE_CHECKING:
    from reconciler.twins.omni_analytics.twin import OmniTwin

PEOPLE: Final = """
ada.novak Ada Novak
amir.haddad Amir Haddad
anika.berg Anika Berg
aoife.kelly Aoife Kelly
ben.okoro Ben Okoro
bianca.rossi Bianca Rossi
carl.lind Carl Lind
carla.mendes Carla Mendes
clara.weiss Clara Weiss
dai.pugh Dai Pugh
daria.petrova Daria Petrova
david.cohen David Cohen
eike.hansen Eike Hansen
elena.costa Elena Costa
emil.fischer Emil Fischer
esra.demir Esra Demir
eva.horvat Eva Horvat
farah.khan Farah Khan
felix.braun Felix Braun
freya.moe Freya Moe
greta.olsen Greta Olsen
hana.sato Hana Sato
hugo.martin Hugo Martin
ida.larsen Ida Larsen
ines.duarte Inês Duarte
ivan.kolar Ivan Kolar
jana.kral Jana Kral
jonas.meyer Jonas Meyer
julia.nagy Julia Nagy
karim.saleh Karim Saleh
kenji.mori Kenji Mori
lara.conti Lara Conti
leo.dubois Léo Dubois
lin.zhang Lin Zhang
luca.ferri Luca Ferri
mina.park Mina Park
nadia.saidi Nadia Saidi
niels.bakker Niels Bakker
nora.quinn Nora Quinn
olga.ivanova Olga Ivanova
omar.farouk Omar Farouk
paula.silva Paula Silva
petra.kunz Petra Kunz
sam.taylor Sam Taylor
selma.aydin Selma Aydin
tara.singh Tara Singh
theo.laurent Theo Laurent
zoe.adams Zoe Adams
"""
"""The part of the address before `@example.com`, and the name."""

DASHBOARDS: Final = """
Finance/Reports/2026/Q1: Profit and loss Q1, Cash flow Q1, Receivables ageing Q1
Finance/Reports/2026/Q2: Profit and loss Q2, Cash flow Q2, Receivables ageing Q2
Finance/Reports/2026/Q3: Profit and loss Q3, Cash flow Q3
Finance/Budgets: Budget against actuals, Budget by department, Overhead, Travel costs
Finance/Forecast: Revenue forecast, Cost forecast, Rolling twelve months
Finance/Tax: VAT by country, Withholding overview
Marketing: Marketing at a glance
Marketing/Campaigns: Campaign calendar, Spend by channel, Cost per lead
Marketing/Campaigns/Spring: Spring reach, Spring conversions
Marketing/Campaigns/Summer: Summer reach, Summer conversions, Summer video views
Marketing/Web: Web traffic, Search terms, Landing pages, Newsletter
Marketing/Social: Social reach, Social sentiment, Influencers
Marketing/Brand: Brand awareness, Share of voice
Sales: Sales at a glance
Sales/Pipeline: Open pipeline, Stage conversion, Lost reasons, Weighted forecast
Sales/Regions/EMEA: EMEA bookings, EMEA accounts, EMEA renewals
Sales/Regions/AMER: AMER bookings, AMER accounts, AMER renewals
Sales/Regions/APAC: APAC bookings, APAC accounts, APAC renewals
Sales/Partners: Partner revenue, Partner scorecard
Operations/Capacity: Capacity by team, Capacity by skill, Overbooked weeks, Freelance days
Operations/Suppliers: Supplier spend, Supplier lead times, Open orders
Operations/Quality: Defects by project, Rework hours, First time right
People/Headcount: Headcount, Attrition, Span of control
People/Hiring: Open positions, Time to hire, Offer acceptance
People/Learning: Training hours, Certificates
Product/Usage: Active users, Feature adoption, Retention cohorts, Session length
Product/Releases: Release notes reach, Incidents by release
Delivery/Projects: Projects at risk, Margin by project, Milestones, Change requests
Delivery/Bookings: Bookings by week, Utilisation, Unbooked people
Clients: Client health, Client satisfaction
Clients/Northwind: Northwind campaign results, Northwind spend, Northwind assets
Clients/Fabrikam: Fabrikam campaign results, Fabrikam spend, Fabrikam assets
Clients/Contoso: Contoso campaign results, Contoso spend, Contoso assets
Clients/Tailspin: Tailspin campaign results, Tailspin spend
Board papers: Board pack, Key figures, Risk register
Finance/Reports/2026/Q4: Year end close, Profit and loss Q4
Clients/Adatum: Adatum campaign results, Adatum spend
Delivery/Retrospectives: Lessons learned, Estimate accuracy
Product/Support: Tickets by product, First answer times
Marketing/Events: Event registrations, Event costs
Data quality: Model validation, Schema changes, Freshness of sources, Failed loads
Data quality/Sources: Rejected rows, Duplicate customers, Late deliveries
Data quality/Usage: Query costs, Slow dashboards, Unused dashboards
"""
"""Names of dashboards, by the folder where somebody has put them or will."""

STRAY: Final = (
    "Board papers",
    "Clients/Tailspin",
    "Data quality",
    "Data quality/Sources",
    "Data quality/Usage",
    "Finance/Reports/2026/Q4",
    "Marketing/Events",
)
"""Folders that nobody has made yet: their dashboards still lie at the root."""


ELSEWHERE: Final = (
    ("Sales at a glance", "To the sales channel", "slack"),
    ("Feature adoption", "Usage to the planning sheet", "google_sheets"),
)
"""Deliveries that only the product can make: dashboard, name, where to."""


def grow(twin: OmniTwin) -> None:
    """Add people, folders, and dashboards in them, after the small world was made."""
    twin.define_attribute("department")
    known = (line.partition(" ") for line in PEOPLE.strip().splitlines())
    people = [twin.add_user(f"{address}@example.com", name) for address, _, name in known]
    model = next(one.id for one in twin.state.of(Model).values() if one.name == "Orders")
    places = _folders(twin)
    count = 0
    for path, names in _dashboards().items():
        for name in names:
            owner = people[count % len(people)]
            twin.add_document(
                name,
                folder_id=places.get(path),
                owner_id=owner,
                model_id=model,
                filter_keys=("region", "period") if count % 3 == 0 else (),
            )
            count += 1
    named = {one.name: one.identifier for one in twin.state.of(Document).values()}
    for name, title, destination in ELSEWHERE:
        twin.add_slack_schedule(named[name], title, destination=destination)


def _dashboards() -> dict[str, list[str]]:
    return {
        path: names.split(", ")
        for path, _, names in (one.partition(": ") for one in DASHBOARDS.strip().splitlines())
    }


def _folders(twin: OmniTwin) -> dict[str, str]:
    """Path -> id of every folder that somebody has made by now."""
    body = twin.edit("GET", "/v1/folders?pageSize=100").body
    listed = body["records"] if isinstance(body, dict) else []
    shown = (
        {str(f["path"]): str(f["id"]) for f in listed if isinstance(f, dict)} if isinstance(listed, list) else {}
    )
    made: dict[str, str] = {}
    for path in _dashboards():
        for depth in range(1, path.count("/") + 2) if path not in STRAY else ():
            here = "/".join(path.split("/")[:depth])
            if here not in made:
                slug = "/" + here.lower().replace(" ", "-")
                made[here] = shown.get(slug) or _folder(twin, here, made)
    return made


def _folder(twin: OmniTwin, path: str, made: Mapping[str, str]) -> str:
    above, _, name = path.rpartition("/")
    body: dict[str, Json] = {"name": name, **({"parentFolderId": made[above]} if above else {})}
    answer = twin.edit("POST", "/v1/folders", body)
    if not isinstance(answer.body, dict) or not answer.ok:
        raise RuntimeError(f"the seed of the world was refused: {answer}")
    return str(answer.body["id"])
