// What node.ts uses of Node, so that nothing but the compiler is needed to build.

declare module "node:https" {
  interface Incoming extends AsyncIterable<Uint8Array> {
    statusCode?: number;
    rawHeaders: string[];
  }
  interface Outgoing {
    on(event: "error", listener: (error: Error) => void): void;
    end(body?: string): void;
  }
  class Agent {
    constructor(options: object);
  }
  function request(url: string, options: object, answer: (incoming: Incoming) => void): Outgoing;
}

declare module "node:stream" {
  const Readable: { toWeb(readable: unknown): ReadableStream<Uint8Array> };
}
