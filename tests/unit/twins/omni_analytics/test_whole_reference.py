"""All examples of the Omni Analytics reference, one after another, byte for byte."""

from __future__ import annotations

import json

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.omni_analytics.sales import add_sales
from tests.unit.twins.served import served
from tests.unit.twins.test_omni_examples import examples


@pytest.mark.contract
def test_every_example_byte_for_byte() -> None:
    """The clock moves by itself: no example is left out."""
    tried = 0
    with served(OmniTwin()) as omni:
        for method, path, token, status, body, answer in examples():
            if path == "/v1/documents/d0c00001/move":
                add_sales(omni.twin)
            reply = omni.client.request(
                method, omni.url + path, json=body, headers={"Authorization": f"Bearer {token}"}
            )
            wanted = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
            assert (reply.status_code, reply.text) == (status, wanted), path
            tried += 1

    assert tried == 38
