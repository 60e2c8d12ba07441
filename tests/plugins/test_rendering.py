"""Pages are filled by templates that wait for nothing, and stand in Datasette's own frame."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from harvest.web.rendering import PIECES, Compiled, environment_of, fill, marks, put_in, words_of

ROOT = "/-/policies"


async def test_templates_are_compiled_once_and_await_nothing(
    serve: Callable[..., Any], get: Callable[..., Any]
) -> None:
    datasette = serve()
    await get(ROOT, datasette=datasette)
    first = environment_of(datasette, None)
    page = first.get_template("policy/overview.html")
    await get(ROOT, datasette=datasette)
    again = environment_of(datasette, None)
    assert again is first and not again.is_async
    assert again.get_template("policy/overview.html") is page


async def test_no_page_waits_for_its_template(
    serve: Callable[..., Any], get: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are compiled when Datasette starts, its own around them too; another instance has the code of the first."""
    await serve().invoke_startup()

    def fail(self: Environment, source: object, name: str | None = None, *_: object, **__: object) -> None:
        raise AssertionError(f"{name} is compiled again")

    monkeypatch.setattr(Environment, "compile", fail)
    paths = ["", "/alpha.example", "/alpha.example/2004", "/alpha.example/2003..2010", "/search?q=a", "/changes", "/no"]
    answers = [await get(f"{ROOT}{path}") for path in paths]

    assert [answer.status_code for answer in answers] == [200] * 6 + [404]


async def test_a_template_of_an_operator_that_is_broken_breaks_its_page_alone(
    serve: Callable[..., Any], get: Callable[..., Any], tmp_path: Path
) -> None:
    """Datasette starts, and all other pages are there."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "trends.html").write_text("{% broken %}")
    datasette = serve(template_dir=str(tmp_path))

    assert (await get(ROOT, datasette=datasette)).status_code == 200
    assert (await get(f"{ROOT}/trends?q=a", datasette=datasette)).status_code == 500


def test_code_is_kept_for_one_kind_of_environment() -> None:
    """What awaits, or reads other tags, is compiled for itself; so is what was edited."""
    one = Environment(loader=DictLoader({"x.html": "{{ 1 }}"}), bytecode_cache=Compiled())
    other = one.overlay(enable_async=True)
    edited = one.overlay(loader=DictLoader({"x.html": "{{ 2 }}"}))

    assert inspect.isasyncgenfunction(other.get_template("x.html").root_render_func)
    assert (one.get_template("x.html").render(), edited.get_template("x.html").render()) == ("1", "2")


def test_an_environment_laid_over_datasettes_has_templates_of_its_own() -> None:
    """Datasette 1.0 lets plugins choose other templates for a request, by an overlay that inherits attributes."""
    ours = Environment(loader=DictLoader({"policy/x.html": "ours"}), enable_async=True, autoescape=True)
    below = environment_of(SimpleNamespace(jinja_env=ours), None)
    theirs = ours.overlay(loader=DictLoader({"policy/x.html": "theirs"}))
    above = environment_of(SimpleNamespace(jinja_env=theirs), None)
    assert below.get_template("policy/x.html").render() == "ours"
    assert above.get_template("policy/x.html").render() == "theirs"


def test_words_cannot_cut_a_page() -> None:
    template = "{{ words }}{{ cut }}head{{ cut }}crumbs{{ cut }}{{ words }}"
    environment = Environment(loader=DictLoader({"page.html": template}), autoescape=True)
    filled = fill(environment, "page.html", {"words": "<b>{{ cut }}</b> cut \x00"})
    assert filled["title"] == filled["content"] == "&lt;b&gt;{{ cut }}&lt;/b&gt; cut \x00"
    assert (filled["extra_head"], filled["crumbs"]) == ("head", "crumbs")


def test_words_cannot_stand_in_for_a_mark() -> None:
    """The marks of one frame are those of no other, and a piece is put in as it is."""
    marked = marks()
    pieces = {name: Markup(f"{{{{ {name} }}}} {marks()[name]}") for name in PIECES}
    page = put_in(" ".join(marked.values()), marked, pieces)

    assert page == " ".join(pieces.values())


async def test_what_is_said_again_is_remembered(serve: Callable[..., Any]) -> None:
    """A macro answers the same value from memory, escaped as at first; what takes no plain value is asked each time."""
    datasette = serve()
    await datasette.invoke_startup()
    words = words_of(environment_of(datasette, None))

    assert words.words(1_234, 0) is words.words(1_234, 0)
    assert "+1,234" in words.words(1_234, 0) and words.words(1_234, 0) != words.words(0, 1_234)
    assert words.stated("<b>") is words.stated("<b>") == Markup('<time datetime="&lt;b&gt;">&lt;b&gt;</time>')
    assert words.ops([("+", "<b>"), ("=", " &")]) == Markup("<ins>&lt;b&gt;</ins> &amp;")


def test_a_template_that_was_edited_is_asked_anew() -> None:
    """Nothing of what it said before is kept."""
    names = ("time", "stated", "window", "presence", "seen", "tier", "words")
    written = {"policy/_words.html": "".join(f"{{% macro {name}(a) %}}old{{% endmacro %}}" for name in names)}
    environment = Environment(loader=DictLoader(written), autoescape=True)
    before = words_of(environment).tier("edit")
    written["policy/_words.html"] = written["policy/_words.html"].replace("old", "new")

    assert (before, words_of(environment).tier("edit")) == ("old", "new")
