"""Requests from plain Python values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from google.protobuf import struct_pb2, timestamp_pb2

from .v1 import (
    context_pb2,
    document_pb2,
    evidence_pb2,
    facet_pb2,
    filter_pb2,
    grounding_pb2,
    search_pb2,
    similar_pb2,
)

MetadataValue: TypeAlias = str | float | bool | Sequence[str]


def document(
    document_id: str,
    *,
    text: str | None = None,
    body: bytes | None = None,
    media_type: str = "",
    title: str = "",
    url: str = "",
    source: str = "",
    language: str = "",
    author: str = "",
    tags: Iterable[str] = (),
    metadata: Mapping[str, MetadataValue] | None = None,
    published_at: datetime | None = None,
    expires_at: datetime | None = None,
    visible_from: datetime | None = None,
    source_version: int | None = None,
) -> document_pb2.DocumentInput:
    """Returns a document to index: `text`, or the bytes of a file as `body`, of which `media_type`
    names the format. Times without a zone are UTC."""
    if (text is None) == (body is None):
        raise ValueError("document: give exactly one of text and body")
    made = document_pb2.DocumentInput(
        document_id=document_id,
        title=title,
        url=url,
        source=source,
        language=language,
        author=author,
        tags=list(tags),
        published_at=timestamp(published_at),
        expires_at=timestamp(expires_at),
        visible_from=timestamp(visible_from),
        source_version=source_version,
    )
    if text is not None:
        made.text = text
    else:
        made.body.data = body or b""
        made.body.media_type = media_type
    for key, one in (metadata or {}).items():
        made.metadata[key].CopyFrom(value(one))
    return made


def value(v: MetadataValue) -> struct_pb2.Value:
    """Returns a value of a document's metadata."""
    if isinstance(v, bool):
        return struct_pb2.Value(bool_value=v)
    if isinstance(v, (int, float)):
        return struct_pb2.Value(number_value=v)
    if isinstance(v, str):
        return struct_pb2.Value(string_value=v)
    return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[struct_pb2.Value(string_value=s) for s in v]))


def timestamp(t: datetime | None) -> timestamp_pb2.Timestamp | None:
    if t is None:
        return None
    made = timestamp_pb2.Timestamp()
    made.FromDatetime(t)
    return made


def search(query: str | search_pb2.SearchRequest, facets: Iterable[str] = (), **fields: object) -> search_pb2.SearchRequest:
    """Returns the request for a question. A whole request is returned as it is, and no other field may be given."""
    facets = list(facets)
    if not isinstance(query, str):
        _alone("SearchRequest", {"facets": facets, **fields})
        return query
    per_document = fields.pop("group_by", None)
    request = search_pb2.SearchRequest(
        query=query, facets=[facet_pb2.FacetRequest(field=name) for name in facets], **_given(fields)
    )
    if per_document is not None:
        request.group_by.passages_per_document = per_document  # type: ignore[assignment]
    return request


def similar(
    document_id: str | None, passage_id: str | None, text: str | None, **fields: object
) -> similar_pb2.FindSimilarRequest:
    if sum(one is not None for one in (document_id, passage_id, text)) != 1:
        raise TypeError("find_similar: give exactly one of document_id, passage_id and text")
    return similar_pb2.FindSimilarRequest(document_id=document_id, passage_id=passage_id, text=text, **_given(fields))


def _given(fields: Mapping[str, object]) -> dict[str, Any]:
    return {name: one for name, one in fields.items() if one is not None and one != ""}


def _alone(message: str, fields: Mapping[str, object]) -> None:
    """Refuses fields beside a whole request, which would be ignored."""
    if names := [name for name, one in fields.items() if one is not None and one != "" and one != []]:
        raise TypeError(f"set {', '.join(names)} in the {message}, not beside it")


def context(
    query: str | context_pb2.BuildContextRequest,
    max_tokens: int | None,
    format: context_pb2.ContextFormat | None,
    min_evidence: evidence_pb2.Evidence | None,
    filter: filter_pb2.Filter | None,
) -> context_pb2.BuildContextRequest:
    if not isinstance(query, str):
        given = {"max_tokens": max_tokens, "format": format, "min_evidence": min_evidence, "filter": filter}
        _alone("BuildContextRequest", given)
        return query
    return context_pb2.BuildContextRequest(
        query=query, max_tokens=max_tokens, format=format, min_evidence=min_evidence, filter=filter
    )


def grounding(
    answer: str, texts: Sequence[str], passage_ids: Sequence[str], query: str, filter: filter_pb2.Filter | None
) -> grounding_pb2.CheckGroundingRequest:
    return grounding_pb2.CheckGroundingRequest(
        answer=answer, texts=texts, passage_ids=passage_ids, query=query, filter=filter
    )
