from dalil.v1 import admin_pb2 as _admin_pb2
from dalil.v1 import document_pb2 as _document_pb2
from dalil.v1 import facet_pb2 as _facet_pb2
from dalil.v1 import failure_pb2 as _failure_pb2
from dalil.v1 import filter_pb2 as _filter_pb2
from dalil.v1 import passage_pb2 as _passage_pb2
from dalil.v1 import preview_pb2 as _preview_pb2
from dalil.v1 import update_pb2 as _update_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DocumentOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_ORDER_UNSPECIFIED: _ClassVar[DocumentOrder]
    DOCUMENT_ORDER_ID: _ClassVar[DocumentOrder]
    DOCUMENT_ORDER_PUBLISHED: _ClassVar[DocumentOrder]
    DOCUMENT_ORDER_UPDATED: _ClassVar[DocumentOrder]
DOCUMENT_ORDER_UNSPECIFIED: DocumentOrder
DOCUMENT_ORDER_ID: DocumentOrder
DOCUMENT_ORDER_PUBLISHED: DocumentOrder
DOCUMENT_ORDER_UPDATED: DocumentOrder

class IngestDocumentsRequest(_message.Message):
    __slots__ = ("sequence", "document", "if_match", "if_none_match")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    IF_MATCH_FIELD_NUMBER: _ClassVar[int]
    IF_NONE_MATCH_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    document: _document_pb2.DocumentInput
    if_match: str
    if_none_match: str
    def __init__(self, sequence: _Optional[int] = ..., document: _Optional[_Union[_document_pb2.DocumentInput, _Mapping]] = ..., if_match: _Optional[str] = ..., if_none_match: _Optional[str] = ...) -> None: ...

class IngestDocumentsResponse(_message.Message):
    __slots__ = ("sequence", "receipt")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    receipt: _document_pb2.Receipt
    def __init__(self, sequence: _Optional[int] = ..., receipt: _Optional[_Union[_document_pb2.Receipt, _Mapping]] = ...) -> None: ...

class UpsertDocumentRequest(_message.Message):
    __slots__ = ("document", "if_match", "if_none_match")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    IF_MATCH_FIELD_NUMBER: _ClassVar[int]
    IF_NONE_MATCH_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.DocumentInput
    if_match: str
    if_none_match: str
    def __init__(self, document: _Optional[_Union[_document_pb2.DocumentInput, _Mapping]] = ..., if_match: _Optional[str] = ..., if_none_match: _Optional[str] = ...) -> None: ...

class UpsertDocumentResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _document_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_document_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GetDocumentRequest(_message.Message):
    __slots__ = ("document_id", "include_text", "text_page_token", "include_passages", "passage_page_token")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TEXT_FIELD_NUMBER: _ClassVar[int]
    TEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_PASSAGES_FIELD_NUMBER: _ClassVar[int]
    PASSAGE_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    document_id: str
    include_text: bool
    text_page_token: str
    include_passages: bool
    passage_page_token: str
    def __init__(self, document_id: _Optional[str] = ..., include_text: _Optional[bool] = ..., text_page_token: _Optional[str] = ..., include_passages: _Optional[bool] = ..., passage_page_token: _Optional[str] = ...) -> None: ...

class GetDocumentResponse(_message.Message):
    __slots__ = ("document", "next_text_page_token", "text_start", "text_bytes", "passages", "next_passage_page_token")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    NEXT_TEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TEXT_START_FIELD_NUMBER: _ClassVar[int]
    TEXT_BYTES_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PASSAGE_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.Document
    next_text_page_token: str
    text_start: int
    text_bytes: int
    passages: _containers.RepeatedCompositeFieldContainer[_passage_pb2.Passage]
    next_passage_page_token: str
    def __init__(self, document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., next_text_page_token: _Optional[str] = ..., text_start: _Optional[int] = ..., text_bytes: _Optional[int] = ..., passages: _Optional[_Iterable[_Union[_passage_pb2.Passage, _Mapping]]] = ..., next_passage_page_token: _Optional[str] = ...) -> None: ...

class ListDocumentsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order", "descending", "include_total_size")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    DESCENDING_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: _filter_pb2.Filter
    order: DocumentOrder
    descending: bool
    include_total_size: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[_Union[_filter_pb2.Filter, _Mapping]] = ..., order: _Optional[_Union[DocumentOrder, str]] = ..., descending: _Optional[bool] = ..., include_total_size: _Optional[bool] = ...) -> None: ...

class ListDocumentsResponse(_message.Message):
    __slots__ = ("documents", "next_page_token", "total_size")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[_document_pb2.Document]
    next_page_token: str
    total_size: int
    def __init__(self, documents: _Optional[_Iterable[_Union[_document_pb2.Document, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class DeleteDocumentRequest(_message.Message):
    __slots__ = ("document_id", "if_match", "source_version")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    IF_MATCH_FIELD_NUMBER: _ClassVar[int]
    SOURCE_VERSION_FIELD_NUMBER: _ClassVar[int]
    document_id: str
    if_match: str
    source_version: int
    def __init__(self, document_id: _Optional[str] = ..., if_match: _Optional[str] = ..., source_version: _Optional[int] = ...) -> None: ...

class DeleteDocumentResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _document_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_document_pb2.Receipt, _Mapping]] = ...) -> None: ...

class UpsertDocumentsRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[UpsertDocumentRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[UpsertDocumentRequest, _Mapping]]] = ...) -> None: ...

class UpsertDocumentsResponse(_message.Message):
    __slots__ = ("receipts",)
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    receipts: _containers.RepeatedCompositeFieldContainer[_document_pb2.Receipt]
    def __init__(self, receipts: _Optional[_Iterable[_Union[_document_pb2.Receipt, _Mapping]]] = ...) -> None: ...

class DeleteDocumentsRequest(_message.Message):
    __slots__ = ("filter", "all", "validate_only")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ALL_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    filter: _filter_pb2.Filter
    all: bool
    validate_only: bool
    def __init__(self, filter: _Optional[_Union[_filter_pb2.Filter, _Mapping]] = ..., all: _Optional[bool] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class DeleteDocumentsResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _admin_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_admin_pb2.Operation, _Mapping]] = ...) -> None: ...

class ListFacetsRequest(_message.Message):
    __slots__ = ("facets", "filter")
    FACETS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    facets: _containers.RepeatedCompositeFieldContainer[_facet_pb2.FacetRequest]
    filter: _filter_pb2.Filter
    def __init__(self, facets: _Optional[_Iterable[_Union[_facet_pb2.FacetRequest, _Mapping]]] = ..., filter: _Optional[_Union[_filter_pb2.Filter, _Mapping]] = ...) -> None: ...

class ListFacetsResponse(_message.Message):
    __slots__ = ("facets", "total_size")
    FACETS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    facets: _containers.RepeatedCompositeFieldContainer[_facet_pb2.Facet]
    total_size: int
    def __init__(self, facets: _Optional[_Iterable[_Union[_facet_pb2.Facet, _Mapping]]] = ..., total_size: _Optional[int] = ...) -> None: ...
