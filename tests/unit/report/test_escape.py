"""Foreign text does nothing and hides nothing, in any output."""

from __future__ import annotations

import json
import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.report.escape import fenced, html, json_text, md, prose, safe

PREPENDED = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Format characters that show: Arabic and Kaithi marks written before numbers."""

HARMFUL = [
    chr(p)
    for p in range(sys.maxunicode + 1)
    if unicodedata.category(chr(p)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and p not in PREPENDED
]
BITES = (
    "<img src=x onerror=alert(1)> |a|b| [x](http://e.example) @all #12 **b** _i_ ![y](z) ~~s~~ `c` ```\n# h\n- l"
)


def test_every_harmful_code_point_is_written_out() -> None:
    assert len(HARMFUL) > 2_200
    for character in HARMFUL:
        shown = safe(f"a{character}b")
        assert re.fullmatch(r"a\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})b", shown), hex(ord(character))


@pytest.mark.parametrize("filler", ["\u115f", "\u1160", "\u3164", "\uffa0", "\u034f", "\u180b", "\ufffe"])
def test_blank_letters_are_written_out_too(filler: str) -> None:
    assert filler not in safe(f"a{filler}b")


@pytest.mark.parametrize("text", ["", "plain", "María López", "日本語", "a 👍🏽 b", "C:\\x", "naïve — “quoted”"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@given(st.text())
def test_safe_text_is_safe_already(text: str) -> None:
    assert safe(safe(text)) == safe(text)


def test_json_holds_no_harmful_code_point_and_loses_none() -> None:
    text = json_text({"k": "".join(HARMFUL)}, indent=None)
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)["k"].encode("utf-16", "surrogatepass") == "".join(HARMFUL).encode(
        "utf-16", "surrogatepass"
    )


def outside_code(markdown: str) -> tuple[str, str]:
    """The HTML a Markdown text becomes without its code spans, and the kinds of tokens in it."""
    renderer = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = {t.type for block in renderer.parse(markdown) for t in (block, *(block.children or ()))}
    return re.sub(r"<code>.*?</code>", "", renderer.render(markdown), flags=re.DOTALL), " ".join(sorted(tokens))


def assert_inert(markdown: str) -> None:
    shown, tokens = outside_code(markdown)
    assert re.sub(r"</?(p|em|strong)>", "", shown.removeprefix("<p>")).find("<") == -1, shown
    assert "@" not in shown
    assert "://" not in shown
    for word in (
        "link",
        "image",
        "html",
        "heading",
        "list",
        "table",
        "em_",
        "strong",
        "s_open",
        "fence",
        "quote",
        "hr",
    ):
        assert word not in tokens, (word, markdown)


@given(st.lists(st.sampled_from([*"`<>|[]()@#*_~!&;:/-+=.1ab \\\n\"'", "\u202e", "www.", "http://"])).map("".join))
@example(BITES)
@example("`")
@example("``a`")
@example(" ")
def test_markdown_of_any_text_is_inert(text: str) -> None:
    assert_inert(f"x {md(text)} y")
    assert_inert(f"x {prose(text)} y")
    assert_inert(prose(text))


def test_a_sentence_keeps_its_words_and_its_code() -> None:
    shown = prose("set `onRemove: release`, then ask jane@example.com (or wait)")
    assert shown == "set `onRemove: release`, then ask `jane@example.com` (or wait)"


def test_a_fence_is_longer_than_any_inside() -> None:
    text = fenced("a\n````\nb")
    assert text == "`````\na\n````\nb\n`````"


def test_a_summary_holds_no_markup_and_no_mention() -> None:
    assert html("<b>@all\x1b") == "<code>&lt;b&gt;@all\\x1b</code>"
