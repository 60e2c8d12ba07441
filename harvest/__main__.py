"""``python -m harvest``: the same as ``harvest``."""

from harvest.cli import main

main(prog_name="harvest")
