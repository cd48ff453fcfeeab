"""What retrievers return, before it has the types of a framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format

from .v1.context_pb2 import BuildContextResponse
from .v1.document_pb2 import Document
from .v1.search_pb2 import SearchResponse


@dataclass(frozen=True)
class Found:
    """A text with its origin. `score` is the relevance, 0 to 1; None if the server's model gives none.
    Spans in the metadata are bytes of the document's text."""

    id: str
    text: str
    score: float | None
    metadata: dict[str, Any]


def passages(answer: SearchResponse) -> list[Found]:
    return [
        Found(
            id=p.passage_id,
            text=p.text,
            score=p.relevance if p.HasField("relevance") else None,
            metadata={
                **_origin(p.document),
                "passage_ids": [p.passage_id],
                "start": p.span.start,
                "end": p.span.end,
                "rank": p.rank,
            },
        )
        for p in answer.passages
    ]


def blocks(answer: BuildContextResponse) -> list[Found]:
    return [
        Found(
            id=b.passage_ids[0],
            text=b.text,
            score=b.relevance if b.HasField("relevance") else None,
            metadata={
                **_origin(b.document),
                "passage_ids": list(b.passage_ids),
                "start": b.span.start,
                "end": b.span.end,
                "citation": b.citation,
            },
        )
        for b in answer.blocks
    ]


def _origin(document: Document) -> dict[str, Any]:
    """Returns the fields of a document that are set, and its metadata as `metadata`."""
    made = json_format.MessageToDict(document, preserving_proto_field_name=True)
    keep = ("document_id", "title", "url", "source", "language", "author", "tags", "published_at", "metadata")
    return {key: made[key] for key in keep if key in made}
