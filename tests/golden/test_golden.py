"""What people see, kept word for word. `UPDATE_GOLDEN=1 pytest tests/golden` writes the files anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.report.access_markdown import access_markdown
from reconciler.report.access_table import access_csv, access_json
from reconciler.report.access_text import access_text
from reconciler.report.doctor import (
    check_up_json,
    check_up_markdown,
    check_up_text,
    examination_json,
    examination_markdown,
    examination_text,
)
from reconciler.report.drift import drift_markdown, drift_text
from reconciler.report.history_json import history_json
from reconciler.report.history_markdown import history_markdown, run_markdown
from reconciler.report.history_text import history_text, run_text
from reconciler.report.ledger_json import story_json
from reconciler.report.ledger_text import bonds_text, chain_text, leases_text, story_text
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from tests.golden.access import listing
from tests.golden.batches import batch_plan, batch_report
from tests.golden.doctor import check_up, examination
from tests.golden.past import past_bonds, past_chains, past_entries, past_in_full, past_leases, past_story
from tests.golden.sample import large_plan, quiet_plan, rich_plan, rich_report

HERE = Path(__file__).parent
COMMAND = "reconciler apply plan.json"
SHOWN: dict[str, Callable[[], str]] = {
    "plan.txt": lambda: plan_text(rich_plan(), Style(), command=COMMAND),
    "plan-calls.txt": lambda: plan_text(rich_plan(), Style(), calls=True, command=COMMAND),
    "plan-colour.txt": lambda: plan_text(rich_plan(), Style(80, colour=True), command=COMMAND),
    "plan-markdown.txt": lambda: plan_markdown(rich_plan(), command=COMMAND),
    "plan-markdown-short.txt": lambda: plan_markdown(rich_plan(), 1_900, command=COMMAND),
    "plan-summary.txt": lambda: plan_text(rich_plan(), Style(), command=COMMAND, summary=True),
    "plan-summary-markdown.txt": lambda: plan_markdown(rich_plan(), command=COMMAND, summary=True),
    "plan-large.txt": lambda: plan_text(large_plan(), Style(), command=COMMAND),
    "plan-large-markdown.txt": lambda: plan_markdown(large_plan(), command=COMMAND),
    "batches.txt": lambda: plan_text(batch_plan(), Style(), calls=True, command=COMMAND),
    "batches-markdown.txt": lambda: plan_markdown(batch_plan(), command=COMMAND),
    "batches-report.txt": lambda: report_text(batch_report(), batch_plan(), Style()),
    "batches-report-calls.txt": lambda: report_text(batch_report(), batch_plan(), Style(), calls=True),
    "batches-report-markdown.txt": lambda: report_markdown(batch_report(), batch_plan()),
    "nothing.txt": lambda: plan_text(quiet_plan(), Style()),
    "report.txt": lambda: report_text(rich_report(), rich_plan(), Style()),
    "report-calls.txt": lambda: report_text(rich_report(), rich_plan(), Style(), calls=True),
    "report-markdown.txt": lambda: report_markdown(rich_report(), rich_plan()),
    "drift.txt": lambda: drift_text(rich_plan(), Style()),
    "drift-markdown.txt": lambda: drift_markdown(rich_plan()),
    "access.txt": lambda: access_text(listing(), Style()),
    "access-markdown.txt": lambda: access_markdown(listing()),
    "access-csv.txt": lambda: access_csv(listing()),
    "access-json.txt": lambda: access_json(listing()),
    "doctor.txt": lambda: check_up_text(check_up(), Style()),
    "doctor-colour.txt": lambda: check_up_text(check_up(), Style(60, colour=True)),
    "doctor-markdown.txt": lambda: check_up_markdown(check_up()),
    "doctor-json.txt": lambda: check_up_json(check_up()),
    "doctor-live.txt": lambda: examination_text(examination(), Style()),
    "doctor-live-markdown.txt": lambda: examination_markdown(examination()),
    "doctor-live-json.txt": lambda: examination_json(examination()),
    "history.txt": lambda: history_text(past_entries(), 3, Style()),
    "history-markdown.txt": lambda: history_markdown(past_entries(), 3),
    "history-json.txt": lambda: history_json(past_entries(), 3),
    "history-run.txt": lambda: run_text(past_in_full(), Style()),
    "history-run-markdown.txt": lambda: run_markdown(past_in_full()),
    "ledger-list.txt": lambda: bonds_text(past_bonds(), Style()),
    "ledger-show.txt": lambda: story_text(past_story(), Style()),
    "ledger-show-json.txt": lambda: story_json(past_story()),
    "ledger-verify.txt": lambda: "\n".join(chain_text(c, Style()) for c in past_chains().values()),
    "lease.txt": lambda: leases_text(past_leases(), Style()),
}


@pytest.mark.parametrize("name", SHOWN)
def test_it_looks_as_it_did(name: str) -> None:
    shown, file = SHOWN[name](), HERE / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {f.name for f in HERE.glob("*.txt")} == set(SHOWN)
