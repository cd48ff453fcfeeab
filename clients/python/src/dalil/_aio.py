"""The client for programs with asyncio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Iterable, Sequence
from types import TracebackType
from typing import TypeVar

import grpc
import grpc.aio

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


class AsyncClient:
    """The same as `Client`, for asyncio. Create it while an event loop runs."""

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
            self.channel = grpc.aio.insecure_channel(to.address, options(direct) + to.options)
        else:
            self.channel = grpc.aio.secure_channel(to.address, to.credentials, options(direct) + to.options)
        channel = headed(self.channel, to.headers)
        self.searches = search_service_pb2_grpc.SearchServiceStub(channel)
        self.documents = document_service_pb2_grpc.DocumentServiceStub(channel)
        self.admin = admin_pb2_grpc.AdminServiceStub(channel)

    async def close(self) -> None:
        """Ends the connection, and calls that are running."""
        await self.channel.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def search(
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
        """See `Client.search`."""
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
        return await _call(self.searches.Search(request, timeout=timeout))

    async def search_all(
        self, queries: Iterable[str | SearchRequest], *, timeout: float = 30.0
    ) -> list[SearchResponse | DalilError]:
        """See `Client.search_all`."""
        request = BatchSearchRequest(requests=[_build.search(query) for query in queries])
        answer = await _call(self.searches.BatchSearch(request, timeout=timeout))
        return [one.response if one.HasField("response") else DalilError.from_status(one.status) for one in answer.responses]

    async def find_similar(
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
        """See `Client.find_similar`."""
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
        return await _call(self.searches.FindSimilar(request, timeout=timeout))

    async def explain(
        self, query: str | SearchRequest, document_id: str, *, timeout: float = 10.0
    ) -> ExplainDocumentResponse:
        """See `Client.explain`."""
        request = ExplainDocumentRequest(search=_build.search(query), document_id=document_id)
        return await _call(self.searches.ExplainDocument(request, timeout=timeout))

    async def build_context(
        self,
        query: str | BuildContextRequest,
        *,
        max_tokens: int | None = None,
        format: ContextFormat | None = None,
        min_evidence: Evidence | None = None,
        filter: Filter | None = None,
        timeout: float = 10.0,
    ) -> BuildContextResponse:
        """See `Client.build_context`."""
        request = _build.context(query, max_tokens, format, min_evidence, filter)
        return await _call(self.searches.BuildContext(request, timeout=timeout))

    async def check_grounding(
        self,
        answer: str,
        *,
        texts: Sequence[str] = (),
        passage_ids: Sequence[str] = (),
        query: str = "",
        filter: Filter | None = None,
        timeout: float = 30.0,
    ) -> CheckGroundingResponse:
        """See `Client.check_grounding`."""
        request = _build.grounding(answer, texts, passage_ids, query, filter)
        return await _call(self.searches.CheckGrounding(request, timeout=timeout))

    async def ingest(
        self,
        documents: AsyncIterable[DocumentInput] | Iterable[DocumentInput],
        *,
        window: int = 256,
        timeout: float | None = None,
    ) -> AsyncIterator[Receipt]:
        """See `Client.ingest`."""
        free, complete, failure = asyncio.Semaphore(window), False, None

        async def requests() -> AsyncIterator[IngestDocumentsRequest]:
            nonlocal complete, failure
            sequence = 0
            try:
                async for one in _each(documents):
                    await free.acquire()
                    sequence += 1
                    yield IngestDocumentsRequest(sequence=sequence, document=one)
                complete = True
            except Exception as error:
                failure = error
                raise

        call = self.documents.IngestDocuments(requests(), timeout=timeout)
        try:
            async for response in call:
                free.release()
                yield response.receipt
            if not complete:
                raise failure or DalilError(grpc.StatusCode.UNAVAILABLE, CUT)
        except grpc.RpcError as error:
            raise failure or DalilError.of(error) from None
        except asyncio.CancelledError:
            # gRPC cancels its own call if the documents cannot be read.
            if failure is not None:
                raise failure from None
            raise
        finally:
            call.cancel()


async def _each(documents: AsyncIterable[DocumentInput] | Iterable[DocumentInput]) -> AsyncIterator[DocumentInput]:
    if isinstance(documents, AsyncIterable):
        async for one in documents:
            yield one
    else:
        for one in documents:
            yield one


async def _call(call: Awaitable[_T]) -> _T:
    try:
        return await call
    except grpc.RpcError as error:
        raise DalilError.of(error) from None
