"""What discovery found, into the corpus: policies, their addresses, and what points at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvest.corpus.store_urls import explain_url, keep_pointers
from harvest.resolve import PolicyTarget

if TYPE_CHECKING:
    from harvest.corpus.store import Store


def remember(store: Store, found: PolicyTarget) -> int:
    """Record a policy that was discovered, with the evidence for each address; return its id. Nothing is fetched."""
    with store.transaction() as conn:
        policy_id = store.ensure_policy(host=found.host, kind=found.kind, label=found.label)
        for item in found.urls:
            owner = store.ensure_policy(
                host=found.host, kind=found.kind, label=found.label, url=item.url, evidence=item.evidence
            )
            if item.why:
                explain_url(conn, owner, item.url, item.why)
        if found.asked_host not in ("", found.host):
            store.link_site(policy_id, found.asked_host, evidence="discovered")
        keep_pointers(conn, policy_id, found.pointers)
    return policy_id
