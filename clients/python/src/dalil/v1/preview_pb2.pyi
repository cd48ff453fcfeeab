from dalil.v1 import document_pb2 as _document_pb2
from dalil.v1 import passage_pb2 as _passage_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PreviewDocumentRequest(_message.Message):
    __slots__ = ("document", "page_size", "page_token")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.DocumentInput
    page_size: int
    page_token: str
    def __init__(self, document: _Optional[_Union[_document_pb2.DocumentInput, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class PreviewDocumentResponse(_message.Message):
    __slots__ = ("document", "outcome", "passages", "next_page_token", "warnings")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.Document
    outcome: _document_pb2.Outcome
    passages: _containers.RepeatedCompositeFieldContainer[PreviewPassage]
    next_page_token: str
    warnings: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., outcome: _Optional[_Union[_document_pb2.Outcome, str]] = ..., passages: _Optional[_Iterable[_Union[PreviewPassage, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., warnings: _Optional[_Iterable[str]] = ...) -> None: ...

class PreviewPassage(_message.Message):
    __slots__ = ("passage_id", "ordinal", "span", "text", "heading_path", "embedded_text", "tokens", "words")
    PASSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HEADING_PATH_FIELD_NUMBER: _ClassVar[int]
    EMBEDDED_TEXT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    passage_id: str
    ordinal: int
    span: _passage_pb2.Span
    text: str
    heading_path: _containers.RepeatedScalarFieldContainer[str]
    embedded_text: str
    tokens: int
    words: _containers.RepeatedCompositeFieldContainer[PreviewWord]
    def __init__(self, passage_id: _Optional[str] = ..., ordinal: _Optional[int] = ..., span: _Optional[_Union[_passage_pb2.Span, _Mapping]] = ..., text: _Optional[str] = ..., heading_path: _Optional[_Iterable[str]] = ..., embedded_text: _Optional[str] = ..., tokens: _Optional[int] = ..., words: _Optional[_Iterable[_Union[PreviewWord, _Mapping]]] = ...) -> None: ...

class PreviewWord(_message.Message):
    __slots__ = ("word", "term", "span", "stop")
    WORD_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    word: str
    term: str
    span: _passage_pb2.Span
    stop: bool
    def __init__(self, word: _Optional[str] = ..., term: _Optional[str] = ..., span: _Optional[_Union[_passage_pb2.Span, _Mapping]] = ..., stop: _Optional[bool] = ...) -> None: ...
