"""Keys, tenants and TLS, with a server in this process that says what it got."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import unittest
from concurrent import futures
from pathlib import Path
from unittest import mock

import grpc

from dalil import AsyncClient, Client, DalilError, document
from dalil.v1 import document_service_pb2, search_pb2


class Server(grpc.GenericRpcHandler):
    """A server that keeps the headers of its calls."""

    def __init__(self, credentials=None):
        self.got = {}
        self.server = grpc.server(futures.ThreadPoolExecutor(4))
        self.server.add_generic_rpc_handlers((self,))
        if credentials is None:
            self.port = self.server.add_insecure_port("127.0.0.1:0")
        else:
            self.port = self.server.add_secure_port("127.0.0.1:0", credentials)
        self.server.start()

    def service(self, call):
        name = call.method.rpartition("/")[2]
        self.got[name] = dict(call.invocation_metadata)
        if name == "IngestDocuments":
            return grpc.stream_stream_rpc_method_handler(self._ingest)
        return grpc.unary_unary_rpc_method_handler(lambda request, context: search_pb2.SearchResponse().SerializeToString())

    def _ingest(self, requests, context):
        for _ in requests:
            yield document_service_pb2.IngestDocumentsResponse().SerializeToString()


def certificate(folder, name, *arguments):
    """Makes a certificate with its key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + name]
        + ["-keyout", folder / (name + ".key"), "-out", folder / (name + ".pem"), *arguments],
        check=True,
        capture_output=True,
    )


class AccessTest(unittest.TestCase):
    def serve(self, credentials=None):
        server = Server(credentials)
        self.addCleanup(lambda: server.server.stop(None).wait())
        return server

    def check(self, server, key, tenant=None):
        for name in ("Search", "IngestDocuments"):
            got = server.got.pop(name)
            self.assertEqual(got.get("authorization"), key and "Bearer " + key, name)
            self.assertEqual(got.get("dalil-tenant"), tenant, name)

    def use(self, address, **options):
        with Client(address, direct=True, **options) as client:
            client.search("rivers")
            list(client.ingest([document("one", text="One.")]))

    def use_async(self, address, **options):
        async def use():
            async with AsyncClient(address, direct=True, **options) as client:
                await client.search("rivers")
                async for _ in client.ingest([document("one", text="One.")]):
                    pass

        asyncio.run(use())

    def test_every_call_sends_the_key_and_the_tenant(self):
        server = self.serve()
        address = f"127.0.0.1:{server.port}"
        for use in (self.use, self.use_async):
            use(address, api_key=" the-key\n", tenant="news")
            self.check(server, "the-key", "news")
            with mock.patch.dict(os.environ, DALIL_API_KEY="of-the-variable"):
                use("grpc://" + address)
                self.check(server, "of-the-variable")
                use(f"ipv4:{address}", api_key="given")
                self.check(server, "given")
                use(address, api_key="")
                self.check(server, None)

    def test_a_key_is_not_sent_readable_to_another_machine(self):
        for address in ("dalil.example:7810", "10.0.0.1:7810", "ipv4:127.0.0.1:1,10.0.0.1:1", "dns:///dalil.example:1", "127.0.0.1.example:1"):
            for kind in (Client, AsyncClient):
                with self.assertRaisesRegex(ValueError, "without encryption: give tls=True") as caught:
                    kind(address, api_key="secret-key")
                self.assertNotIn("secret-key", str(caught.exception))
        Client("dalil.example:7810", api_key="k", allow_plaintext=True).close()
        Client("dalil.example:7810", api_key="k", tls=True).close()
        Client("localhost:7810", api_key="k").close()

    def test_what_cannot_be_used_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder) / "text"
            text.write_text("secret")
            for options, want in (
                ({"tls_ca": "nowhere.pem"}, "tls_ca nowhere.pem: No such file"),
                ({"tls_ca": text}, "contains nothing in PEM"),
                ({"tls_cert": text}, "tls_cert and tls_key: give both"),
                ({"api_key": "secret secret"}, "api_key: must be one key"),
                ({"tls": True, "credentials": grpc.ssl_channel_credentials()}, "credentials: cannot be combined"),
            ):
                with self.assertRaisesRegex(ValueError, want) as caught:
                    Client("127.0.0.1:1", **options)
                self.assertNotIn("secret", str(caught.exception))
        for address, want in (("https://h", "must be https://HOST:PORT"), ("http://h:1", "write https://h:1")):
            with self.assertRaisesRegex(ValueError, want):
                Client(address, tls=address.startswith("http:"))

    @unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificates")
    def test_tls(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            certificate(folder, "server", "-addext", "subjectAltName=DNS:dalil.test")
            certificate(folder, "client")
            read = lambda file: (folder / file).read_bytes()  # noqa: E731
            pair = [(read("server.key"), read("server.pem"))]
            server = self.serve(grpc.ssl_server_credentials(pair, root_certificates=read("client.pem"), require_client_auth=True))
            address = f"127.0.0.1:{server.port}"
            options = {"tls_ca": folder / "server.pem", "tls_server_name": "dalil.test", "api_key": "k"}
            mine = {"tls_cert": folder / "client.pem", "tls_key": folder / "client.key"}
            self.use(address, **options, **mine)
            self.check(server, "k")
            self.use_async("https://" + address, **options, **mine)
            self.check(server, "k")
            for wrong in (options, {**options, **mine, "tls_server_name": "other.test"}, {**options, **mine, "tls_ca": folder / "client.pem"}):
                with self.assertRaises(DalilError) as caught:
                    self.use(address, **wrong)
                self.assertEqual(caught.exception.code, grpc.StatusCode.UNAVAILABLE)
            self.assertEqual(server.got, {})


if __name__ == "__main__":
    unittest.main()
