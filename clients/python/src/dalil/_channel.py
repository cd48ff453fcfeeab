"""How both clients connect."""

from __future__ import annotations

import json
from typing import Any

_MAX_REPLY = 64 << 20  # bytes

# The methods that change nothing, so that a second try is always safe; an empty list stands for the
# whole service. UNAVAILABLE can mean that a call was carried out and its answer was lost. A second
# write could undo that of another client which came in between, so writes are not repeated.
READS: dict[str, list[str]] = {
    "dalil.v1.SearchService": [],
    "dalil.v1.DocumentService": ["GetDocument", "ListDocuments", "ListFacets", "ListFailures", "PreviewDocument"],
    "dalil.v1.AdminService": [
        "GetInfo",
        "GetStats",
        "ListCollections",
        "GetOperation",
        "ListOperations",
        "WaitOperation",
        "ListTenants",
        "GetTenantUsage",
    ],
}


def options(direct: bool) -> list[tuple[str, Any]]:
    """Returns the options of a channel. Unless it is direct, calls go to all servers of the name in
    turn, a server that is not ready gets none, and reads that fail with UNAVAILABLE are repeated."""
    made: list[tuple[str, Any]] = [
        ("grpc.max_receive_message_length", _MAX_REPLY),
        ("grpc.keepalive_time_ms", 20_000),
        ("grpc.keepalive_timeout_ms", 10_000),
    ]
    if not direct:
        made.append(("grpc.service_config", json.dumps(_policy())))
    return made


def _policy() -> dict[str, Any]:
    names: list[dict[str, str]] = []
    for service, methods in READS.items():
        names += [{"service": service, "method": m} for m in methods] or [{"service": service}]
    return {
        "loadBalancingConfig": [{"round_robin": {}}],
        "healthCheckConfig": {"serviceName": "dalil.v1.SearchService"},
        "methodConfig": [
            {
                "name": names,
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "2s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ],
    }


CUT = "the server ended the stream before every document was sent"
