from dalil.v1 import conversation_pb2 as _conversation_pb2
from dalil.v1 import document_pb2 as _document_pb2
from dalil.v1 import evidence_pb2 as _evidence_pb2
from dalil.v1 import explain_pb2 as _explain_pb2
from dalil.v1 import filter_pb2 as _filter_pb2
from dalil.v1 import passage_pb2 as _passage_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContextOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTEXT_ORDER_UNSPECIFIED: _ClassVar[ContextOrder]
    CONTEXT_ORDER_RANK: _ClassVar[ContextOrder]
    CONTEXT_ORDER_DOCUMENT: _ClassVar[ContextOrder]
    CONTEXT_ORDER_EDGES: _ClassVar[ContextOrder]

class ContextFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTEXT_FORMAT_UNSPECIFIED: _ClassVar[ContextFormat]
    CONTEXT_FORMAT_BLOCKS: _ClassVar[ContextFormat]
    CONTEXT_FORMAT_MARKDOWN: _ClassVar[ContextFormat]
    CONTEXT_FORMAT_XML: _ClassVar[ContextFormat]
    CONTEXT_FORMAT_SEARCH_RESULTS: _ClassVar[ContextFormat]

class ContextFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTEXT_FLAG_UNSPECIFIED: _ClassVar[ContextFlag]
    CONTEXT_FLAG_HIDDEN_CHARACTERS: _ClassVar[ContextFlag]
    CONTEXT_FLAG_INSTRUCTION_LIKE: _ClassVar[ContextFlag]
    CONTEXT_FLAG_MIXED_DIRECTION: _ClassVar[ContextFlag]

class DropReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DROP_REASON_UNSPECIFIED: _ClassVar[DropReason]
    DROP_REASON_BUDGET: _ClassVar[DropReason]
    DROP_REASON_DUPLICATE: _ClassVar[DropReason]
    DROP_REASON_DOCUMENT_LIMIT: _ClassVar[DropReason]
    DROP_REASON_NO_EVIDENCE: _ClassVar[DropReason]
CONTEXT_ORDER_UNSPECIFIED: ContextOrder
CONTEXT_ORDER_RANK: ContextOrder
CONTEXT_ORDER_DOCUMENT: ContextOrder
CONTEXT_ORDER_EDGES: ContextOrder
CONTEXT_FORMAT_UNSPECIFIED: ContextFormat
CONTEXT_FORMAT_BLOCKS: ContextFormat
CONTEXT_FORMAT_MARKDOWN: ContextFormat
CONTEXT_FORMAT_XML: ContextFormat
CONTEXT_FORMAT_SEARCH_RESULTS: ContextFormat
CONTEXT_FLAG_UNSPECIFIED: ContextFlag
CONTEXT_FLAG_HIDDEN_CHARACTERS: ContextFlag
CONTEXT_FLAG_INSTRUCTION_LIKE: ContextFlag
CONTEXT_FLAG_MIXED_DIRECTION: ContextFlag
DROP_REASON_UNSPECIFIED: DropReason
DROP_REASON_BUDGET: DropReason
DROP_REASON_DUPLICATE: DropReason
DROP_REASON_DOCUMENT_LIMIT: DropReason
DROP_REASON_NO_EVIDENCE: DropReason

class BuildContextRequest(_message.Message):
    __slots__ = ("query", "history", "filter", "max_tokens", "max_passages_per_document", "order", "format", "neighbours", "min_evidence", "debug")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    MAX_PASSAGES_PER_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    NEIGHBOURS_FIELD_NUMBER: _ClassVar[int]
    MIN_EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    DEBUG_FIELD_NUMBER: _ClassVar[int]
    query: str
    history: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Turn]
    filter: _filter_pb2.Filter
    max_tokens: int
    max_passages_per_document: int
    order: ContextOrder
    format: ContextFormat
    neighbours: int
    min_evidence: _evidence_pb2.Evidence
    debug: bool
    def __init__(self, query: _Optional[str] = ..., history: _Optional[_Iterable[_Union[_conversation_pb2.Turn, _Mapping]]] = ..., filter: _Optional[_Union[_filter_pb2.Filter, _Mapping]] = ..., max_tokens: _Optional[int] = ..., max_passages_per_document: _Optional[int] = ..., order: _Optional[_Union[ContextOrder, str]] = ..., format: _Optional[_Union[ContextFormat, str]] = ..., neighbours: _Optional[int] = ..., min_evidence: _Optional[_Union[_evidence_pb2.Evidence, str]] = ..., debug: _Optional[bool] = ...) -> None: ...

class BuildContextResponse(_message.Message):
    __slots__ = ("blocks", "text", "tokens", "token_counter", "evidence", "dropped", "interpreted_query", "timings", "degraded_arms", "degraded_stages", "debug")
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNTER_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    INTERPRETED_QUERY_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_ARMS_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_STAGES_FIELD_NUMBER: _ClassVar[int]
    DEBUG_FIELD_NUMBER: _ClassVar[int]
    blocks: _containers.RepeatedCompositeFieldContainer[ContextBlock]
    text: str
    tokens: int
    token_counter: str
    evidence: _evidence_pb2.Evidence
    dropped: _containers.RepeatedCompositeFieldContainer[DroppedPassage]
    interpreted_query: str
    timings: _containers.RepeatedCompositeFieldContainer[_explain_pb2.StageTiming]
    degraded_arms: _containers.RepeatedScalarFieldContainer[_explain_pb2.Arm]
    degraded_stages: _containers.RepeatedScalarFieldContainer[_explain_pb2.Stage]
    debug: _explain_pb2.SearchDebug
    def __init__(self, blocks: _Optional[_Iterable[_Union[ContextBlock, _Mapping]]] = ..., text: _Optional[str] = ..., tokens: _Optional[int] = ..., token_counter: _Optional[str] = ..., evidence: _Optional[_Union[_evidence_pb2.Evidence, str]] = ..., dropped: _Optional[_Iterable[_Union[DroppedPassage, _Mapping]]] = ..., interpreted_query: _Optional[str] = ..., timings: _Optional[_Iterable[_Union[_explain_pb2.StageTiming, _Mapping]]] = ..., degraded_arms: _Optional[_Iterable[_Union[_explain_pb2.Arm, str]]] = ..., degraded_stages: _Optional[_Iterable[_Union[_explain_pb2.Stage, str]]] = ..., debug: _Optional[_Union[_explain_pb2.SearchDebug, _Mapping]] = ...) -> None: ...

class ContextBlock(_message.Message):
    __slots__ = ("citation", "document", "passage_ids", "span", "text", "tokens", "relevance", "highlights", "flags")
    CITATION_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    RELEVANCE_FIELD_NUMBER: _ClassVar[int]
    HIGHLIGHTS_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    citation: str
    document: _document_pb2.Document
    passage_ids: _containers.RepeatedScalarFieldContainer[str]
    span: _passage_pb2.Span
    text: str
    tokens: int
    relevance: float
    highlights: _containers.RepeatedCompositeFieldContainer[_passage_pb2.Highlight]
    flags: _containers.RepeatedScalarFieldContainer[ContextFlag]
    def __init__(self, citation: _Optional[str] = ..., document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., passage_ids: _Optional[_Iterable[str]] = ..., span: _Optional[_Union[_passage_pb2.Span, _Mapping]] = ..., text: _Optional[str] = ..., tokens: _Optional[int] = ..., relevance: _Optional[float] = ..., highlights: _Optional[_Iterable[_Union[_passage_pb2.Highlight, _Mapping]]] = ..., flags: _Optional[_Iterable[_Union[ContextFlag, str]]] = ...) -> None: ...

class DroppedPassage(_message.Message):
    __slots__ = ("passage_id", "reason")
    PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    passage_id: str
    reason: DropReason
    def __init__(self, passage_id: _Optional[str] = ..., reason: _Optional[_Union[DropReason, str]] = ...) -> None: ...
