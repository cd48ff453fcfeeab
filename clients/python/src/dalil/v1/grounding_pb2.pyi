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

class MismatchKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MISMATCH_KIND_UNSPECIFIED: _ClassVar[MismatchKind]
    MISMATCH_KIND_NUMBER: _ClassVar[MismatchKind]
    MISMATCH_KIND_DATE: _ClassVar[MismatchKind]
    MISMATCH_KIND_NAME: _ClassVar[MismatchKind]
    MISMATCH_KIND_NEGATION: _ClassVar[MismatchKind]
MISMATCH_KIND_UNSPECIFIED: MismatchKind
MISMATCH_KIND_NUMBER: MismatchKind
MISMATCH_KIND_DATE: MismatchKind
MISMATCH_KIND_NAME: MismatchKind
MISMATCH_KIND_NEGATION: MismatchKind

class CheckGroundingRequest(_message.Message):
    __slots__ = ("answer", "passage_ids", "texts", "query", "filter")
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    answer: str
    passage_ids: _containers.RepeatedScalarFieldContainer[str]
    texts: _containers.RepeatedScalarFieldContainer[str]
    query: str
    filter: _filter_pb2.Filter
    def __init__(self, answer: _Optional[str] = ..., passage_ids: _Optional[_Iterable[str]] = ..., texts: _Optional[_Iterable[str]] = ..., query: _Optional[str] = ..., filter: _Optional[_Union[_filter_pb2.Filter, _Mapping]] = ...) -> None: ...

class CheckGroundingResponse(_message.Message):
    __slots__ = ("claims", "support", "missing_passage_ids")
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_FIELD_NUMBER: _ClassVar[int]
    MISSING_PASSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    claims: _containers.RepeatedCompositeFieldContainer[Claim]
    support: float
    missing_passage_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, claims: _Optional[_Iterable[_Union[Claim, _Mapping]]] = ..., support: _Optional[float] = ..., missing_passage_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("span", "text", "needs_support", "support", "citations", "cited_wrongly", "mismatches")
    SPAN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NEEDS_SUPPORT_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    CITED_WRONGLY_FIELD_NUMBER: _ClassVar[int]
    MISMATCHES_FIELD_NUMBER: _ClassVar[int]
    span: _passage_pb2.Span
    text: str
    needs_support: bool
    support: float
    citations: _containers.RepeatedCompositeFieldContainer[ClaimCitation]
    cited_wrongly: bool
    mismatches: _containers.RepeatedCompositeFieldContainer[Mismatch]
    def __init__(self, span: _Optional[_Union[_passage_pb2.Span, _Mapping]] = ..., text: _Optional[str] = ..., needs_support: _Optional[bool] = ..., support: _Optional[float] = ..., citations: _Optional[_Iterable[_Union[ClaimCitation, _Mapping]]] = ..., cited_wrongly: _Optional[bool] = ..., mismatches: _Optional[_Iterable[_Union[Mismatch, _Mapping]]] = ...) -> None: ...

class ClaimCitation(_message.Message):
    __slots__ = ("citation", "passage_id", "document_id", "span", "text", "support")
    CITATION_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_FIELD_NUMBER: _ClassVar[int]
    citation: str
    passage_id: str
    document_id: str
    span: _passage_pb2.Span
    text: str
    support: float
    def __init__(self, citation: _Optional[str] = ..., passage_id: _Optional[str] = ..., document_id: _Optional[str] = ..., span: _Optional[_Union[_passage_pb2.Span, _Mapping]] = ..., text: _Optional[str] = ..., support: _Optional[float] = ...) -> None: ...

class Mismatch(_message.Message):
    __slots__ = ("kind", "claim_span", "claim_text", "citation", "source_span", "source_text")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CLAIM_SPAN_FIELD_NUMBER: _ClassVar[int]
    CLAIM_TEXT_FIELD_NUMBER: _ClassVar[int]
    CITATION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SPAN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_TEXT_FIELD_NUMBER: _ClassVar[int]
    kind: MismatchKind
    claim_span: _passage_pb2.Span
    claim_text: str
    citation: str
    source_span: _passage_pb2.Span
    source_text: str
    def __init__(self, kind: _Optional[_Union[MismatchKind, str]] = ..., claim_span: _Optional[_Union[_passage_pb2.Span, _Mapping]] = ..., claim_text: _Optional[str] = ..., citation: _Optional[str] = ..., source_span: _Optional[_Union[_passage_pb2.Span, _Mapping]] = ..., source_text: _Optional[str] = ...) -> None: ...
