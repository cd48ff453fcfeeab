// Tests against a server whose address is DALIL_TEST_HTTP. scripts/clients.sh starts one
// with the articles of seeds/.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";

import { Dalil, DalilError, routes } from "dalil";

const url = process.env.DALIL_TEST_HTTP;
const dalil = new Dalil(url);
const forum = "001_9b34745794db2986";

test("search in both languages, page by page", async () => {
  for (const query of ["poverty reduction cooperation", "التعاون للحد من الفقر"]) {
    const answer = await dalil.search({ query, page_size: 2 });
    assert.equal(answer.passages[0].document_id, forum);
    assert.equal(answer.passages.length, 2);
    const next = await dalil.search({ query, page_size: 2, page_token: answer.next_page_token });
    assert.notEqual(next.passages[0].passage_id, answer.passages[0].passage_id);
  }
  assert.equal((await dalil.search("poverty reduction cooperation")).passages[0].document_id, forum);
});

test("mistakes of the program are named before anything is sent", async () => {
  assert.throws(() => new Dalil("127.0.0.1:7812"), /must begin with http/);
  await assert.rejects(dalil.call("Nope", {}), /there is no call "Nope"/);
  await assert.rejects(dalil.call("GetDocument", { path: {} }), /GetDocument: document_id is missing/);
});

test("contexts and checks of answers", async () => {
  const context = await dalil.buildContext({ query: "poverty reduction cooperation", max_tokens: 200 });
  assert.ok(context.tokens <= 200 && context.blocks[0].document.document_id === forum);
  const checked = await dalil.checkGrounding({ answer: "The sky is green.", texts: [context.text] });
  assert.equal(checked.claims.length, 1);
});

test("ingest yields a receipt for each document, over several batches", async () => {
  async function* documents() {
    for (let i = 0; i < 150; i++) yield { id: `ts/many/${i}`, text: `Sailor ${i} mends nets.`, metadata: { number: i } };
  }
  const seen = new Set();
  for await (const receipt of dalil.ingest(documents())) {
    assert.ok(["INDEXED", "UNCHANGED"].includes(receipt.outcome), JSON.stringify(receipt));
    seen.add(receipt.document_id);
  }
  assert.equal(seen.size, 150);
  const found = await dalil.search({ query: "sailor", filter: { metadata: { key: "number", min: 10, max: 12 } } });
  assert.ok(found.passages.length > 0 && found.passages.every((p) => /^(ts|python)\//.test(p.document_id)));
});

test("ingest reports what fails, can be left early, and throws the error of the documents", async () => {
  const outcomes = {};
  for await (const r of dalil.ingest([{ id: "ts/empty", text: "" }, { id: "ts/fine", text: "Fine." }])) outcomes[r.document_id] = r.outcome;
  assert.equal(outcomes["ts/empty"], "FAILED");
  assert.notEqual(outcomes["ts/fine"], "FAILED");
  for await (const receipt of dalil.ingest([{ id: "ts/fine", text: "Fine." }, { id: "ts/left", text: "Left." }])) {
    assert.ok(receipt.document_id);
    break;
  }
  function* broken() {
    yield { id: "ts/before", text: "Before." };
    throw new Error("the disk is gone");
  }
  await assert.rejects(async () => {
    for await (const _ of dalil.ingest(broken()));
  }, /the disk is gone/);
});

test("any call, with ids that have slashes and spaces", async () => {
  const id = "ts/a b/é?";
  const put = await dalil.call("UpsertDocument", { document_id: id, body: { text: "Herons fish at dawn.", title: "Herons" } });
  assert.equal(put.receipt.document_id, id);
  const got = await dalil.call("GetDocument", { document_id: id, include_text: true });
  assert.equal(got.document.text, "Herons fish at dawn.");
  const passages = await dalil.call("GetPassages", { passage_ids: (await dalil.search("herons")).passages.map((p) => p.passage_id) });
  assert.ok(passages.passages.length > 0);
  assert.equal((await dalil.call("FindSimilar", { body: { text: "poverty reduction", page_size: 1 } })).passages.length, 1);
  await dalil.call("DeleteDocument", { document_id: id });
  await assert.rejects(dalil.call("GetDocument", { document_id: id }), { name: "DalilError", status: 404, reason: "NOT_FOUND" });
  assert.equal((await dalil.call("GetInfo", {})).arms.length, 2);
});

test("errors have reasons", async () => {
  const error = await dalil.search({ query: "rivers", page_size: 1000 }).catch((e) => e);
  assert.ok(error instanceof DalilError);
  assert.deepEqual([error.status, error.code, error.reason, error.violations[0].field, error.retryAfter], [400, 3, "INVALID", "page_size", undefined]);
  await assert.rejects(dalil.search("rivers", { timeout: 0 }), { name: "TimeoutError" });
  await assert.rejects(dalil.search("rivers", { signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(new Dalil("http://127.0.0.1:1", { tries: 1 }).search("rivers"), TypeError);
});

test("reads are repeated, writes are not", async () => {
  let calls = 0;
  const busy = (left) => async (...request) => {
    calls++;
    return left-- > 0 ? Response.json({ code: 14, message: "busy", details: [] }, { status: 503 }) : fetch(...request);
  };
  await new Dalil(url, { fetch: busy(2) }).search("rivers");
  assert.equal(calls, 3);
  calls = 0;
  const put = { document_id: "ts/once", body: { text: "Once." } };
  await assert.rejects(new Dalil(url, { fetch: busy(2) }).call("UpsertDocument", put), { status: 503, code: 14 });
  assert.equal(calls, 1);
});

test("the package needs nothing that a browser lacks", () => {
  for (const name of readdirSync(new URL("../dist/", import.meta.url)).filter((n) => n.endsWith(".js") && n !== "node.js")) {
    const text = readFileSync(new URL("../dist/" + name, import.meta.url), "utf8");
    assert.doesNotMatch(text, /from "(?!\.)|require\(|process\.|Buffer/, name);
  }
  assert.ok(Object.keys(routes).length > 25);
});

test("the program of README.md", async () => {
  const [, program] = /```js\n([^]*?)```/.exec(readFileSync(new URL("../README.md", import.meta.url), "utf8"));
  const run = program.replaceAll("http://127.0.0.1:7812", url);
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", run], { cwd: new URL("..", import.meta.url) });
  assert.equal(stdout, "notes/bridges 1\nBridges join both halves of the old city.\nINVALID page_size\n");
});
