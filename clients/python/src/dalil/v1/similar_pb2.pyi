from dalil.v1 import explain_pb2 as _explain_pb2
from dalil.v1 import filter_pb2 as _filter_pb2
from dalil.v1 import passage_pb2 as _passage_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FindSimilarRequest(_message.Message):
    __slots__ = ("document_id", "passage_id", "text", "page_size", "page_token", "filter", "min_dense_similarity", "passages_per_document", "view")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    MIN_DENSE_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_PER_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    document_id: str
    passage_id: str
    text: str
    page_size: int
    page_token: str
    filter: _filter_pb2.Filter
    min_dense_similarity: float
    passages_per_document: int
    view: _passage_pb2.View
    def __init__(self, document_id: _Optional[str] = ..., passage_id: _Optional[str] = ..., text: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[_Union[_filter_pb2.Filter, _Mapping]] = ..., min_dense_similarity: _Optional[float] = ..., passages_per_document: _Optional[int] = ..., view: _Optional[_Union[_passage_pb2.View, str]] = ...) -> None: ...

class FindSimilarResponse(_message.Message):
    __slots__ = ("passages", "next_page_token", "candidates", "degraded_arms", "timings")
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_ARMS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    passages: _containers.RepeatedCompositeFieldContainer[_passage_pb2.Passage]
    next_page_token: str
    candidates: int
    degraded_arms: _containers.RepeatedScalarFieldContainer[_explain_pb2.Arm]
    timings: _containers.RepeatedCompositeFieldContainer[_explain_pb2.StageTiming]
    def __init__(self, passages: _Optional[_Iterable[_Union[_passage_pb2.Passage, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., candidates: _Optional[int] = ..., degraded_arms: _Optional[_Iterable[_Union[_explain_pb2.Arm, str]]] = ..., timings: _Optional[_Iterable[_Union[_explain_pb2.StageTiming, _Mapping]]] = ...) -> None: ...
