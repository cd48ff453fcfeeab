from dalil.v1 import explain_pb2 as _explain_pb2
from dalil.v1 import passage_pb2 as _passage_pb2
from dalil.v1 import search_pb2 as _search_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExplainCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXPLAIN_CAUSE_UNSPECIFIED: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_RANKED: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_NOT_INDEXED: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_EXPIRED: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_NOT_VISIBLE: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_NO_PASSAGES: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_FILTER: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_THRESHOLD: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_DEPTH: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_NO_WORDS: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_EXCLUDED: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_DUPLICATE: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_DOCUMENT_LIMIT: _ClassVar[ExplainCause]
    EXPLAIN_CAUSE_OLD_REVISION: _ClassVar[ExplainCause]

class ArmCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ARM_CAUSE_UNSPECIFIED: _ClassVar[ArmCause]
    ARM_CAUSE_FOUND: _ClassVar[ArmCause]
    ARM_CAUSE_DEPTH: _ClassVar[ArmCause]
    ARM_CAUSE_THRESHOLD: _ClassVar[ArmCause]
    ARM_CAUSE_NO_MATCH: _ClassVar[ArmCause]
    ARM_CAUSE_NOT_USED: _ClassVar[ArmCause]
    ARM_CAUSE_FAILED: _ClassVar[ArmCause]
    ARM_CAUSE_EXCLUDED: _ClassVar[ArmCause]
EXPLAIN_CAUSE_UNSPECIFIED: ExplainCause
EXPLAIN_CAUSE_RANKED: ExplainCause
EXPLAIN_CAUSE_NOT_INDEXED: ExplainCause
EXPLAIN_CAUSE_EXPIRED: ExplainCause
EXPLAIN_CAUSE_NOT_VISIBLE: ExplainCause
EXPLAIN_CAUSE_NO_PASSAGES: ExplainCause
EXPLAIN_CAUSE_FILTER: ExplainCause
EXPLAIN_CAUSE_THRESHOLD: ExplainCause
EXPLAIN_CAUSE_DEPTH: ExplainCause
EXPLAIN_CAUSE_NO_WORDS: ExplainCause
EXPLAIN_CAUSE_EXCLUDED: ExplainCause
EXPLAIN_CAUSE_DUPLICATE: ExplainCause
EXPLAIN_CAUSE_DOCUMENT_LIMIT: ExplainCause
EXPLAIN_CAUSE_OLD_REVISION: ExplainCause
ARM_CAUSE_UNSPECIFIED: ArmCause
ARM_CAUSE_FOUND: ArmCause
ARM_CAUSE_DEPTH: ArmCause
ARM_CAUSE_THRESHOLD: ArmCause
ARM_CAUSE_NO_MATCH: ArmCause
ARM_CAUSE_NOT_USED: ArmCause
ARM_CAUSE_FAILED: ArmCause
ARM_CAUSE_EXCLUDED: ArmCause

class ExplainDocumentRequest(_message.Message):
    __slots__ = ("search", "document_id")
    SEARCH_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    search: _search_pb2.SearchRequest
    document_id: str
    def __init__(self, search: _Optional[_Union[_search_pb2.SearchRequest, _Mapping]] = ..., document_id: _Optional[str] = ...) -> None: ...

class ExplainDocumentResponse(_message.Message):
    __slots__ = ("cause", "explanation", "rank", "candidates", "depth", "passage", "arms", "words", "filter_clause", "duplicate_of_passage_id", "passages", "missing_phrases", "excluded_words")
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_FIELD_NUMBER: _ClassVar[int]
    ARMS_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    FILTER_CLAUSE_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_OF_PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    MISSING_PHRASES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_WORDS_FIELD_NUMBER: _ClassVar[int]
    cause: ExplainCause
    explanation: str
    rank: int
    candidates: int
    depth: int
    passage: _passage_pb2.Passage
    arms: _containers.RepeatedCompositeFieldContainer[ExplainedArm]
    words: _containers.RepeatedCompositeFieldContainer[ExplainedWord]
    filter_clause: str
    duplicate_of_passage_id: str
    passages: _containers.RepeatedCompositeFieldContainer[ExplainedPassage]
    missing_phrases: _containers.RepeatedScalarFieldContainer[str]
    excluded_words: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cause: _Optional[_Union[ExplainCause, str]] = ..., explanation: _Optional[str] = ..., rank: _Optional[int] = ..., candidates: _Optional[int] = ..., depth: _Optional[int] = ..., passage: _Optional[_Union[_passage_pb2.Passage, _Mapping]] = ..., arms: _Optional[_Iterable[_Union[ExplainedArm, _Mapping]]] = ..., words: _Optional[_Iterable[_Union[ExplainedWord, _Mapping]]] = ..., filter_clause: _Optional[str] = ..., duplicate_of_passage_id: _Optional[str] = ..., passages: _Optional[_Iterable[_Union[ExplainedPassage, _Mapping]]] = ..., missing_phrases: _Optional[_Iterable[str]] = ..., excluded_words: _Optional[_Iterable[str]] = ...) -> None: ...

class ExplainedPassage(_message.Message):
    __slots__ = ("passage_id", "cause", "rank")
    PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    passage_id: str
    cause: ExplainCause
    rank: int
    def __init__(self, passage_id: _Optional[str] = ..., cause: _Optional[_Union[ExplainCause, str]] = ..., rank: _Optional[int] = ...) -> None: ...

class ExplainedArm(_message.Message):
    __slots__ = ("arm", "cause", "score", "coverage", "rank", "searched", "last_score", "threshold")
    ARM_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    SEARCHED_FIELD_NUMBER: _ClassVar[int]
    LAST_SCORE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    arm: _explain_pb2.Arm
    cause: ArmCause
    score: float
    coverage: float
    rank: int
    searched: int
    last_score: float
    threshold: float
    def __init__(self, arm: _Optional[_Union[_explain_pb2.Arm, str]] = ..., cause: _Optional[_Union[ArmCause, str]] = ..., score: _Optional[float] = ..., coverage: _Optional[float] = ..., rank: _Optional[int] = ..., searched: _Optional[int] = ..., last_score: _Optional[float] = ..., threshold: _Optional[float] = ...) -> None: ...

class ExplainedWord(_message.Message):
    __slots__ = ("word", "ignored", "in_index", "in_document")
    WORD_FIELD_NUMBER: _ClassVar[int]
    IGNORED_FIELD_NUMBER: _ClassVar[int]
    IN_INDEX_FIELD_NUMBER: _ClassVar[int]
    IN_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    word: str
    ignored: bool
    in_index: bool
    in_document: bool
    def __init__(self, word: _Optional[str] = ..., ignored: _Optional[bool] = ..., in_index: _Optional[bool] = ..., in_document: _Optional[bool] = ...) -> None: ...
