"""Retrievers for LlamaIndex. They need the extra `llamaindex`.

`SearchRetriever` returns passages, the best first. `ContextRetriever` returns the blocks of a context
within a number of tokens, without repetitions.
"""

from __future__ import annotations

from llama_index.core.callbacks import CallbackManager
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ._aio import AsyncClient
from ._client import Client
from ._found import Found, blocks, passages
from .v1.filter_pb2 import Filter


class _Retriever(BaseRetriever):
    def __init__(
        self,
        client: Client,
        *,
        async_client: AsyncClient | None = None,
        filter: Filter | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager=callback_manager)
        self._client = client
        self._async_client = async_client
        self._filter = filter


class SearchRetriever(_Retriever):
    """Finds the passages that answer a question: `k` of them, at most 100."""

    def __init__(
        self,
        client: Client,
        *,
        k: int = 5,
        async_client: AsyncClient | None = None,
        filter: Filter | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(client, async_client=async_client, filter=filter, callback_manager=callback_manager)
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(passages(self._client.search(query_bundle.query_str, page_size=self._k, filter=self._filter)))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        if self._async_client is None:
            return await super()._aretrieve(query_bundle)
        answer = await self._async_client.search(query_bundle.query_str, page_size=self._k, filter=self._filter)
        return _nodes(passages(answer))


class ContextRetriever(_Retriever):
    """Builds a context for a language model; each block is a node. `max_tokens` is for all blocks
    together; None means the server's default."""

    def __init__(
        self,
        client: Client,
        *,
        max_tokens: int | None = None,
        async_client: AsyncClient | None = None,
        filter: Filter | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(client, async_client=async_client, filter=filter, callback_manager=callback_manager)
        self._max_tokens = max_tokens

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        answer = self._client.build_context(query_bundle.query_str, max_tokens=self._max_tokens, filter=self._filter)
        return _nodes(blocks(answer))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        if self._async_client is None:
            return await super()._aretrieve(query_bundle)
        answer = await self._async_client.build_context(
            query_bundle.query_str, max_tokens=self._max_tokens, filter=self._filter
        )
        return _nodes(blocks(answer))


def _nodes(found: list[Found]) -> list[NodeWithScore]:
    return [
        NodeWithScore(
            node=TextNode(
                id_=f.id,
                text=f.text,
                metadata=f.metadata,
            ),
            score=f.score,
        )
        for f in found
    ]
