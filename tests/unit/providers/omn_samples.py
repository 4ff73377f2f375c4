"""Bodies of every kind of element, each with the XML that it is after its head."""

from __future__ import annotations

from reconciler.model.json import Json

LABELS: Json = {"itm": [{"loc": "en_EN", "value": "female"}, {"loc": "de_DE", "value": "weiblich"}]}
ITEMS = '<itm loc="en_EN">female</itm><itm loc="de_DE">weiblich</itm>'

BOTH: dict[str, tuple[Json, str]] = {
    "classes": (
        {
            "classes": {"entries": [{"tid": "Standard", "name": LABELS}]},
            "nodes": {"entries": [{"class": "Standard", "path": "/Standard"}]},
        },
        (
            f'<classes><class tid="Standard"><name>{ITEMS}</name></class></classes>'
            '<nodes><node class="Standard" path="/Standard"/></nodes>'
        ),
    ),
    "attributes of a node": (
        {
            "nodes": {
                "entries": [
                    {
                        "id": "15370",
                        "attr": [
                            {
                                "inheritance": "visible",
                                "key": "gender",
                                "domainVals": {
                                    "allowNewValue": "false",
                                    "sortDirection": "MANUAL",
                                    "entries": [{"tid": "female", **LABELS}, {"tid": "x"}],  # type: ignore[dict-item]
                                },
                            },
                            {"key": "size"},
                        ],
                    }
                ]
            }
        },
        (
            '<nodes><node id="15370"><attr inheritance="visible" key="gender">'
            '<domainVals allowNewValue="false" sortDirection="MANUAL">'
            f'<domainVal tid="female">{ITEMS}</domainVal><domainVal tid="x"/></domainVals></attr>'
            '<attr key="size"/></node></nodes>'
        ),
    ),
    "nodes in nodes": (
        {
            "classes": {
                "entries": [{"tid": "S", "node": [{"path": "/S", "node": [{"path": "/S/A"}, {"path": "/S/B"}]}]}]
            }
        },
        (
            '<classes><class tid="S"><node path="/S"><node path="/S/A"/>'
            '<node path="/S/B"/></node></class></classes>'
        ),
    ),
    "attrs": (
        {
            "attrs": {
                "entries": [
                    {"nodePath": "/S/A", "key": "gender", "localized": "true", "defaultVal": {"tid": "female"}},
                    {"id": "9", "key": "size"},
                ]
            }
        },
        (
            '<attrs><attr nodePath="/S/A" key="gender" localized="true"><defaultVal tid="female"/></attr>'
            '<attr id="9" key="size"/></attrs>'
        ),
    ),
    "attrDefs": (
        {
            "attrDefs": {
                "entries": [
                    {
                        "tid": "care",
                        "type": "text",
                        "domainVals": {"mode": "FULL", "entries": []},
                        "multiValued": "true",
                        "name": LABELS,
                    }
                ]
            }
        },
        (
            '<attrDefs><attrDef tid="care" type="text"><domainVals mode="FULL"/><multiValued>true</multiValued>'
            f"<name>{ITEMS}</name></attrDef></attrDefs>"
        ),
    ),
    "glossaries": (
        {
            "glossaries": {
                "entries": [
                    {"name": "Shoes", "meta": {"multipleTranslations": "true"}},
                    {"id": "7", "name": "New", "vals": {"entries": [{"attr": "P", "itm": ["new value"]}]}},
                ]
            }
        },
        (
            "<glossaries><glossary><name>Shoes</name><meta>"
            '<itm key="multipleTranslations">true</itm></meta></glossary>'
            '<glossary id="7"><name>New</name><vals><val attr="P"><itm>new value</itm></val></vals></glossary>'
            "</glossaries>"
        ),
    ),
    "glossaryEntries": (
        {
            "glossaryEntries": {
                "entries": [
                    {
                        "parentId": "41550",
                        "loc": "de_DE",
                        "type": "term",
                        "meta": {"forbidden": "false", "itm": [{"key": "value", "loc": "de_DE", "value": "T"}]},
                        "links": {
                            "itms": [
                                {
                                    "loc": "en_EN",
                                    "mode": "delta",
                                    "type": "term",
                                    "similarity": "100",
                                    "itm": [{"key": "value", "loc": "en_EN", "value": "T EN"}],
                                }
                            ]
                        },
                    }
                ]
            }
        },
        (
            '<glossaryEntries><glossaryEntry parentId="41550" loc="de_DE" type="term">'
            '<meta><itm key="forbidden">false</itm><itm key="value" loc="de_DE">T</itm></meta>'
            '<links><itms loc="en_EN" mode="delta" type="term"><itm key="similarity">100</itm>'
            '<itm key="value" loc="en_EN">T EN</itm></itms></links></glossaryEntry></glossaryEntries>'
        ),
    ),
    "dirs": (
        {
            "dirs": {
                "entries": [
                    {
                        "rnc": "MAM",
                        "name": "New",
                        "vals": {
                            "entries": [
                                {"attr": "A", "type": "localized", "itm": [{"loc": "en_EN", "value": "true"}]},
                                {
                                    "attr": "B",
                                    "type": "multi_loc",
                                    "i18n": [
                                        {"loc": "en_EN", "itm": [{"pos": "0", "value": "x"}]},
                                        {"loc": "de_DE"},
                                    ],
                                },
                            ]
                        },
                    }
                ]
            }
        },
        (
            '<dirs><dir rnc="MAM"><name>New</name><vals>'
            '<val attr="A" type="localized"><itm loc="en_EN">true</itm></val>'
            '<val attr="B" type="multi_loc"><i18n loc="en_EN"><itm pos="0">x'
            '</itm></i18n><i18n loc="de_DE"/></val></vals>'
            "</dir></dirs>"
        ),
    ),
    "peos": (
        {
            "peos": {
                "entries": [
                    {
                        "productTid": "p",
                        "templateId": "4",
                        "name": "PEO",
                        "nodes": {"entries": ["AWS", {"tid": "B"}, {"id": "1"}]},
                    }
                ]
            }
        },
        (
            '<peos><peo productTid="p" templateId="4"><name>PEO</name>'
            '<nodes><node>AWS</node><node tid="B"/><node id="1"/></nodes></peo></peos>'
        ),
    ),
    "links": (
        {"links": {"itms": [{"type": "peoToProject", "itms": [{"peoTid": "p", "projectTid": "c"}]}]}},
        (
            '<links><itms type="peoToProject"><itms><itm key="peoTid">p'
            '</itm><itm key="projectTid">c</itm></itms></itms>'
            "</links>"
        ),
    ),
    "products": (
        {
            "products": {
                "entries": [
                    {
                        "tid": "p",
                        "name": "Shoe",
                        "node": "/S/A",
                        "vals": {"entries": [{"attr": "gender", "node": "/S", "itm": ["female"]}]},
                    }
                ]
            }
        },
        (
            '<products><product tid="p"><name>Shoe</name><node>/S/A</node>'
            '<vals><val attr="gender" node="/S"><itm>female</itm></val></vals></product></products>'
        ),
    ),
    "actions": (
        {
            "actions": {
                "entries": [
                    {"dataType": "dir", "tid": "E", "type": "move", "meta": {"destinationDirTid": "F"}},
                    {"dataType": "dir", "path": "/MAM/a/b", "type": "createPath"},
                ]
            }
        },
        (
            '<actions><action dataType="dir" tid="E" type="move"><meta>'
            '<itm key="destinationDirTid">F</itm></meta></action>'
            '<action dataType="dir" path="/MAM/a/b" type="createPath"/></actions>'
        ),
    ),
}
