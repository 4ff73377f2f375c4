"""An import as its user has it: an empty project folder on the disk, twins on sockets, the real command."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from reconciler import workflow
from reconciler.cli.app import run
from reconciler.model.plan import Plan
from reconciler.twins import Twin, running_all


@dataclass(slots=True)
class Place:
    """A project folder with one target for each twin. `said`: what the last command said."""

    root: Path
    twins: Mapping[str, Twin]
    said: str = ""
    told: str = ""

    def run(self, *words: str, code: int = 0) -> str:
        """A command as it is typed; its standard output."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            ended = run(["--debug", words[0], "--project", str(self.root), *words[1:]])
        self.said, self.told = out.getvalue(), err.getvalue()
        assert ended == code, (ended, self.said, self.told)
        return self.said

    @property
    def options(self) -> workflow.Options:
        return workflow.Options(project=self.root)

    def plan(self) -> Plan:
        return workflow.plan(self.options)

    def files(self) -> dict[str, bytes]:
        """Everything in the project but what is hidden."""
        found = (p for p in sorted(self.root.rglob("*")) if p.is_file())
        held = {str(p.relative_to(self.root)): p.read_bytes() for p in found}
        return {name: data for name, data in held.items() if not name.startswith(".")}

    def settles(self, *words: str) -> Plan:
        """Import, plan: 0 calls; apply; import again: not a byte. Nothing but looks in between."""
        for twin in self.twins.values():
            twin.log.clear()
        self.run("import", *words)
        told = self.said
        plan = self.plan()
        assert [c.line for c in plan.writes] == []
        assert [h for a in plan.actions for h in a.holds] == []
        assert [f for a in plan.actions for f in a.fields] == []
        before = self.files()
        self.run("apply", "--yes")
        self.run("import", *words)
        assert "0 manifests written" in self.said
        assert self.files() == before
        assert [e.call for t in self.twins.values() for e in t.log if e.write] == []
        assert self.plan().writes == ()
        self.said = told
        return plan


@contextmanager
def place(root: Path, twins: Mapping[str, Twin]) -> Iterator[Place]:
    """An empty project with these twins."""
    targets = []
    for name, twin in twins.items():
        organisation = twin.default_headers.get("X-Org-Id", "")
        more = f", organisation: {organisation}" if organisation else ", singleOrganisation: true"
        targets.append(f"  {name}: {{provider: {twin.provider}{more if 'tracker' in twin.provider else ''}}}")
    text = "apiVersion: reconciler/v1\nkind: Project\ntargets:\n" + "\n".join(targets) + "\n"
    (root / "manifests").mkdir(parents=True)
    (root / "reconciler.yaml").write_text(text)
    workflow.make_ledger(root)
    with running_all(list(twins.values())) as urls:
        config = root / ".reconciler" / "operator.yaml"
        opened = []
        for (name, twin), url in zip(twins.items(), urls, strict=True):
            key = root / ".reconciler" / f"{name}.key"
            key.write_text(twin.default_key)
            key.chmod(0o600)
            opened.append(
                f"  {name}: {{url: {url!r}, credential: {{fromFile: {name}.key}}, requestsPerMinute: 100000}}"
            )
        config.write_text("targets:\n" + "\n".join(opened) + "\n")
        with patch.dict("os.environ", {"RECONCILER_CONFIG": str(config)}):
            yield Place(root, twins)
