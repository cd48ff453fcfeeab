import datetime

from dalil.v1 import document_pb2 as _document_pb2
from dalil.v1 import passage_pb2 as _passage_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrderBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORDER_BY_UNSPECIFIED: _ClassVar[OrderBy]
    ORDER_BY_RELEVANCE: _ClassVar[OrderBy]
    ORDER_BY_NEWEST: _ClassVar[OrderBy]
    ORDER_BY_OLDEST: _ClassVar[OrderBy]
ORDER_BY_UNSPECIFIED: OrderBy
ORDER_BY_RELEVANCE: OrderBy
ORDER_BY_NEWEST: OrderBy
ORDER_BY_OLDEST: OrderBy

class Recency(_message.Message):
    __slots__ = ("half_life", "weight")
    HALF_LIFE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    half_life: _duration_pb2.Duration
    weight: float
    def __init__(self, half_life: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., weight: _Optional[float] = ...) -> None: ...

class Grouping(_message.Message):
    __slots__ = ("passages_per_document",)
    PASSAGES_PER_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    passages_per_document: int
    def __init__(self, passages_per_document: _Optional[int] = ...) -> None: ...

class Group(_message.Message):
    __slots__ = ("document_id", "document", "passages")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    document_id: str
    document: _document_pb2.Document
    passages: _containers.RepeatedCompositeFieldContainer[_passage_pb2.Passage]
    def __init__(self, document_id: _Optional[str] = ..., document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., passages: _Optional[_Iterable[_Union[_passage_pb2.Passage, _Mapping]]] = ...) -> None: ...
