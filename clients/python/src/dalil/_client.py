"""The client for programs without asyncio."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import TypeVar

import grpc

from . import _build
from ._channel import CUT, options
from .errors import DalilError
from .v1 import admin_pb2_grpc, document_service_pb2_grpc, search_service_pb2_grpc
from .v1.context_pb2 import BuildContextRequest, BuildContextResponse, ContextFormat
from .v1.document_pb2 import DocumentInput, Receipt
from .v1.document_service_pb2 import IngestDocumentsRequest
from .v1.evidence_pb2 import Evidence
from .v1.filter_pb2 import Filter
from .v1.grounding_pb2 import CheckGroundingResponse
from .v1.passage_pb2 import View
from .v1.search_pb2 import SearchRequest, SearchResponse

_T = TypeVar("_T")


class Client:
    """A connection to the servers of an address, HOST:PORT. Methods raise `DalilError`.

    The name may have several IP addresses. Calls go to all servers in turn; a server that is not
    ready gets none; a read that fails with UNAVAILABLE is tried up to four times. With `direct`, the
    connection is to one server in any state, and no call is repeated. Without `credentials`, the
    connection is not encrypted.

    `searches`, `documents` and `admin` are the generated stubs, for all other calls. They raise
    `grpc.RpcError`, which `DalilError.of` reads. Methods may be called from several threads.
    """

    def __init__(
        self, address: str, *, direct: bool = False, credentials: grpc.ChannelCredentials | None = None
    ) -> None:
        if credentials is None:
            self.channel = grpc.insecure_channel(address, options(direct))
        else:
            self.channel = grpc.secure_channel(address, credentials, options(direct))
        self.searches = search_service_pb2_grpc.SearchServiceStub(self.channel)
        self.documents = document_service_pb2_grpc.DocumentServiceStub(self.channel)
        self.admin = admin_pb2_grpc.AdminServiceStub(self.channel)

    def close(self) -> None:
        """Ends the connection, and calls that are running."""
        self.channel.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def search(
        self,
        query: str | SearchRequest,
        *,
        page_size: int | None = None,
        page_token: str = "",
        view: View | None = None,
        filter: Filter | None = None,
        timeout: float = 10.0,
    ) -> SearchResponse:
        """Finds the passages that answer a question, the best first. A whole `SearchRequest` instead
        of the question sets every other field; the other arguments are then ignored."""
        request = _build.search(query, page_size, page_token, view, filter)
        return _call(lambda: self.searches.Search(request, timeout=timeout))

    def build_context(
        self,
        query: str | BuildContextRequest,
        *,
        max_tokens: int | None = None,
        format: ContextFormat | None = None,
        min_evidence: Evidence | None = None,
        filter: Filter | None = None,
        timeout: float = 10.0,
    ) -> BuildContextResponse:
        """Returns a text for the prompt of a language model, with citations. A whole
        `BuildContextRequest` instead of the question sets every other field."""
        request = _build.context(query, max_tokens, format, min_evidence, filter)
        return _call(lambda: self.searches.BuildContext(request, timeout=timeout))

    def check_grounding(
        self,
        answer: str,
        *,
        texts: Sequence[str] = (),
        passage_ids: Sequence[str] = (),
        query: str = "",
        filter: Filter | None = None,
        timeout: float = 30.0,
    ) -> CheckGroundingResponse:
        """Says how well sources support each sentence of an answer: exactly one of texts, passages of
        the index, and the passages that a question finds."""
        request = _build.grounding(answer, texts, passage_ids, query, filter)
        return _call(lambda: self.searches.CheckGrounding(request, timeout=timeout))

    def ingest(
        self, documents: Iterable[DocumentInput], *, window: int = 256, timeout: float | None = None
    ) -> Iterator[Receipt]:
        """Sends documents and yields a receipt for each, in the order in which they are done. A
        document with a receipt that is not OUTCOME_FAILED is durable. At most `window` documents have
        no receipt, so documents are read no faster than they are indexed and receipts are read. After
        an error, documents without a receipt may or may not be written; sending them again is safe."""
        stream = _Sending(documents, window)
        call = self.documents.IngestDocuments(iter(stream), timeout=timeout)
        try:
            for response in call:
                stream.free.release()
                yield response.receipt
            if not stream.complete:
                raise stream.error or DalilError(grpc.StatusCode.UNAVAILABLE, CUT)
        except grpc.RpcError as error:
            raise stream.error or DalilError.of(error) from None
        finally:
            stream.stop()
            call.cancel()


class _Sending:
    """The requests of one stream, which gRPC reads in a thread of its own."""

    def __init__(self, documents: Iterable[DocumentInput], window: int) -> None:
        self.free = threading.Semaphore(window)
        self.complete = False  # every document was sent
        self.error: BaseException | None = None  # of the caller's documents
        self._documents = documents
        self._stopped = False

    def __iter__(self) -> Iterator[IngestDocumentsRequest]:
        try:
            for sequence, one in enumerate(self._documents, 1):
                self.free.acquire()
                if self._stopped:
                    return
                yield IngestDocumentsRequest(sequence=sequence, document=one)
            self.complete = True
        except Exception as error:
            self.error = error
            raise

    def stop(self) -> None:
        self._stopped = True
        self.free.release()


def _call(call: Callable[[], _T]) -> _T:
    try:
        return call()
    except grpc.RpcError as error:
        raise DalilError.of(error) from None
