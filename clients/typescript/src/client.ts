import type {
  BuildContextRequest,
  BuildContextResponse,
  Calls,
  CheckGroundingRequest,
  CheckGroundingResponse,
  Receipt,
  SearchRequest,
  SearchResponse,
  Status,
} from "./api.js";
import { routes } from "./api.js";
import { DalilError } from "./errors.js";

/** Settings of a client. */
export interface Options {
  /** Headers of every request, for example those of a proxy that authenticates. */
  headers?: Record<string, string>;
  /**
   * A key or token, which every request sends. Default: in Node, that of the variable DALIL_API_KEY; "" sends none. It is
   * not sent to another machine without TLS (TypeError), unless allowPlaintext is true. A page must not contain a key that
   * its readers may not use.
   */
  apiKey?: string;
  /** Lets the key go to another machine without TLS. Whoever can read the network can then use it. */
  allowPlaintext?: boolean;
  /** Whose documents are meant. The key then needs the scope admin. */
  tenant?: string;
  /** How long one call may take, in milliseconds. Default 10,000. Streams have no limit. */
  timeout?: number;
  /** How often a read is tried that fails with 503 or without an answer. Default 4; writes are tried once. */
  tries?: number;
  /** What sends requests. Default: fetch. In Node, tlsFetch of "dalil/node" is one with a CA or a client certificate. */
  fetch?: typeof fetch;
}

/** Settings of one call. */
export interface CallOptions {
  signal?: AbortSignal;
  /** In milliseconds; see Options. */
  timeout?: number;
}

/** What a call is given: its parameters and, if it has one, its body. */
export type Arguments<Name extends keyof Calls> = Calls[Name]["parameters"] &
  ([Calls[Name]["body"]] extends [never] ? unknown : { body: Calls[Name]["body"] });

/** A document to index, with the fields of JSON Lines (docs/formats.md). Without an id, it gets one from its content. */
export interface DocumentRecord {
  id?: string;
  text: string;
  title?: string;
  url?: string;
  source?: string;
  language?: string;
  author?: string;
  tags?: string[];
  metadata?: Record<string, string | number | boolean | string[]>;
  published_at?: string;
  expires_at?: string;
  visible_from?: string;
  source_version?: number;
}

// A write can have taken effect although its answer was lost, and a second one could
// undo that of another client which came in between. So only reads are repeated.
const reads: ReadonlySet<string> = new Set<keyof Calls>([
  "BatchSearch", "BuildContext", "CheckGrounding", "ExplainDocument", "FindSimilar", "ListDocumentsPost", "ListFacetsPost",
  "PreviewDocument", "Search", "WaitOperation",
]);

/** Documents of one request of ingest, and letters of their records. */
const batchDocuments = 64;
const batchLetters = 1 << 20;

/** A client of one address, such as http://127.0.0.1:7812. Methods throw DalilError. */
export class Dalil {
  private readonly base: string;
  private readonly options: Options;
  private readonly headers: Record<string, string>;

  constructor(url: string, options: Options = {}) {
    if (!/^https?:\/\/[^/]/.test(url)) throw new TypeError(`Dalil: the address must begin with http:// or https://, is "${url}"`);
    this.base = url.replace(/\/+$/, "");
    this.options = options;
    this.headers = { ...options.headers };
    const key = (options.apiKey ?? keyOfEnvironment()).trim();
    if (key !== "") {
      if (!/^[!-~]+$/.test(key)) throw new TypeError("Dalil: apiKey must be one key, but there is white space or a character outside ASCII in it");
      if (!options.allowPlaintext && !isProtected(url)) {
        throw new TypeError(`Dalil: the key is not sent to ${this.base} without TLS; use https://, or allowPlaintext, which sends it readable for everyone on the network`);
      }
      this.headers["Authorization"] = "Bearer " + key;
    }
    if (options.tenant) this.headers["Dalil-Tenant"] = options.tenant;
  }

  /** Finds the passages that answer a question, the best first. */
  search(query: string | SearchRequest, options?: CallOptions): Promise<SearchResponse> {
    return this.call("Search", { body: typeof query === "string" ? { query } : query }, options);
  }

  /** Returns a text for the prompt of a language model, with citations. */
  buildContext(query: string | BuildContextRequest, options?: CallOptions): Promise<BuildContextResponse> {
    return this.call("BuildContext", { body: typeof query === "string" ? { query } : query }, options);
  }

  /** Says how well sources support each sentence of an answer. */
  checkGrounding(request: CheckGroundingRequest, options?: CallOptions): Promise<CheckGroundingResponse> {
    return this.call("CheckGrounding", { body: request }, options);
  }

  /** Makes any call of the API, by its name in docs/http.md. */
  async call<Name extends keyof Calls>(name: Name, given: Arguments<Name>, options: CallOptions = {}): Promise<Calls[Name]["answer"]> {
    const { body, ...parameters } = given as { body?: unknown } & Record<string, unknown>;
    if (!Object.hasOwn(routes, name)) throw new TypeError(`Dalil: there is no call "${name}"; docs/http.md lists them`);
    const [method, path] = routes[name];
    const query = new URLSearchParams();
    const address = path.replace(/\{(\w+)\}/g, (_, key: string) => {
      if (parameters[key] === undefined) throw new TypeError(`${name}: ${key} is missing`);
      const value = String(parameters[key]);
      delete parameters[key];
      return encodeURIComponent(value);
    });
    for (const [key, value] of Object.entries(parameters)) {
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(key, String(one));
    }
    const search = query.toString();
    const init: RequestInit = { method, headers: { ...this.headers } };
    if (method !== "GET" && method !== "DELETE") {
      init.headers = { ...this.headers, "Content-Type": "application/json" };
      init.body = JSON.stringify(body ?? {});
    }
    const tries = method === "GET" || reads.has(name) ? (this.options.tries ?? 4) : 1;
    const signals = [AbortSignal.timeout(options.timeout ?? this.options.timeout ?? 10_000)];
    if (options.signal) signals.push(options.signal);
    init.signal = AbortSignal.any(signals);
    const answer = await this.repeat(this.base + address + (search ? "?" + search : ""), init, tries);
    if (!answer.ok) throw await DalilError.of(answer);
    return (await answer.json()) as Calls[Name]["answer"];
  }

  /**
   * Sends documents and yields a receipt for each. A document with a receipt whose outcome is not FAILED is durable.
   * Documents are read and sent in batches of at most 64, the next one when the receipts of the last have been read. After
   * an error, documents without a receipt may or may not be written; sending them again is safe.
   */
  async *ingest(
    documents: AsyncIterable<DocumentRecord> | Iterable<DocumentRecord>,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<Receipt, void, void> {
    let lines: string[] = [];
    let letters = 0;
    for await (const one of documents) {
      const line = JSON.stringify(one);
      lines.push(line);
      letters += line.length;
      if (lines.length === batchDocuments || letters >= batchLetters) {
        yield* this.send(lines, options.signal);
        lines = [];
        letters = 0;
      }
    }
    if (lines.length > 0) yield* this.send(lines, options.signal);
  }

  private async *send(lines: string[], signal: AbortSignal | undefined): AsyncGenerator<Receipt, void, void> {
    const init: RequestInit = {
      method: "POST",
      headers: { ...this.headers, "Content-Type": "application/x-ndjson" },
      body: lines.join("\n") + "\n",
    };
    if (signal) init.signal = signal;
    const answer = await this.fetch(this.base + "/v1/documents:ingest", init);
    if (!answer.ok) throw await DalilError.of(answer);
    let receipts = 0;
    for await (const line of linesOf(answer)) {
      const one = JSON.parse(line) as { receipt?: Receipt; error?: Status };
      if (one.error) throw new DalilError(answer.status, one.error);
      if (!one.receipt) continue;
      receipts++;
      yield one.receipt;
    }
    if (receipts < lines.length) {
      throw new DalilError(answer.status, { code: 14, message: `the stream ended after ${receipts} of ${lines.length} receipts` });
    }
  }

  /** Fetches until there is an answer other than 503, at most so many times. */
  private async repeat(url: string, init: RequestInit, tries: number): Promise<Response> {
    for (let n = 1; ; n++) {
      let wait = Math.min(100 * 2 ** (n - 1), 2000) * (0.8 + 0.4 * Math.random());
      try {
        const answer = await this.fetch(url, init);
        if (answer.status !== 503 || n >= tries) return answer;
        const after = Number.parseFloat(answer.headers.get("Retry-After") ?? "0");
        if (after > 0) wait = Math.max(wait, Math.min(after, 5) * 1000);
        await answer.body?.cancel();
      } catch (error) {
        if (n >= tries || init.signal?.aborted) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      init.signal?.throwIfAborted();
    }
  }

  private fetch(url: string, init: RequestInit): Promise<Response> {
    return (this.options.fetch ?? globalThis.fetch)(url, init);
  }
}

/** The key of the variable DALIL_API_KEY; "": there is none, or this is a browser. */
function keyOfEnvironment(): string {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.DALIL_API_KEY ?? "";
}

/** Whether a key on its way to an address can be read by nobody else. */
function isProtected(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The lines of a body, as they arrive. The body is cancelled if the reader leaves early. */
async function* linesOf(answer: Response): AsyncGenerator<string, void, void> {
  if (!answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + (value ?? "")).split("\n");
      rest = done ? "" : (lines.pop() ?? "");
      for (const line of lines) if (line.trim() !== "") yield line;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
