from dalil.v1 import document_pb2 as _document_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class View(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VIEW_UNSPECIFIED: _ClassVar[View]
    VIEW_IDS: _ClassVar[View]
    VIEW_SNIPPET: _ClassVar[View]
    VIEW_FULL: _ClassVar[View]
VIEW_UNSPECIFIED: View
VIEW_IDS: View
VIEW_SNIPPET: View
VIEW_FULL: View

class Passage(_message.Message):
    __slots__ = ("passage_id", "rank", "text", "document", "ordinal", "span", "scores", "highlights", "before", "after", "heading_path", "rank_features", "relevance", "document_id", "best_sentence", "snippet", "duplicate_passage_ids")
    PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHTS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    HEADING_PATH_FIELD_NUMBER: _ClassVar[int]
    RANK_FEATURES_FIELD_NUMBER: _ClassVar[int]
    RELEVANCE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    BEST_SENTENCE_FIELD_NUMBER: _ClassVar[int]
    SNIPPET_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_PASSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    passage_id: str
    rank: int
    text: str
    document: _document_pb2.Document
    ordinal: int
    span: Span
    scores: Scores
    highlights: _containers.RepeatedCompositeFieldContainer[Highlight]
    before: _containers.RepeatedCompositeFieldContainer[Neighbour]
    after: _containers.RepeatedCompositeFieldContainer[Neighbour]
    heading_path: _containers.RepeatedScalarFieldContainer[str]
    rank_features: _containers.RepeatedCompositeFieldContainer[RankFeature]
    relevance: float
    document_id: str
    best_sentence: Span
    snippet: str
    duplicate_passage_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, passage_id: _Optional[str] = ..., rank: _Optional[int] = ..., text: _Optional[str] = ..., document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., ordinal: _Optional[int] = ..., span: _Optional[_Union[Span, _Mapping]] = ..., scores: _Optional[_Union[Scores, _Mapping]] = ..., highlights: _Optional[_Iterable[_Union[Highlight, _Mapping]]] = ..., before: _Optional[_Iterable[_Union[Neighbour, _Mapping]]] = ..., after: _Optional[_Iterable[_Union[Neighbour, _Mapping]]] = ..., heading_path: _Optional[_Iterable[str]] = ..., rank_features: _Optional[_Iterable[_Union[RankFeature, _Mapping]]] = ..., relevance: _Optional[float] = ..., document_id: _Optional[str] = ..., best_sentence: _Optional[_Union[Span, _Mapping]] = ..., snippet: _Optional[str] = ..., duplicate_passage_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RankFeature(_message.Message):
    __slots__ = ("name", "value", "moved")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    moved: float
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., moved: _Optional[float] = ...) -> None: ...

class Neighbour(_message.Message):
    __slots__ = ("passage_id", "ordinal", "span", "text")
    PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    passage_id: str
    ordinal: int
    span: Span
    text: str
    def __init__(self, passage_id: _Optional[str] = ..., ordinal: _Optional[int] = ..., span: _Optional[_Union[Span, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("start", "end")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ...) -> None: ...

class Scores(_message.Message):
    __slots__ = ("dense", "lexical", "coverage", "rerank", "fused", "dense_rank", "lexical_rank")
    DENSE_FIELD_NUMBER: _ClassVar[int]
    LEXICAL_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    RERANK_FIELD_NUMBER: _ClassVar[int]
    FUSED_FIELD_NUMBER: _ClassVar[int]
    DENSE_RANK_FIELD_NUMBER: _ClassVar[int]
    LEXICAL_RANK_FIELD_NUMBER: _ClassVar[int]
    dense: float
    lexical: float
    coverage: float
    rerank: float
    fused: float
    dense_rank: int
    lexical_rank: int
    def __init__(self, dense: _Optional[float] = ..., lexical: _Optional[float] = ..., coverage: _Optional[float] = ..., rerank: _Optional[float] = ..., fused: _Optional[float] = ..., dense_rank: _Optional[int] = ..., lexical_rank: _Optional[int] = ...) -> None: ...

class Highlight(_message.Message):
    __slots__ = ("start", "end", "utf16_start", "utf16_end")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    UTF16_START_FIELD_NUMBER: _ClassVar[int]
    UTF16_END_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    utf16_start: int
    utf16_end: int
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., utf16_start: _Optional[int] = ..., utf16_end: _Optional[int] = ...) -> None: ...
