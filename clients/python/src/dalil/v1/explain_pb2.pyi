import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Arm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ARM_UNSPECIFIED: _ClassVar[Arm]
    ARM_DENSE: _ClassVar[Arm]
    ARM_LEXICAL: _ClassVar[Arm]

class Stage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STAGE_UNSPECIFIED: _ClassVar[Stage]
    STAGE_EXPAND: _ClassVar[Stage]
    STAGE_EMBED: _ClassVar[Stage]
    STAGE_STORE: _ClassVar[Stage]
    STAGE_FUSE: _ClassVar[Stage]
    STAGE_RERANK: _ClassVar[Stage]
    STAGE_HYDRATE: _ClassVar[Stage]
    STAGE_CONTEXT: _ClassVar[Stage]
    STAGE_ARRANGE: _ClassVar[Stage]
    STAGE_CONVERSATION: _ClassVar[Stage]
ARM_UNSPECIFIED: Arm
ARM_DENSE: Arm
ARM_LEXICAL: Arm
STAGE_UNSPECIFIED: Stage
STAGE_EXPAND: Stage
STAGE_EMBED: Stage
STAGE_STORE: Stage
STAGE_FUSE: Stage
STAGE_RERANK: Stage
STAGE_HYDRATE: Stage
STAGE_CONTEXT: Stage
STAGE_ARRANGE: Stage
STAGE_CONVERSATION: Stage

class StageTiming(_message.Message):
    __slots__ = ("stage", "duration")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    stage: Stage
    duration: _duration_pb2.Duration
    def __init__(self, stage: _Optional[_Union[Stage, str]] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class SearchDebug(_message.Message):
    __slots__ = ("explanations", "phrases", "excluded", "phrases_incomplete")
    EXPLANATIONS_FIELD_NUMBER: _ClassVar[int]
    PHRASES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDED_FIELD_NUMBER: _ClassVar[int]
    PHRASES_INCOMPLETE_FIELD_NUMBER: _ClassVar[int]
    explanations: _containers.RepeatedCompositeFieldContainer[Explanation]
    phrases: _containers.RepeatedScalarFieldContainer[str]
    excluded: _containers.RepeatedScalarFieldContainer[str]
    phrases_incomplete: bool
    def __init__(self, explanations: _Optional[_Iterable[_Union[Explanation, _Mapping]]] = ..., phrases: _Optional[_Iterable[str]] = ..., excluded: _Optional[_Iterable[str]] = ..., phrases_incomplete: _Optional[bool] = ...) -> None: ...

class Explanation(_message.Message):
    __slots__ = ("word", "term", "held", "weight", "translations")
    WORD_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    TRANSLATIONS_FIELD_NUMBER: _ClassVar[int]
    word: str
    term: str
    held: bool
    weight: float
    translations: _containers.RepeatedCompositeFieldContainer[Translation]
    def __init__(self, word: _Optional[str] = ..., term: _Optional[str] = ..., held: _Optional[bool] = ..., weight: _Optional[float] = ..., translations: _Optional[_Iterable[_Union[Translation, _Mapping]]] = ...) -> None: ...

class Translation(_message.Message):
    __slots__ = ("term", "weight", "sound")
    TERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    SOUND_FIELD_NUMBER: _ClassVar[int]
    term: str
    weight: float
    sound: bool
    def __init__(self, term: _Optional[str] = ..., weight: _Optional[float] = ..., sound: _Optional[bool] = ...) -> None: ...
