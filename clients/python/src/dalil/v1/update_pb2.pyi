from dalil.v1 import document_pb2 as _document_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UpdateDocumentRequest(_message.Message):
    __slots__ = ("document", "update_mask", "if_match")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    IF_MATCH_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.DocumentInput
    update_mask: _field_mask_pb2.FieldMask
    if_match: str
    def __init__(self, document: _Optional[_Union[_document_pb2.DocumentInput, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., if_match: _Optional[str] = ...) -> None: ...

class UpdateDocumentResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _document_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_document_pb2.Receipt, _Mapping]] = ...) -> None: ...
