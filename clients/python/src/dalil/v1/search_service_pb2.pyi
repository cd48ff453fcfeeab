from dalil.v1 import batch_pb2 as _batch_pb2
from dalil.v1 import context_pb2 as _context_pb2
from dalil.v1 import grounding_pb2 as _grounding_pb2
from dalil.v1 import search_pb2 as _search_pb2
from dalil.v1 import similar_pb2 as _similar_pb2
from dalil.v1 import why_pb2 as _why_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
