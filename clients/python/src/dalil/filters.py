"""Filters of documents. Several are joined by `all_of` and `any_of`:

    all_of(field("language", "ar", "en"), metadata("year", min=2020))
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from ._build import MetadataValue, timestamp, value
from .v1.filter_pb2 import FieldFilter, Filter, FilterField, FilterList, MetadataFilter

Field = Literal["language", "source", "author", "tag", "document_id"]


def all_of(*filters: Filter) -> Filter:
    """Keeps documents that every one of the filters keeps."""
    return Filter(all=FilterList(filters=filters))


def any_of(*filters: Filter) -> Filter:
    """Keeps documents that at least one of the filters keeps."""
    return Filter(any=FilterList(filters=filters))


def none_of(*filters: Filter) -> Filter:
    """Keeps documents that none of the filters keeps."""
    made = Filter()
    _set(made, "not", any_of(*filters))
    return made


def field(name: Field, *values: str) -> Filter:
    """Keeps documents in which a field has one of the values."""
    if name not in get_args(Field):
        raise ValueError(f"filters.field: must be one of {', '.join(get_args(Field))}, is {name!r}")
    made = Filter()
    _set(made, "in", FieldFilter(field=FilterField.Value(f"FILTER_FIELD_{name.upper()}"), values=values))
    return made


def published(since: datetime | None = None, until: datetime | None = None) -> Filter:
    """Keeps documents that were published from `since` on and before `until`."""
    made = Filter()
    made.published.SetInParent()
    _between(made.published, since, until)
    return made


def metadata(
    key: str,
    *values: MetadataValue,
    min: float | None = None,
    max: float | None = None,
    prefix: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    exists: bool | None = None,
) -> Filter:
    """Keeps documents by one key of their metadata: by values, a range of numbers, a prefix, a range
    of times, or whether the key exists."""
    one = MetadataFilter(key=key, values=[value(v) for v in values], min=min, max=max, prefix=prefix, exists=exists)
    _between(one, since, until)
    return Filter(metadata=one)


def _between(message: object, since: datetime | None, until: datetime | None) -> None:
    for name, t in (("from", since), ("until", until)):
        if (stamp := timestamp(t)) is not None:
            _set(message, name, stamp)


def _set(message: object, name: str, v: object) -> None:
    """Sets a field whose name is a word of Python."""
    getattr(message, name).CopyFrom(v)
