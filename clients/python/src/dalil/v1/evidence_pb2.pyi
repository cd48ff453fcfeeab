from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Evidence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVIDENCE_UNSPECIFIED: _ClassVar[Evidence]
    EVIDENCE_SUFFICIENT: _ClassVar[Evidence]
    EVIDENCE_WEAK: _ClassVar[Evidence]
    EVIDENCE_NONE: _ClassVar[Evidence]
    EVIDENCE_UNKNOWN: _ClassVar[Evidence]
EVIDENCE_UNSPECIFIED: Evidence
EVIDENCE_SUFFICIENT: Evidence
EVIDENCE_WEAK: Evidence
EVIDENCE_NONE: Evidence
EVIDENCE_UNKNOWN: Evidence
