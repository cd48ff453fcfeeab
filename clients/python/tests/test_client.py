"""Tests against a server whose address is DALIL_TEST_GRPC. scripts/clients.sh starts one with the
articles of seeds/."""

import asyncio
import os
import unittest
from datetime import datetime, timezone

import grpc

from dalil import AsyncClient, Client, DalilError, document, filters
from dalil.v1 import context_pb2, document_pb2, document_service_pb2, search_pb2

ADDRESS = os.environ["DALIL_TEST_GRPC"]
FORUM = "001_9b34745794db2986"


def texts(n, kind):
    for i in range(n):
        yield document(f"python/{kind}/{i}", text=f"Beekeeper {i} counts hives.", metadata={"kind": kind, "number": i})


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.client = Client(ADDRESS)
        self.addCleanup(self.client.close)

    def test_search_in_both_languages(self):
        for query in ("poverty reduction cooperation", "التعاون للحد من الفقر"):
            answer = self.client.search(query, page_size=2)
            self.assertEqual(answer.passages[0].document_id, FORUM)
            self.assertEqual(len(answer.passages), 2)
        page = self.client.search("poverty reduction cooperation", page_size=1, page_token="")
        after = self.client.search("poverty reduction cooperation", page_size=1, page_token=page.next_page_token)
        self.assertNotEqual(page.passages[0].passage_id, after.passages[0].passage_id)
        whole = self.client.search(search_pb2.SearchRequest(query="poverty", neighbours=1, page_size=1))
        self.assertEqual(len(whole.passages), 1)

    def test_context_and_grounding(self):
        context = self.client.build_context("poverty reduction cooperation", max_tokens=200)
        self.assertLessEqual(context.tokens, 200)
        self.assertEqual(context.blocks[0].document.document_id, FORUM)
        checked = self.client.check_grounding("The sky is green.", texts=[context.text])
        self.assertEqual(len(checked.claims), 1)
        with self.assertRaises(DalilError) as caught:
            self.client.check_grounding("The sky is green.")
        self.assertEqual(caught.exception.reason, "INVALID")

    def test_options_of_a_search(self):
        answer = self.client.search("poverty reduction cooperation", group_by=1, facets=["language"], diversity=0.3, collapse_duplicates=True)
        self.assertEqual(answer.groups[0].document_id, FORUM)
        self.assertEqual(answer.facets[0].field, "language")
        with self.assertRaisesRegex(TypeError, "page_size, facets|facets, page_size"):
            self.client.search(search_pb2.SearchRequest(query="poverty"), page_size=3, facets=["year"])
        with self.assertRaisesRegex(TypeError, "max_tokens"):
            self.client.build_context(context_pb2.BuildContextRequest(query="poverty"), max_tokens=3)
        with self.assertRaisesRegex(ValueError, "language, source"):
            filters.field("lang", "ar")

    def test_several_questions_similar_and_explained(self):
        good, bad = self.client.search_all(["poverty reduction cooperation", search_pb2.SearchRequest(query=" ")])
        self.assertEqual(good.passages[0].document_id, FORUM)
        self.assertEqual((bad.code, bad.reason, bad.violations[0].field), (grpc.StatusCode.INVALID_ARGUMENT, "INVALID", "query"))
        similar = self.client.find_similar(document_id=FORUM, page_size=2)
        self.assertNotIn(FORUM, {p.document_id for p in similar.passages})
        with self.assertRaises(TypeError):
            self.client.find_similar(document_id=FORUM, text="x")
        explained = self.client.explain("poverty reduction cooperation", FORUM)
        self.assertEqual(explained.rank, 1)

    def test_ingest_yields_a_receipt_for_each_document(self):
        seen = {r.document_id: r.outcome for r in self.client.ingest(texts(40, "sync"), window=4)}
        self.assertEqual(len(seen), 40)
        self.assertEqual(set(seen.values()), {document_pb2.OUTCOME_INDEXED})
        only = filters.all_of(filters.metadata("kind", "sync"), filters.metadata("number", min=10, max=12))
        found = self.client.search("beekeeper", filter=only)
        self.assertEqual({p.document_id for p in found.passages}, {f"python/sync/{i}" for i in (10, 11, 12)})
        none = self.client.search("beekeeper", filter=filters.all_of(only, filters.none_of(filters.metadata("number", max=20))))
        self.assertEqual(len(none.passages), 0)

    def test_ingest_reports_what_fails(self):
        receipts = list(self.client.ingest([document("python/empty", text=""), document("python/fine", text="Fine.")]))
        failed = [r for r in receipts if r.outcome == document_pb2.OUTCOME_FAILED]
        self.assertEqual([(len(receipts), r.document_id) for r in failed], [(2, "python/empty")])

    def test_ingest_raises_the_error_of_the_documents(self):
        def broken():
            yield document("python/before", text="Before.")
            raise OSError("the disk is gone")

        with self.assertRaisesRegex(OSError, "the disk is gone"):
            list(self.client.ingest(broken()))

    def test_ingest_can_be_left(self):
        for receipt in self.client.ingest(texts(1000, "left"), window=8):
            break
        self.assertEqual(receipt.outcome, document_pb2.OUTCOME_INDEXED)

    def test_errors_have_reasons(self):
        with self.assertRaises(DalilError) as caught:
            self.client.search("rivers", page_size=1000)
        error = caught.exception
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.INVALID_ARGUMENT, "INVALID"))
        self.assertEqual(error.violations[0].field, "page_size")
        self.assertIsNone(error.retry_after)
        with self.assertRaises(grpc.RpcError) as raw:
            self.client.documents.GetDocument(document_service_pb2.GetDocumentRequest(document_id="nobody"))
        self.assertEqual(DalilError.of(raw.exception).reason, "NOT_FOUND")

    def test_a_server_that_is_not_there(self):
        with Client("127.0.0.1:1", direct=True) as nobody, self.assertRaises(DalilError) as caught:
            nobody.search("rivers", timeout=5)
        self.assertEqual((caught.exception.code, caught.exception.reason), (grpc.StatusCode.UNAVAILABLE, ""))

    def test_documents_have_every_field(self):
        day = datetime(2024, 5, 1, tzinfo=timezone.utc)
        made = document(
            "python/whole", body=b"<p>Herons fish at dawn.</p>", media_type="text/html", title="Herons", tags=["birds"],
            metadata={"n": 1, "yes": True, "list": ["a", "b"]}, published_at=day, source_version=3,
        )  # fmt: skip
        list(self.client.ingest([made]))
        kept = self.client.documents.GetDocument(document_service_pb2.GetDocumentRequest(document_id="python/whole")).document
        self.assertEqual((kept.title, list(kept.tags), kept.source_version), ("Herons", ["birds"], 3))
        self.assertEqual(kept.published_at.ToDatetime(timezone.utc), day)
        self.assertEqual(kept.metadata["list"].list_value.values[1].string_value, "b")
        found = self.client.search("herons", filter=filters.published(day))
        self.assertEqual([p.document_id for p in found.passages], ["python/whole"])
        with self.assertRaises(ValueError):
            document("both", text="a", body=b"b")


class AsyncClientTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = AsyncClient(ADDRESS)

    async def asyncTearDown(self):
        await self.client.close()

    async def test_calls_at_once(self):
        answers = await asyncio.gather(*(self.client.search("poverty reduction cooperation", page_size=1) for _ in range(8)))
        self.assertEqual({a.passages[0].document_id for a in answers}, {FORUM})
        context = await self.client.build_context("poverty reduction cooperation")
        checked = await self.client.check_grounding("It was about poverty.", texts=[context.text])
        self.assertEqual(len(checked.claims), 1)
        good, bad = await self.client.search_all(["poverty reduction cooperation", " "])
        self.assertEqual((good.passages[0].document_id, bad.reason), (FORUM, "INVALID"))
        self.assertTrue((await self.client.find_similar(text="cities met at a forum")).passages)
        self.assertEqual((await self.client.explain("poverty reduction cooperation", FORUM)).rank, 1)
        with self.assertRaises(DalilError) as caught:
            await self.client.search(" ")
        self.assertEqual(caught.exception.reason, "INVALID")

    async def test_ingest(self):
        async def later():
            for one in texts(20, "async"):
                await asyncio.sleep(0)
                yield one

        self.assertEqual(len([r async for r in self.client.ingest(later(), window=4)]), 20)
        self.assertEqual(len([r async for r in self.client.ingest(texts(20, "async"))]), 20)

        async def broken():
            yield document("python/before", text="Before.")
            raise OSError("the disk is gone")

        with self.assertRaisesRegex(OSError, "the disk is gone"):
            async for _ in self.client.ingest(broken()):
                pass


if __name__ == "__main__":
    unittest.main()
