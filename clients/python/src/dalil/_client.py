"""The client for programs without asyncio."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import TypeVar

import grpc

from . import _build
from ._access import Access, connection, headed
from ._channel import CUT, options
from .errors import DalilError
from .v1 import admin_pb2_grpc, document_service_pb2_grpc, search_service_pb2_grpc
from .v1.arrange_pb2 import OrderBy, Recency
from .v1.batch_pb2 import BatchSearchRequest
from .v1.context_pb2 import BuildContextRequest, BuildContextResponse, ContextFormat
from .v1.document_pb2 import DocumentInput, Receipt
from .v1.document_service_pb2 import IngestDocumentsRequest
from .v1.evidence_pb2 import Evidence
from .v1.filter_pb2 import Filter
from .v1.grounding_pb2 import CheckGroundingResponse
from .v1.passage_pb2 import View
from .v1.search_pb2 import SearchRequest, SearchResponse
from .v1.similar_pb2 import FindSimilarResponse
from .v1.why_pb2 import ExplainDocumentRequest, ExplainDocumentResponse

_T = TypeVar("_T")


class Client:
    """A connection to the servers of an address, HOST:PORT. Methods raise `DalilError`.

    The name may have several IP addresses. Calls go to all servers in turn; a server that is not
    ready gets none; a read that fails with UNAVAILABLE is tried up to four times. With `direct`, the
    connection is to one server in any state, and no call is repeated.

    `https://HOST:PORT`, or one of the options of TLS, encrypts the connection: `tls` with the CAs of the
    system, `tls_ca` with the CA of a file in PEM. `tls_cert` and `tls_key` are the files of a client
    certificate. `tls_server_name` is the name in the server's certificate, if it differs from the
    host. `credentials` replaces all of these.

    `api_key` is a key or token, which every call sends; None: that of the variable DALIL_API_KEY. It
    is not sent to another machine without TLS (ValueError), unless `allow_plaintext` is true. `tenant`
    is whose documents are meant; the key then needs the scope admin.

    `searches`, `documents` and `admin` are the generated stubs, for all other calls. They raise
    `grpc.RpcError`, which `DalilError.of` reads. Methods may be called from several threads.
    """

    def __init__(
        self,
        address: str,
        *,
        direct: bool = False,
        api_key: str | None = None,
        tenant: str = "",
        tls: bool = False,
        tls_ca: str | os.PathLike[str] | None = None,
        tls_cert: str | os.PathLike[str] | None = None,
        tls_key: str | os.PathLike[str] | None = None,
        tls_server_name: str = "",
        allow_plaintext: bool = False,
        credentials: grpc.ChannelCredentials | None = None,
    ) -> None:
        access = Access(api_key, tenant, tls, tls_ca, tls_cert, tls_key, tls_server_name, allow_plaintext)
        to = connection(address, access, credentials)
        if to.credentials is None:
            self.channel = grpc.insecure_channel(to.address, options(direct) + to.options)
        else:
            self.channel = grpc.secure_channel(to.address, to.credentials, options(direct) + to.options)
        channel = headed(self.channel, to.headers)
        self.searches = search_service_pb2_grpc.SearchServiceStub(channel)
        self.documents = document_service_pb2_grpc.DocumentServiceStub(channel)
        self.admin = admin_pb2_grpc.AdminServiceStub(channel)

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
        diversity: float | None = None,
        recency: Recency | None = None,
        group_by: int | None = None,
        collapse_duplicates: bool | None = None,
        order_by: OrderBy | None = None,
        facets: Iterable[str] = (),
        min_index_token: str = "",
        timeout: float = 10.0,
    ) -> SearchResponse:
        """Finds the passages that answer a question, the best first. docs/searching.md describes the
        options; `group_by` is the number of passages of one document, and `facets` names what to
        count. A whole `SearchRequest` instead of the question sets every other field, and is given
        alone (TypeError)."""
        request = _build.search(
            query,
            facets,
            page_size=page_size,
            page_token=page_token,
            view=view,
            filter=filter,
            diversity=diversity,
            recency=recency,
            group_by=group_by,
            collapse_duplicates=collapse_duplicates,
            order_by=order_by,
            min_index_token=min_index_token,
        )
        return _call(lambda: self.searches.Search(request, timeout=timeout))

    def search_all(
        self, queries: Iterable[str | SearchRequest], *, timeout: float = 30.0
    ) -> list[SearchResponse | DalilError]:
        """Answers several questions in one call, in their order. A question that cannot be answered
        has its error in its place."""
        request = BatchSearchRequest(requests=[_build.search(query) for query in queries])
        answer = _call(lambda: self.searches.BatchSearch(request, timeout=timeout))
        return [one.response if one.HasField("response") else DalilError.from_status(one.status) for one in answer.responses]

    def find_similar(
        self,
        *,
        document_id: str | None = None,
        passage_id: str | None = None,
        text: str | None = None,
        page_size: int | None = None,
        page_token: str = "",
        filter: Filter | None = None,
        passages_per_document: int | None = None,
        view: View | None = None,
        timeout: float = 10.0,
    ) -> FindSimilarResponse:
        """Finds passages like exactly one of a document, a passage and a text, in any language."""
        request = _build.similar(
            document_id,
            passage_id,
            text,
            page_size=page_size,
            page_token=page_token,
            filter=filter,
            passages_per_document=passages_per_document,
            view=view,
        )
        return _call(lambda: self.searches.FindSimilar(request, timeout=timeout))

    def explain(
        self, query: str | SearchRequest, document_id: str, *, timeout: float = 10.0
    ) -> ExplainDocumentResponse:
        """Says where a document is in the answer to a question, or why it is not in it."""
        request = ExplainDocumentRequest(search=_build.search(query), document_id=document_id)
        return _call(lambda: self.searches.ExplainDocument(request, timeout=timeout))

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
        `BuildContextRequest` instead of the question sets every other field, and is given alone
        (TypeError)."""
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
