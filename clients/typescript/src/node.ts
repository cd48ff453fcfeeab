/** TLS with files of one's own, in Node: a CA that the system does not know, and client certificates. */
import { Agent, request } from "node:https";
import { Readable } from "node:stream";

/** Certificates and keys in PEM, as readFileSync gives them. */
export interface TLS {
  /** The CA that signed the server's certificate. Default: the CAs of Node. */
  ca?: string | Uint8Array;
  /** A client certificate, for servers that ask for one, */
  cert?: string | Uint8Array;
  /** and its private key. */
  key?: string | Uint8Array;
  /** The name in the server's certificate, if it differs from the host of the address. */
  serverName?: string;
}

/** Returns a fetch for `new Dalil("https://…", { fetch: tlsFetch({ ca: readFileSync("ca.pem") }) })`. */
export function tlsFetch(tls: TLS): typeof fetch {
  if ((tls.cert === undefined) !== (tls.key === undefined)) throw new TypeError("tlsFetch: give cert and key together, or neither");
  const { serverName, ...files } = tls;
  const agent = new Agent({ ...files, ...(serverName === undefined ? {} : { servername: serverName }), keepAlive: true, minVersion: "TLSv1.2" });
  return (input, init = {}) => {
    const url = String(input instanceof Request ? input.url : input);
    if (!url.startsWith("https://")) return Promise.reject(new TypeError(`tlsFetch: the address must begin with https://, is "${url}"`));
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => {
        if (init.signal?.aborted) reject(init.signal.reason as Error);
        else reject(new TypeError(`fetch failed: ${error.message}`, { cause: error }));
      };
      const headers = Object.fromEntries(new Headers(init.headers));
      const outgoing = request(url, { method: init.method ?? "GET", headers, agent, signal: init.signal ?? undefined }, (incoming) => {
        const status = incoming.statusCode ?? 0;
        const answer = new Headers();
        for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) answer.append(incoming.rawHeaders[i] ?? "", incoming.rawHeaders[i + 1] ?? "");
        const empty = status === 204 || status === 304 || init.method === "HEAD";
        resolve(new Response(empty ? null : Readable.toWeb(incoming), { status, headers: answer }));
      });
      outgoing.on("error", failed);
      outgoing.end(typeof init.body === "string" ? init.body : undefined);
    });
  };
}
