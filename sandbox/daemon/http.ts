import type { IncomingHttpHeaders } from "node:http";

/** One request to the daemon, its body read whole. */
export interface Request {
    method: string;
    url: URL;
    headers: IncomingHttpHeaders;
    body: Buffer;
}

export interface Response {
    status: number;
    headers?: Record<string, string>;
    body: string | Buffer;
}

export type Handler = (request: Request) => Promise<Response>;

/** A JSON answer. */
export function json(status: number, value: unknown): Response {
    return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
