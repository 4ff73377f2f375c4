"""Nobody is believed without a certificate for its name."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.model.faults import ProviderUnreachable, UsageWrong
from reconciler.model.record import replace
from reconciler.wire.library import tls
from tests.unit.wire.far_end import FarEnd, answer
from tests.unit.wire.world import GET, POST, USED, Hands, run, wire

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl")


@dataclass
class Papers:
    certificate: Path
    server: ssl.SSLContext


def papers(folder: Path, name: str) -> Papers:
    """A certificate that vouches for itself and for one name."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={name}",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return Papers(certificate, context)


@needs_openssl
def test_a_server_of_our_own_authority_is_believed(tmp_path: Path) -> None:
    mine = papers(tmp_path, "IP:127.0.0.1")

    async def main() -> None:
        async with FarEnd((answer({"a": 1}),), tls=mine.server) as far:
            async with wire(far.url, Hands(), ca_file=str(mine.certificate)) as line:
                assert (await line.read(GET)).body == {"a": 1}
                assert (await line.send(POST)).body == {"a": 1}
            assert far.connections == 1

    run(main())


@needs_openssl
@pytest.mark.parametrize("case", ["unknown authority", "wrong authority", "wrong name"])
def test_a_server_that_cannot_prove_its_name_gets_nothing_and_is_not_asked_twice(
    tmp_path: Path, case: str
) -> None:
    wrong_name = case == "wrong name"
    theirs = papers(tmp_path, "DNS:other.example.com" if wrong_name else "IP:127.0.0.1")
    other = papers(tmp_path, "DNS:me.example.com")
    trusted = {"unknown authority": None, "wrong authority": other, "wrong name": theirs}[case]

    async def main() -> None:
        async with FarEnd((answer({}),), tls=theirs.server) as far:
            async with wire(far.url, Hands(), ca_file=str(trusted.certificate) if trusted else None) as line:
                with pytest.raises(ProviderUnreachable, match=r"no connection to 127\.0\.0\.1: TLS: "):
                    await line.send(POST)
                assert line.requests[0].attempts == 1
            assert far.seen == []

    run(main())


def test_a_server_that_speaks_no_tls_is_unreachable() -> None:
    async def main() -> None:
        async with FarEnd((answer({}),)) as far:
            limits = replace(USED, connect=0.1, tries=2)
            async with wire(far.url.replace("http://", "https://"), Hands(), limits) as line:
                with pytest.raises(ProviderUnreachable):
                    await line.send(POST)
            assert far.seen == []

    run(main())


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_ca_file_that_holds_nothing_opens_no_wire(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UsageWrong, match=r"shop: the CA file .*ca\.pem cannot be used: \S"):
        wire("https://api.example.com", Hands(), ca_file=str(path)).open()


def test_the_usual_context_verifies_and_is_built_once() -> None:
    context = tls(None)

    assert context is tls(None)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
