"""The retrievers, with the real frameworks. See test_client for the server."""

import os
import unittest

from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.llms import MockLLM

from dalil import AsyncClient, Client, langchain, llamaindex
from dalil.filters import field

ADDRESS = os.environ["DALIL_TEST_GRPC"]
FORUM = "001_9b34745794db2986"
QUERY = "poverty reduction cooperation"


class LangChainTest(unittest.IsolatedAsyncioTestCase):
    async def test_search(self):
        with Client(ADDRESS) as client:
            retriever = langchain.SearchRetriever(client=client, k=3)
            found = retriever.invoke(QUERY)
            self.assertEqual((len(found), found[0].metadata["document_id"]), (3, FORUM))
            self.assertTrue(0 <= found[0].metadata["score"] <= 1)
            self.assertEqual(found[0].metadata["passage_ids"], [found[0].id])
            async with AsyncClient(ADDRESS) as fast:
                for one in (None, fast):
                    same = await langchain.SearchRetriever(client=client, async_client=one, k=3).ainvoke(QUERY)
                    self.assertEqual([d.id for d in same], [d.id for d in found])
            none = langchain.SearchRetriever(client=client, filter=field("language", "fr")).invoke(QUERY)
            self.assertEqual(none, [])
            chain = retriever | (lambda documents: len(documents))
            self.assertEqual(chain.invoke(QUERY), 3)

    async def test_context(self):
        with Client(ADDRESS) as client:
            found = langchain.ContextRetriever(client=client, max_tokens=200).invoke(QUERY)
            self.assertEqual((found[0].metadata["document_id"], found[0].metadata["citation"]), (FORUM, "1"))
            async with AsyncClient(ADDRESS) as fast:
                same = await langchain.ContextRetriever(client=client, async_client=fast, max_tokens=200).ainvoke(QUERY)
            self.assertEqual([d.page_content for d in same], [d.page_content for d in found])


class LlamaIndexTest(unittest.IsolatedAsyncioTestCase):
    async def test_search(self):
        with Client(ADDRESS) as client:
            retriever = llamaindex.SearchRetriever(client, k=3)
            found = retriever.retrieve(QUERY)
            self.assertEqual((len(found), found[0].node.metadata["document_id"]), (3, FORUM))
            async with AsyncClient(ADDRESS) as fast:
                for one in (None, fast):
                    same = await llamaindex.SearchRetriever(client, async_client=one, k=3).aretrieve(QUERY)
                    self.assertEqual([n.node.id_ for n in same], [n.node.id_ for n in found])
            engine = RetrieverQueryEngine(retriever, get_response_synthesizer(llm=MockLLM()))
            self.assertEqual(len(engine.query(QUERY).source_nodes), 3)

    async def test_context(self):
        with Client(ADDRESS) as client:
            found = llamaindex.ContextRetriever(client, max_tokens=200).retrieve(QUERY)
            self.assertEqual((found[0].node.metadata["document_id"], found[0].node.metadata["citation"]), (FORUM, "1"))


if __name__ == "__main__":
    unittest.main()
