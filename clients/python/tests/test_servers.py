"""How calls are spread over several servers and repeated, with servers in this process."""

import threading
import time
import unittest
from concurrent import futures

import grpc

from dalil import Client, DalilError, document
from dalil.v1 import document_service_pb2, search_pb2

SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"  # grpc.health.v1.HealthCheckResponse


class Server(grpc.GenericRpcHandler):
    """A server that counts its calls and fails as often as `refuse` says."""

    def __init__(self, state):
        self.state, self.calls, self.refuse, self.ended = state, [], 0, threading.Event()
        self.server = grpc.server(futures.ThreadPoolExecutor(8))
        self.server.add_generic_rpc_handlers((self,))
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def stop(self):
        self.ended.set()
        self.server.stop(None).wait()

    def service(self, call):
        name = call.method.rpartition("/")[2]
        if name == "Watch":
            return grpc.unary_stream_rpc_method_handler(self._watch)
        answer = {"Search": search_pb2.SearchResponse, "UpsertDocument": document_service_pb2.UpsertDocumentResponse}[name]()
        return grpc.unary_unary_rpc_method_handler(lambda request, context: self._answer(name, answer, context))

    def _watch(self, request, context):
        yield self.state
        self.ended.wait()

    def _answer(self, name, answer, context):
        self.calls.append(name)
        if self.refuse > 0:
            self.refuse -= 1
            context.abort(grpc.StatusCode.UNAVAILABLE, "the store does not answer")
        return answer.SerializeToString()


class ServersTest(unittest.TestCase):
    def serve(self, *states):
        servers = [Server(s) for s in states]
        for s in servers:
            self.addCleanup(s.stop)
        client = Client("ipv4:" + ",".join(f"127.0.0.1:{s.port}" for s in servers))
        self.addCleanup(client.close)
        return client, *servers

    def until(self, client, done):
        end = time.monotonic() + 20
        while not done():
            self.assertLess(time.monotonic(), end)
            client.search("rivers")

    def test_reads_go_on_when_a_server_dies(self):
        client, a, b = self.serve(SERVING, SERVING)
        self.until(client, lambda: len(a.calls) > 5 and len(b.calls) > 5)
        a.stop()
        before = len(b.calls)
        self.until(client, lambda: len(b.calls) > before + 50)

    def test_a_server_that_is_not_ready_gets_no_calls(self):
        client, a, b = self.serve(SERVING, NOT_SERVING)
        self.until(client, lambda: len(a.calls) > 50)
        self.assertEqual(b.calls, [])
        with Client(f"127.0.0.1:{b.port}", direct=True) as direct:
            direct.search("rivers")

    def test_reads_are_repeated_and_writes_are_not(self):
        client, a = self.serve(SERVING)
        a.refuse = 2
        client.search("rivers")
        self.assertEqual(a.calls, ["Search"] * 3)
        a.refuse = 2
        request = document_service_pb2.UpsertDocumentRequest(document=document("one", text="One."))
        with self.assertRaises(grpc.RpcError) as caught:
            client.documents.UpsertDocument(request)
        self.assertEqual(DalilError.of(caught.exception).code, grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(a.calls[3:], ["UpsertDocument"])


if __name__ == "__main__":
    unittest.main()
