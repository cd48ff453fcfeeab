// Keys, tenants and TLS, with servers in this process that say what they got.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Dalil } from "dalil";
import { tlsFetch } from "dalil/node";

/** Starts a server that answers every call, and keeps the headers of the last one. */
async function serve(t, tls) {
  const got = {};
  const answer = (request, response) => {
    got.headers = request.headers;
    let body = "";
    request.on("data", (chunk) => (body += chunk)).on("end", () => {
      got.body = body;
      const ingest = request.url === "/v1/documents:ingest";
      response.setHeader("Content-Type", "application/json");
      response.end(ingest ? '{"receipt":{"outcome":"INDEXED"}}\n' : '{"passages":[]}');
    });
  };
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  got.host = `127.0.0.1:${server.address().port}`;
  return got;
}

async function use(dalil) {
  await dalil.search("rivers");
  for await (const _ of dalil.ingest([{ id: "one", text: "One." }]));
}

test("every call sends the key and the tenant", async (t) => {
  const got = await serve(t);
  await use(new Dalil("http://" + got.host, { apiKey: " the-key\n", tenant: "news", headers: { "X-Request-Id": "7" } }));
  assert.deepEqual([got.headers.authorization, got.headers["dalil-tenant"], got.headers["x-request-id"]], ["Bearer the-key", "news", "7"]);
  process.env.DALIL_API_KEY = "of-the-variable";
  t.after(() => delete process.env.DALIL_API_KEY);
  const dalil = new Dalil("http://" + got.host);
  await dalil.call("GetInfo", {});
  assert.deepEqual([got.headers.authorization, got.headers["dalil-tenant"]], ["Bearer of-the-variable", undefined]);
  await dalil.search("rivers");
  assert.equal(got.headers.authorization, "Bearer of-the-variable");
  await use(new Dalil("http://" + got.host, { apiKey: "" }));
  assert.equal(got.headers.authorization, undefined);
});

test("a key is not sent readable to another machine", () => {
  for (const url of ["http://dalil.example:7812", "http://10.0.0.1:7812", "http://127.0.0.1.example:7812", "http://localhost.example"]) {
    assert.throws(() => new Dalil(url, { apiKey: "secret" }), (error) => /without TLS; use https/.test(error.message) && !error.message.includes("secret"));
    new Dalil(url, { apiKey: "secret", allowPlaintext: true });
  }
  for (const url of ["https://dalil.example", "http://localhost:1", "http://[::1]:1", "http://127.0.0.1:1"]) new Dalil(url, { apiKey: "secret" });
  assert.throws(() => new Dalil("http://127.0.0.1:1", { apiKey: "secret secret" }), (error) => /must be one key/.test(error.message) && !error.message.includes("secret"));
});

test("TLS with a CA and a client certificate", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "dalil-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const pem = (name) => readFileSync(join(folder, name));
  const make = (name, ...more) =>
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + name,
      "-keyout", join(folder, name + ".key"), "-out", join(folder, name + ".pem"), ...more], { stdio: "pipe" });
  try {
    make("server", "-addext", "subjectAltName=DNS:dalil.test");
    make("client");
  } catch (error) {
    if (error.code === "ENOENT") return t.skip("openssl makes the certificates");
    throw error;
  }
  const got = await serve(t, { cert: pem("server.pem"), key: pem("server.key"), ca: pem("client.pem"), requestCert: true, rejectUnauthorized: true });
  const url = "https://" + got.host;
  const right = { ca: pem("server.pem"), cert: pem("client.pem"), key: pem("client.key"), serverName: "dalil.test" };
  await use(new Dalil(url, { apiKey: "k", fetch: tlsFetch(right) }));
  assert.equal(got.headers.authorization, "Bearer k");
  assert.equal(got.body, '{"id":"one","text":"One."}\n');
  got.headers = undefined;
  for (const wrong of [{ ...right, ca: pem("client.pem") }, { ...right, serverName: "other.test" }, { ca: right.ca, serverName: right.serverName }]) {
    await assert.rejects(new Dalil(url, { apiKey: "k", tries: 1, fetch: tlsFetch(wrong) }).search("rivers"), TypeError);
  }
  await assert.rejects(new Dalil(url, { tries: 1 }).search("rivers"), TypeError); // the CAs of Node
  assert.equal(got.headers, undefined);
  await assert.rejects(new Dalil(url, { fetch: tlsFetch(right), timeout: 0 }).search("rivers"), { name: "TimeoutError" });
  assert.throws(() => tlsFetch({ cert: "x" }), /cert and key together/);
});
