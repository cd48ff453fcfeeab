import datetime

from dalil.v1 import arrange_pb2 as _arrange_pb2
from dalil.v1 import conversation_pb2 as _conversation_pb2
from dalil.v1 import evidence_pb2 as _evidence_pb2
from dalil.v1 import explain_pb2 as _explain_pb2
from dalil.v1 import facet_pb2 as _facet_pb2
from dalil.v1 import filter_pb2 as _filter_pb2
from dalil.v1 import passage_pb2 as _passage_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FusionMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUSION_METHOD_UNSPECIFIED: _ClassVar[FusionMethod]
    FUSION_METHOD_MIX: _ClassVar[FusionMethod]
    FUSION_METHOD_RRF: _ClassVar[FusionMethod]
FUSION_METHOD_UNSPECIFIED: FusionMethod
FUSION_METHOD_MIX: FusionMethod
FUSION_METHOD_RRF: FusionMethod

class Fusion(_message.Message):
    __slots__ = ("method", "dense_weight", "lexical_weight", "k")
    METHOD_FIELD_NUMBER: _ClassVar[int]
    DENSE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    LEXICAL_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    method: FusionMethod
    dense_weight: float
    lexical_weight: float
    k: int
    def __init__(self, method: _Optional[_Union[FusionMethod, str]] = ..., dense_weight: _Optional[float] = ..., lexical_weight: _Optional[float] = ..., k: _Optional[int] = ...) -> None: ...

class SearchRequest(_message.Message):
    __slots__ = ("query", "page_size", "page_token", "filter", "arms", "fusion", "min_dense_similarity", "min_lexical_coverage", "neighbours", "rerank", "exact", "effort", "debug", "prefer_query_language", "view", "history", "diversity", "recency", "group_by", "collapse_duplicates", "order_by", "facets", "query_syntax", "interpret_time", "reference_time", "min_index_token")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ARMS_FIELD_NUMBER: _ClassVar[int]
    FUSION_FIELD_NUMBER: _ClassVar[int]
    MIN_DENSE_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    MIN_LEXICAL_COVERAGE_FIELD_NUMBER: _ClassVar[int]
    NEIGHBOURS_FIELD_NUMBER: _ClassVar[int]
    RERANK_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    EFFORT_FIELD_NUMBER: _ClassVar[int]
    DEBUG_FIELD_NUMBER: _ClassVar[int]
    PREFER_QUERY_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    RECENCY_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    COLLAPSE_DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    FACETS_FIELD_NUMBER: _ClassVar[int]
    QUERY_SYNTAX_FIELD_NUMBER: _ClassVar[int]
    INTERPRET_TIME_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_TIME_FIELD_NUMBER: _ClassVar[int]
    MIN_INDEX_TOKEN_FIELD_NUMBER: _ClassVar[int]
    query: str
    page_size: int
    page_token: str
    filter: _filter_pb2.Filter
    arms: _containers.RepeatedScalarFieldContainer[_explain_pb2.Arm]
    fusion: Fusion
    min_dense_similarity: float
    min_lexical_coverage: float
    neighbours: int
    rerank: bool
    exact: bool
    effort: int
    debug: bool
    prefer_query_language: bool
    view: _passage_pb2.View
    history: _containers.RepeatedCompositeFieldContainer[_conversation_pb2.Turn]
    diversity: float
    recency: _arrange_pb2.Recency
    group_by: _arrange_pb2.Grouping
    collapse_duplicates: bool
    order_by: _arrange_pb2.OrderBy
    facets: _containers.RepeatedCompositeFieldContainer[_facet_pb2.FacetRequest]
    query_syntax: bool
    interpret_time: bool
    reference_time: _timestamp_pb2.Timestamp
    min_index_token: str
    def __init__(self, query: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[_Union[_filter_pb2.Filter, _Mapping]] = ..., arms: _Optional[_Iterable[_Union[_explain_pb2.Arm, str]]] = ..., fusion: _Optional[_Union[Fusion, _Mapping]] = ..., min_dense_similarity: _Optional[float] = ..., min_lexical_coverage: _Optional[float] = ..., neighbours: _Optional[int] = ..., rerank: _Optional[bool] = ..., exact: _Optional[bool] = ..., effort: _Optional[int] = ..., debug: _Optional[bool] = ..., prefer_query_language: _Optional[bool] = ..., view: _Optional[_Union[_passage_pb2.View, str]] = ..., history: _Optional[_Iterable[_Union[_conversation_pb2.Turn, _Mapping]]] = ..., diversity: _Optional[float] = ..., recency: _Optional[_Union[_arrange_pb2.Recency, _Mapping]] = ..., group_by: _Optional[_Union[_arrange_pb2.Grouping, _Mapping]] = ..., collapse_duplicates: _Optional[bool] = ..., order_by: _Optional[_Union[_arrange_pb2.OrderBy, str]] = ..., facets: _Optional[_Iterable[_Union[_facet_pb2.FacetRequest, _Mapping]]] = ..., query_syntax: _Optional[bool] = ..., interpret_time: _Optional[bool] = ..., reference_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., min_index_token: _Optional[str] = ...) -> None: ...

class SearchResponse(_message.Message):
    __slots__ = ("passages", "next_page_token", "candidates", "degraded_arms", "timings", "top_dense_similarity", "debug", "degraded_stages", "evidence", "interpreted_query", "groups", "facets", "interpreted_time", "index_token")
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_ARMS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    TOP_DENSE_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    DEBUG_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_STAGES_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    INTERPRETED_QUERY_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    FACETS_FIELD_NUMBER: _ClassVar[int]
    INTERPRETED_TIME_FIELD_NUMBER: _ClassVar[int]
    INDEX_TOKEN_FIELD_NUMBER: _ClassVar[int]
    passages: _containers.RepeatedCompositeFieldContainer[_passage_pb2.Passage]
    next_page_token: str
    candidates: int
    degraded_arms: _containers.RepeatedScalarFieldContainer[_explain_pb2.Arm]
    timings: _containers.RepeatedCompositeFieldContainer[_explain_pb2.StageTiming]
    top_dense_similarity: float
    debug: _explain_pb2.SearchDebug
    degraded_stages: _containers.RepeatedScalarFieldContainer[_explain_pb2.Stage]
    evidence: _evidence_pb2.Evidence
    interpreted_query: str
    groups: _containers.RepeatedCompositeFieldContainer[_arrange_pb2.Group]
    facets: _containers.RepeatedCompositeFieldContainer[_facet_pb2.Facet]
    interpreted_time: TimeRange
    index_token: str
    def __init__(self, passages: _Optional[_Iterable[_Union[_passage_pb2.Passage, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., candidates: _Optional[int] = ..., degraded_arms: _Optional[_Iterable[_Union[_explain_pb2.Arm, str]]] = ..., timings: _Optional[_Iterable[_Union[_explain_pb2.StageTiming, _Mapping]]] = ..., top_dense_similarity: _Optional[float] = ..., debug: _Optional[_Union[_explain_pb2.SearchDebug, _Mapping]] = ..., degraded_stages: _Optional[_Iterable[_Union[_explain_pb2.Stage, str]]] = ..., evidence: _Optional[_Union[_evidence_pb2.Evidence, str]] = ..., interpreted_query: _Optional[str] = ..., groups: _Optional[_Iterable[_Union[_arrange_pb2.Group, _Mapping]]] = ..., facets: _Optional[_Iterable[_Union[_facet_pb2.Facet, _Mapping]]] = ..., interpreted_time: _Optional[_Union[TimeRange, _Mapping]] = ..., index_token: _Optional[str] = ...) -> None: ...

class TimeRange(_message.Message):
    __slots__ = ("until",)
    FROM_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    until: _timestamp_pb2.Timestamp
    def __init__(self, until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., **kwargs) -> None: ...

class GetPassagesRequest(_message.Message):
    __slots__ = ("passage_ids", "neighbours", "page_token", "view")
    PASSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    NEIGHBOURS_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    passage_ids: _containers.RepeatedScalarFieldContainer[str]
    neighbours: int
    page_token: str
    view: _passage_pb2.View
    def __init__(self, passage_ids: _Optional[_Iterable[str]] = ..., neighbours: _Optional[int] = ..., page_token: _Optional[str] = ..., view: _Optional[_Union[_passage_pb2.View, str]] = ...) -> None: ...

class GetPassagesResponse(_message.Message):
    __slots__ = ("passages", "missing_passage_ids", "next_page_token")
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    MISSING_PASSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    passages: _containers.RepeatedCompositeFieldContainer[_passage_pb2.Passage]
    missing_passage_ids: _containers.RepeatedScalarFieldContainer[str]
    next_page_token: str
    def __init__(self, passages: _Optional[_Iterable[_Union[_passage_pb2.Passage, _Mapping]]] = ..., missing_passage_ids: _Optional[_Iterable[str]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
