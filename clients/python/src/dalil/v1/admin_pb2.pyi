import datetime

from dalil.v1 import error_pb2 as _error_pb2
from dalil.v1 import explain_pb2 as _explain_pb2
from dalil.v1 import tenant_pb2 as _tenant_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OperationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OPERATION_KIND_UNSPECIFIED: _ClassVar[OperationKind]
    OPERATION_KIND_REBUILD: _ClassVar[OperationKind]
    OPERATION_KIND_COMPARE: _ClassVar[OperationKind]
    OPERATION_KIND_ACTIVATE: _ClassVar[OperationKind]
    OPERATION_KIND_DELETE: _ClassVar[OperationKind]
    OPERATION_KIND_DELETE_TENANT: _ClassVar[OperationKind]

class OperationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OPERATION_STATE_UNSPECIFIED: _ClassVar[OperationState]
    OPERATION_STATE_RUNNING: _ClassVar[OperationState]
    OPERATION_STATE_SUCCEEDED: _ClassVar[OperationState]
    OPERATION_STATE_FAILED: _ClassVar[OperationState]
    OPERATION_STATE_CANCELLED: _ClassVar[OperationState]
OPERATION_KIND_UNSPECIFIED: OperationKind
OPERATION_KIND_REBUILD: OperationKind
OPERATION_KIND_COMPARE: OperationKind
OPERATION_KIND_ACTIVATE: OperationKind
OPERATION_KIND_DELETE: OperationKind
OPERATION_KIND_DELETE_TENANT: OperationKind
OPERATION_STATE_UNSPECIFIED: OperationState
OPERATION_STATE_RUNNING: OperationState
OPERATION_STATE_SUCCEEDED: OperationState
OPERATION_STATE_FAILED: OperationState
OPERATION_STATE_CANCELLED: OperationState

class GetInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetInfoResponse(_message.Message):
    __slots__ = ("build", "model", "pipeline", "analyzer", "chunker", "store", "collection", "arms", "limits", "started_at", "approximate_index")
    BUILD_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_FIELD_NUMBER: _ClassVar[int]
    ANALYZER_FIELD_NUMBER: _ClassVar[int]
    CHUNKER_FIELD_NUMBER: _ClassVar[int]
    STORE_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARMS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    APPROXIMATE_INDEX_FIELD_NUMBER: _ClassVar[int]
    build: Build
    model: Model
    pipeline: str
    analyzer: str
    chunker: str
    store: str
    collection: str
    arms: _containers.RepeatedScalarFieldContainer[_explain_pb2.Arm]
    limits: Limits
    started_at: _timestamp_pb2.Timestamp
    approximate_index: ApproximateIndex
    def __init__(self, build: _Optional[_Union[Build, _Mapping]] = ..., model: _Optional[_Union[Model, _Mapping]] = ..., pipeline: _Optional[str] = ..., analyzer: _Optional[str] = ..., chunker: _Optional[str] = ..., store: _Optional[str] = ..., collection: _Optional[str] = ..., arms: _Optional[_Iterable[_Union[_explain_pb2.Arm, str]]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., approximate_index: _Optional[_Union[ApproximateIndex, _Mapping]] = ...) -> None: ...

class ApproximateIndex(_message.Message):
    __slots__ = ("effort", "oversampling")
    EFFORT_FIELD_NUMBER: _ClassVar[int]
    OVERSAMPLING_FIELD_NUMBER: _ClassVar[int]
    effort: int
    oversampling: float
    def __init__(self, effort: _Optional[int] = ..., oversampling: _Optional[float] = ...) -> None: ...

class Build(_message.Message):
    __slots__ = ("version", "commit", "go_version")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COMMIT_FIELD_NUMBER: _ClassVar[int]
    GO_VERSION_FIELD_NUMBER: _ClassVar[int]
    version: str
    commit: str
    go_version: str
    def __init__(self, version: _Optional[str] = ..., commit: _Optional[str] = ..., go_version: _Optional[str] = ...) -> None: ...

class Model(_message.Message):
    __slots__ = ("provider", "name", "revision", "dimensions", "max_tokens")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    provider: str
    name: str
    revision: str
    dimensions: int
    max_tokens: int
    def __init__(self, provider: _Optional[str] = ..., name: _Optional[str] = ..., revision: _Optional[str] = ..., dimensions: _Optional[int] = ..., max_tokens: _Optional[int] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("max_query_bytes", "max_page_size", "max_document_bytes", "max_metadata_bytes", "max_document_id_bytes", "max_filter_clauses", "max_neighbours", "max_message_bytes", "default_timeout", "max_timeout", "max_filter_bytes", "max_header_bytes", "max_context_tokens", "max_history_turns", "max_history_bytes", "max_answer_bytes", "max_grounding_bytes", "max_batch", "max_similar_bytes")
    MAX_QUERY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_DOCUMENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_METADATA_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_DOCUMENT_ID_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_FILTER_CLAUSES_FIELD_NUMBER: _ClassVar[int]
    MAX_NEIGHBOURS_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    MAX_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    MAX_FILTER_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_HEADER_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_CONTEXT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    MAX_HISTORY_TURNS_FIELD_NUMBER: _ClassVar[int]
    MAX_HISTORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_ANSWER_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_GROUNDING_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_BATCH_FIELD_NUMBER: _ClassVar[int]
    MAX_SIMILAR_BYTES_FIELD_NUMBER: _ClassVar[int]
    max_query_bytes: int
    max_page_size: int
    max_document_bytes: int
    max_metadata_bytes: int
    max_document_id_bytes: int
    max_filter_clauses: int
    max_neighbours: int
    max_message_bytes: int
    default_timeout: _duration_pb2.Duration
    max_timeout: _duration_pb2.Duration
    max_filter_bytes: int
    max_header_bytes: int
    max_context_tokens: int
    max_history_turns: int
    max_history_bytes: int
    max_answer_bytes: int
    max_grounding_bytes: int
    max_batch: int
    max_similar_bytes: int
    def __init__(self, max_query_bytes: _Optional[int] = ..., max_page_size: _Optional[int] = ..., max_document_bytes: _Optional[int] = ..., max_metadata_bytes: _Optional[int] = ..., max_document_id_bytes: _Optional[int] = ..., max_filter_clauses: _Optional[int] = ..., max_neighbours: _Optional[int] = ..., max_message_bytes: _Optional[int] = ..., default_timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_filter_bytes: _Optional[int] = ..., max_header_bytes: _Optional[int] = ..., max_context_tokens: _Optional[int] = ..., max_history_turns: _Optional[int] = ..., max_history_bytes: _Optional[int] = ..., max_answer_bytes: _Optional[int] = ..., max_grounding_bytes: _Optional[int] = ..., max_batch: _Optional[int] = ..., max_similar_bytes: _Optional[int] = ...) -> None: ...

class GetStatsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStatsResponse(_message.Message):
    __slots__ = ("documents", "passages", "terms", "languages", "disk_bytes", "updated_at")
    class LanguagesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    DISK_BYTES_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    documents: int
    passages: int
    terms: int
    languages: _containers.ScalarMap[str, int]
    disk_bytes: int
    updated_at: _timestamp_pb2.Timestamp
    def __init__(self, documents: _Optional[int] = ..., passages: _Optional[int] = ..., terms: _Optional[int] = ..., languages: _Optional[_Mapping[str, int]] = ..., disk_bytes: _Optional[int] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateBackupRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CreateBackupResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...

class ListCollectionsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListCollectionsResponse(_message.Message):
    __slots__ = ("collections",)
    COLLECTIONS_FIELD_NUMBER: _ClassVar[int]
    collections: _containers.RepeatedCompositeFieldContainer[Collection]
    def __init__(self, collections: _Optional[_Iterable[_Union[Collection, _Mapping]]] = ...) -> None: ...

class Collection(_message.Message):
    __slots__ = ("name", "active", "pipeline", "model", "documents", "passages", "created_at", "activated_at", "updated_at")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    ACTIVATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    name: str
    active: bool
    pipeline: str
    model: str
    documents: int
    passages: int
    created_at: _timestamp_pb2.Timestamp
    activated_at: _timestamp_pb2.Timestamp
    updated_at: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., active: _Optional[bool] = ..., pipeline: _Optional[str] = ..., model: _Optional[str] = ..., documents: _Optional[int] = ..., passages: _Optional[int] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., activated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Lag(_message.Message):
    __slots__ = ("missing", "older", "extra")
    MISSING_FIELD_NUMBER: _ClassVar[int]
    OLDER_FIELD_NUMBER: _ClassVar[int]
    EXTRA_FIELD_NUMBER: _ClassVar[int]
    missing: int
    older: int
    extra: int
    def __init__(self, missing: _Optional[int] = ..., older: _Optional[int] = ..., extra: _Optional[int] = ...) -> None: ...

class CompareCollectionsRequest(_message.Message):
    __slots__ = ("collection", "questions", "sample")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    questions: _containers.RepeatedScalarFieldContainer[str]
    sample: int
    def __init__(self, collection: _Optional[str] = ..., questions: _Optional[_Iterable[str]] = ..., sample: _Optional[int] = ...) -> None: ...

class CompareCollectionsResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class Comparison(_message.Message):
    __slots__ = ("before", "after", "questions", "overlap", "moved", "same_first", "most", "ndcg_before", "ndcg_after")
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    SAME_FIRST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    NDCG_BEFORE_FIELD_NUMBER: _ClassVar[int]
    NDCG_AFTER_FIELD_NUMBER: _ClassVar[int]
    before: str
    after: str
    questions: int
    overlap: float
    moved: float
    same_first: float
    most: _containers.RepeatedCompositeFieldContainer[Change]
    ndcg_before: float
    ndcg_after: float
    def __init__(self, before: _Optional[str] = ..., after: _Optional[str] = ..., questions: _Optional[int] = ..., overlap: _Optional[float] = ..., moved: _Optional[float] = ..., same_first: _Optional[float] = ..., most: _Optional[_Iterable[_Union[Change, _Mapping]]] = ..., ndcg_before: _Optional[float] = ..., ndcg_after: _Optional[float] = ...) -> None: ...

class Change(_message.Message):
    __slots__ = ("question", "overlap", "moved", "same_first")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    SAME_FIRST_FIELD_NUMBER: _ClassVar[int]
    question: str
    overlap: float
    moved: float
    same_first: bool
    def __init__(self, question: _Optional[str] = ..., overlap: _Optional[float] = ..., moved: _Optional[float] = ..., same_first: _Optional[bool] = ...) -> None: ...

class ActivateCollectionRequest(_message.Message):
    __slots__ = ("collection", "force")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    force: bool
    def __init__(self, collection: _Optional[str] = ..., force: _Optional[bool] = ...) -> None: ...

class ActivateCollectionResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class Activation(_message.Message):
    __slots__ = ("collection", "late", "left", "left_unknown", "before")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    LEFT_UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    late: Lag
    left: Lag
    left_unknown: bool
    before: str
    def __init__(self, collection: _Optional[str] = ..., late: _Optional[_Union[Lag, _Mapping]] = ..., left: _Optional[_Union[Lag, _Mapping]] = ..., left_unknown: _Optional[bool] = ..., before: _Optional[str] = ...) -> None: ...

class StartRebuildRequest(_message.Message):
    __slots__ = ("activate",)
    ACTIVATE_FIELD_NUMBER: _ClassVar[int]
    activate: bool
    def __init__(self, activate: _Optional[bool] = ...) -> None: ...

class StartRebuildResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class Rebuild(_message.Message):
    __slots__ = ("collection", "indexed", "unchanged", "failed", "deleted", "activation")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    INDEXED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    indexed: int
    unchanged: int
    failed: int
    deleted: int
    activation: Activation
    def __init__(self, collection: _Optional[str] = ..., indexed: _Optional[int] = ..., unchanged: _Optional[int] = ..., failed: _Optional[int] = ..., deleted: _Optional[int] = ..., activation: _Optional[_Union[Activation, _Mapping]] = ...) -> None: ...

class Deletion(_message.Message):
    __slots__ = ("matched", "deleted", "sample_document_ids")
    MATCHED_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_DOCUMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    matched: int
    deleted: int
    sample_document_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, matched: _Optional[int] = ..., deleted: _Optional[int] = ..., sample_document_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class Operation(_message.Message):
    __slots__ = ("operation_id", "kind", "state", "progress", "started_at", "ended_at", "error", "rebuild", "comparison", "activation", "deletion", "tenant_deletion")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    REBUILD_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    DELETION_FIELD_NUMBER: _ClassVar[int]
    TENANT_DELETION_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    kind: OperationKind
    state: OperationState
    progress: Progress
    started_at: _timestamp_pb2.Timestamp
    ended_at: _timestamp_pb2.Timestamp
    error: _error_pb2.Failure
    rebuild: Rebuild
    comparison: Comparison
    activation: Activation
    deletion: Deletion
    tenant_deletion: _tenant_pb2.TenantDeletion
    def __init__(self, operation_id: _Optional[str] = ..., kind: _Optional[_Union[OperationKind, str]] = ..., state: _Optional[_Union[OperationState, str]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.Failure, _Mapping]] = ..., rebuild: _Optional[_Union[Rebuild, _Mapping]] = ..., comparison: _Optional[_Union[Comparison, _Mapping]] = ..., activation: _Optional[_Union[Activation, _Mapping]] = ..., deletion: _Optional[_Union[Deletion, _Mapping]] = ..., tenant_deletion: _Optional[_Union[_tenant_pb2.TenantDeletion, _Mapping]] = ...) -> None: ...

class Progress(_message.Message):
    __slots__ = ("step", "done", "total")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    step: str
    done: int
    total: int
    def __init__(self, step: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class GetOperationRequest(_message.Message):
    __slots__ = ("operation_id",)
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    def __init__(self, operation_id: _Optional[str] = ...) -> None: ...

class GetOperationResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class WaitOperationRequest(_message.Message):
    __slots__ = ("operation_id", "timeout")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    timeout: _duration_pb2.Duration
    def __init__(self, operation_id: _Optional[str] = ..., timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class WaitOperationResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class CancelOperationRequest(_message.Message):
    __slots__ = ("operation_id",)
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    def __init__(self, operation_id: _Optional[str] = ...) -> None: ...

class CancelOperationResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...

class ListOperationsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListOperationsResponse(_message.Message):
    __slots__ = ("operations",)
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    operations: _containers.RepeatedCompositeFieldContainer[Operation]
    def __init__(self, operations: _Optional[_Iterable[_Union[Operation, _Mapping]]] = ...) -> None: ...

class RollbackCollectionRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RollbackCollectionResponse(_message.Message):
    __slots__ = ("collection", "newer")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    NEWER_FIELD_NUMBER: _ClassVar[int]
    collection: str
    newer: int
    def __init__(self, collection: _Optional[str] = ..., newer: _Optional[int] = ...) -> None: ...

class DropCollectionRequest(_message.Message):
    __slots__ = ("collection", "grace")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    GRACE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    grace: _duration_pb2.Duration
    def __init__(self, collection: _Optional[str] = ..., grace: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class DropCollectionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DeleteTenantResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: Operation
    def __init__(self, operation: _Optional[_Union[Operation, _Mapping]] = ...) -> None: ...
