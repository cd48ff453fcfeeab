import type { Status } from "./api.js";

/** What is wrong with one field of a request. */
export interface Violation {
  field: string;
  description: string;
}

/** An answer of the server that is an error. Errors of the network stay what fetch throws. */
export class DalilError extends Error {
  override readonly name = "DalilError";
  /** The status of HTTP; 200 if the error ended a stream of receipts. */
  readonly status: number;
  /** The code of gRPC; 0: the body was not of Dalil, for example that of a proxy. */
  readonly code: number;
  /** The name of an ErrorReason, such as "INVALID" or "NOT_FOUND"; "": unknown. */
  readonly reason: string;
  /** What is wrong with the request, field by field. */
  readonly violations: readonly Violation[];
  /** Seconds until another try; undefined: trying again does not help, or nothing is known. */
  readonly retryAfter: number | undefined;
  /** Whether a write may have taken effect. */
  readonly outcomeUnknown: boolean;
  /** The number under which the server's log has the cause of an internal error; "": none. */
  readonly incident: string;

  constructor(status: number, body: Partial<Status>, retryAfter?: number) {
    const details = (body.details ?? []) as Array<{ "@type": string; [key: string]: unknown }>;
    const detail = (name: string) => details.find((d) => d["@type"].endsWith("/google.rpc." + name));
    const info = detail("ErrorInfo");
    const reason = typeof info?.reason === "string" ? info.reason : "";
    super((reason ? reason + ": " : "") + (body.message ?? `HTTP status ${status}`));
    const about = (info?.metadata ?? {}) as Record<string, string>;
    this.status = status;
    this.code = body.code ?? 0;
    this.reason = reason;
    this.violations = (detail("BadRequest")?.field_violations ?? []) as Violation[];
    const delay = Number.parseFloat(String(detail("RetryInfo")?.retry_delay ?? ""));
    this.retryAfter = Number.isNaN(delay) ? retryAfter : delay;
    this.outcomeUnknown = about.outcome === "unknown";
    this.incident = about.incident ?? "";
  }

  /** The error of an answer of HTTP. */
  static async of(answer: Response): Promise<DalilError> {
    const after = Number.parseFloat(answer.headers.get("Retry-After") ?? "");
    let body: Partial<Status> = {};
    const text = await answer.text();
    try {
      body = JSON.parse(text) as Partial<Status>;
    } catch {
      // A proxy answered with a page.
    }
    return new DalilError(answer.status, body, Number.isNaN(after) ? undefined : after);
  }
}
