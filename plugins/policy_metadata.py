"""Descriptions and example queries of `metadata.yaml` for every database with a corpus, whatever its file is called."""

from __future__ import annotations

from pathlib import Path

from datasette import hookimpl

from harvest.web import access, descriptions

# beside the folder of plugins in a clone and in the installed package alike
DESCRIPTION = descriptions.read_description([Path(__file__).resolve().parent.parent])


@hookimpl
def startup(datasette):
    """Describe the corpora there are."""

    async def describe():
        await descriptions.describe(datasette, await access.corpora(datasette), DESCRIPTION)

    return describe


@hookimpl
def get_metadata(datasette, key):
    """Answer Datasette 0.65; 1.0 never asks."""
    return descriptions.described(datasette, key, DESCRIPTION)
