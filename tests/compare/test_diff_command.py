"""``harvest diff`` on the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from harvest.cli import main

OLD = "# Privacy\n\n## Use\n\nWe keep the address you give us for as long as your account is open.\n\nWrite to us.\n"
NEW = OLD.replace("address", "number")


@pytest.fixture
def run(tmp_path):
    """Return a function that runs ``harvest diff`` in an empty folder with files OLD.md and NEW.md."""
    (tmp_path / "old.md").write_text(OLD)
    (tmp_path / "new.md").write_text(NEW)

    def invoke(*args: str, stdin: str = ""):
        paths = [str(tmp_path / arg) if arg.endswith(".md") else arg for arg in args]
        return CliRunner().invoke(main, ["diff", *paths], input=stdin)

    return invoke


def test_json_has_the_documented_shape(run):
    """Two files give one object with exactly the documented keys."""
    found = json.loads(run("old.md", "new.md", "--json").stdout)

    assert list(found) == [
        *(
            "tier",
            "reason",
            "method",
            "similarity",
            "words_added",
            "words_removed",
            "words_moved",
            "elapsed_ms",
            "changes",
        )
    ]
    (change,) = found["changes"]
    assert list(change) == [*("kind", "tier", "reason", "heading_before", "heading_after", "before", "after", "ops")]
    assert change["ops"][1:3] == [["-", "address"], ["+", "number"]]


def test_all_lists_what_did_not_change(run):
    """With --all every heading and clause of both texts is there."""
    found = json.loads(run("old.md", "new.md", "--json", "--all").stdout)

    assert [c["after"] for c in found["changes"] if c["kind"] == "same"] == ["Privacy", "Use", "Write to us."]


@pytest.mark.parametrize(
    ("option", "sign"),
    [([], "[-address-]{+number+}"), (["--markdown"], "~~address~~**number**"), (["--html"], "<del>address</del>")],
    ids=["terminal", "markdown", "html"],
)
def test_forms(run, option, sign):
    """Terminal, Markdown and HTML show the same edit."""
    result = run("old.md", "new.md", *option)

    assert result.exit_code == 0
    assert sign in result.stdout


@pytest.mark.parametrize(
    ("form", "open_sign"),
    [([], "b@shop.example"), (["--markdown"], "b@shop.example"), (["--html"], 'data-tier="contacts"')],
    ids=["terminal", "markdown", "html"],
)
def test_noise_is_shown_on_request(run, tmp_path, form, open_sign):
    """Every form folds a change of an address of e-mail, and ``--noise`` shows it."""
    (tmp_path / "one.md").write_text(OLD + "\nMail a@shop.example if you want.\n")
    (tmp_path / "two.md").write_text(NEW + "\nMail b@shop.example if you want.\n")

    folded, shown = (
        run("one.md", "two.md", *form, *more).stdout.partition("<details>")[0] for more in ([], ["--noise"])
    )
    assert open_sign not in folded
    assert open_sign in shown


@pytest.mark.parametrize("order", [["--jsonl", "--all", "-"], ["--all", "--jsonl", "-"], ["--json", "--jsonl", "-"]])
def test_many_pairs_are_answered_in_order(run, order):
    """Each line is answered by one line with its id."""
    pairs = [{"id": "a", "before": OLD, "after": NEW}, {"id": 2, "before": NEW, "after": NEW}]

    lines = run(*order, stdin="".join(json.dumps(pair) + "\n" for pair in pairs)).stdout.splitlines()

    answers = [json.loads(line) for line in lines]
    assert [answer["id"] for answer in answers] == ["a", 2]
    assert [answer["tier"] for answer in answers] == ["edit", None]


def test_white_space_alone_is_typography(run):
    """Texts that read the same but are not the same string differ in typography."""
    pair = {"id": 1, "before": OLD, "after": OLD.replace("the address", "the  address")}

    answer = json.loads(run("--jsonl", stdin=json.dumps(pair) + "\n").stdout)

    assert (answer["tier"], answer["changes"]) == ("typography", [])


def test_a_bad_line_spoils_no_other(run):
    """A line that is no pair is answered with its error; the rest is compared and the status is 1."""
    good = json.dumps({"id": 1, "before": OLD, "after": NEW})

    result = run("--jsonl", "-", stdin=f"nonsense\n{good}\n" + '{"id": 3}\n')

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer.get("line") for answer in answers] == [1, None, 3]
    assert answers[1]["tier"] == "edit"


@pytest.mark.parametrize(
    ("args", "status"),
    [(["old.md"], 2), ([], 2), (["old.md", "missing.md"], 1), (["old.md", "new.md", "--jsonl"], 2)],
    ids=["one file", "none", "missing file", "two files for --jsonl"],
)
def test_wrong_use_is_explained(run, args, status):
    """Usage errors and missing files give a message, never a traceback."""
    result = run(*args)

    assert result.exit_code == status
    assert "Error" in result.stderr and "Traceback" not in result.output
