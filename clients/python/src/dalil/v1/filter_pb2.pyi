import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FilterField(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILTER_FIELD_UNSPECIFIED: _ClassVar[FilterField]
    FILTER_FIELD_LANGUAGE: _ClassVar[FilterField]
    FILTER_FIELD_SOURCE: _ClassVar[FilterField]
    FILTER_FIELD_AUTHOR: _ClassVar[FilterField]
    FILTER_FIELD_TAG: _ClassVar[FilterField]
    FILTER_FIELD_DOCUMENT_ID: _ClassVar[FilterField]
FILTER_FIELD_UNSPECIFIED: FilterField
FILTER_FIELD_LANGUAGE: FilterField
FILTER_FIELD_SOURCE: FilterField
FILTER_FIELD_AUTHOR: FilterField
FILTER_FIELD_TAG: FilterField
FILTER_FIELD_DOCUMENT_ID: FilterField

class Filter(_message.Message):
    __slots__ = ("all", "any", "published", "metadata")
    ALL_FIELD_NUMBER: _ClassVar[int]
    ANY_FIELD_NUMBER: _ClassVar[int]
    NOT_FIELD_NUMBER: _ClassVar[int]
    IN_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    all: FilterList
    any: FilterList
    published: PublishedFilter
    metadata: MetadataFilter
    def __init__(self, all: _Optional[_Union[FilterList, _Mapping]] = ..., any: _Optional[_Union[FilterList, _Mapping]] = ..., published: _Optional[_Union[PublishedFilter, _Mapping]] = ..., metadata: _Optional[_Union[MetadataFilter, _Mapping]] = ..., **kwargs) -> None: ...

class FilterList(_message.Message):
    __slots__ = ("filters",)
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    filters: _containers.RepeatedCompositeFieldContainer[Filter]
    def __init__(self, filters: _Optional[_Iterable[_Union[Filter, _Mapping]]] = ...) -> None: ...

class FieldFilter(_message.Message):
    __slots__ = ("field", "values")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    field: FilterField
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, field: _Optional[_Union[FilterField, str]] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...

class PublishedFilter(_message.Message):
    __slots__ = ("until",)
    FROM_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    until: _timestamp_pb2.Timestamp
    def __init__(self, until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., **kwargs) -> None: ...

class MetadataFilter(_message.Message):
    __slots__ = ("key", "values", "min", "max", "prefix", "until", "exists")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    EXISTS_FIELD_NUMBER: _ClassVar[int]
    key: str
    values: _containers.RepeatedCompositeFieldContainer[_struct_pb2.Value]
    min: float
    max: float
    prefix: str
    until: _timestamp_pb2.Timestamp
    exists: bool
    def __init__(self, key: _Optional[str] = ..., values: _Optional[_Iterable[_Union[_struct_pb2.Value, _Mapping]]] = ..., min: _Optional[float] = ..., max: _Optional[float] = ..., prefix: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., exists: _Optional[bool] = ..., **kwargs) -> None: ...
