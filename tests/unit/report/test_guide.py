"""The guide names what the program can say: every rule that holds a change, every exit code."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.cli.exit_codes import MEANINGS
from reconciler.load.operator_config import operator
from reconciler.model.change import UNKNOWN_PAST

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")


def test_the_guide_names_every_rule() -> None:
    sources = [file.read_text("utf-8") for file in (ROOT / "reconciler").rglob("*.py")]
    rules = {rule for text in sources for rule in re.findall(r'\bHold\(\s*"([a-z-]+)"', text)}
    assert len(rules) > 30
    assert {rule for rule in {*rules, UNKNOWN_PAST, "effects"} if f"`{rule}`" not in GUIDE} == set()


def test_the_guide_names_every_exit_code() -> None:
    assert [code for code in MEANINGS if f"| {code} |" not in GUIDE] == []


def test_the_guides_operator_file_is_read_as_it_says(tmp_path: Path) -> None:
    file = tmp_path / "operator.yaml"
    file.write_text(GUIDE.split("### The operator's file", 1)[1].split("```yaml\n")[1].split("```")[0])

    found = operator(["analytics", "studio"], {"RECONCILER_CONFIG": str(file)})

    assert found.access["analytics"].source == "env ANALYTICS_KEY"
    assert found.access["studio"].ca_file == str(tmp_path / "ca.pem")
    assert found.allowed_env == {"SFTP_PASSWORD", "CMS_SHOP_PASSWORD"}
    assert found.folders == ("/srv/handover",)
    assert found.commands["handover"] == ("pass", "insert", "--multiline", "handover")
