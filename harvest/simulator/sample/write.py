"""Companies into WARC files, byte for byte the same for the same sources and seed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.simulator.sample.captures import Record, records
from harvest.simulator.sample.model import Company
from harvest.urls import host_of


def write_companies(folder: Path, companies: Sequence[Company], *, seed: str = "") -> list[Path]:
    """Write ``HOST.warc.gz`` for each host and ``targets.toml`` beside them; return the WARC files by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for host in sorted({company.host for company in companies}):
        found = [record for company in companies if company.host == host for record in records(company, seed=seed)]
        path = folder / f"{host}.warc.gz"
        path.write_bytes(_warc(sorted(found, key=lambda record: (record.when, record.url))))
        paths.append(path)
    (folder / "targets.toml").write_text(targets_toml(companies), encoding="utf-8")
    return paths


def targets_toml(companies: Sequence[Company]) -> str:
    """The policies as ``harvest run --file`` takes them, each with the addresses it lived at."""
    return "\n".join(_target(company) for company in companies)


def _target(company: Company) -> str:
    urls = list(dict.fromkeys(url for _, url in reversed(company.addresses)))
    urls.sort(key=lambda url: host_of(url) != company.host)  # the first names the site
    lines = ["[[target]]", f"url = {json.dumps(urls[0])}", f"kind = {json.dumps(company.kind)}"]
    if urls[1:]:
        lines.append(f"urls = {json.dumps(urls[1:])}")
    if company.label:
        lines.append(f"label = {json.dumps(company.label)}")
    return "\n".join([*lines, ""])


def _warc(found: Iterable[Record]) -> bytes:
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for record in found:
        writer.write_record(_warc_record(writer, record))
    return stream.getvalue()


def _warc_record(writer: WARCWriter, record: Record) -> Any:
    stamp = f"{record.when:%Y-%m-%dT%H:%M:%SZ}"
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{stamp} {record.url} {record.repeats is not None}")
    warc_headers = {"WARC-Date": stamp, "WARC-Record-ID": f"<urn:uuid:{name}>"}
    http_headers = StatusAndHeaders(record.status, list(record.headers), protocol="HTTP/1.1")
    if record.repeats is None:
        return writer.create_warc_record(
            record.url,
            "response",
            payload=BytesIO(record.body),
            length=len(record.body),  # else warcio copies the body to a temporary file, which it leaves open
            http_headers=http_headers,
            warc_headers_dict=warc_headers,
        )
    return writer.create_revisit_record(
        record.url,
        digest=_payload_digest(record.repeats),
        refers_to_uri=record.repeats.url,
        refers_to_date=f"{record.repeats.when:%Y-%m-%dT%H:%M:%SZ}",
        http_headers=http_headers,
        warc_headers_dict=warc_headers,
    )


def _payload_digest(record: Record) -> str:
    digester = WARCWriter._create_digester()
    digester.update(record.body)
    return str(digester)
