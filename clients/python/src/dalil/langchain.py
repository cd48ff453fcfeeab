"""Retrievers for LangChain. They need the extra `langchain`.

`SearchRetriever` returns passages, the best first. `ContextRetriever` returns the blocks of a context
within a number of tokens, without repetitions.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from ._aio import AsyncClient
from ._client import Client
from ._found import Found, blocks, passages


class _Retriever(BaseRetriever):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    async_client: AsyncClient | None = None  # None: asynchronous calls use the client in a thread
    filter: Any = None  # a dalil.v1.filter_pb2.Filter; None: all documents


class SearchRetriever(_Retriever):
    """Finds the passages that answer a question."""

    k: int = 5  # passages, at most 100

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return _documents(passages(self.client.search(query, page_size=self.k, filter=self.filter)))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        if self.async_client is None:
            return await super()._aget_relevant_documents(query, run_manager=run_manager)
        return _documents(passages(await self.async_client.search(query, page_size=self.k, filter=self.filter)))


class ContextRetriever(_Retriever):
    """Builds a context for a language model; each block is a document."""

    max_tokens: int | None = None  # of all blocks together; None: the server's default

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return _documents(blocks(self.client.build_context(query, max_tokens=self.max_tokens, filter=self.filter)))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        if self.async_client is None:
            return await super()._aget_relevant_documents(query, run_manager=run_manager)
        answer = await self.async_client.build_context(query, max_tokens=self.max_tokens, filter=self.filter)
        return _documents(blocks(answer))


def _documents(found: list[Found]) -> list[Document]:
    return [Document(id=f.id, page_content=f.text, metadata={**f.metadata, "score": f.score}) for f in found]
