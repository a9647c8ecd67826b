import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json, type Request, type Response } from "./http.ts";

/** `signal` aborts when the client goes away before it has its answer. */
export type RouteHandler = (request: Request, signal: AbortSignal) => Promise<Response>;

export interface Route {
    /** Path prefix; the longest that matches wins. */
    prefix: string;
    /** True: only with `Authorization: Bearer <daemon token>`. */
    private: boolean;
    handler: RouteHandler;
}

/** Nothing that talks to the daemon sends more; a push of the working tree is the largest. */
const MAX_BODY = 512 * 1024 * 1024;

/** The daemon's one HTTP server: finds the route, reads the body, answers errors as JSON `{error}`. */
export function createRouter(routes: Route[], token: string): Server {
    const sorted = routes.toSorted((a, b) => b.prefix.length - a.prefix.length);
    const server = createServer((incoming, outgoing) => {
        answer(sorted, token, incoming, outgoing).catch((error: unknown) => {
            console.error(`${incoming.method ?? ""} ${incoming.url ?? ""}: ${String(error)}`);
            if (!outgoing.headersSent) send(outgoing, json(500, { error: message(error) }));
        });
    });
    // Creating a cluster answers when the cluster is there.
    server.requestTimeout = 0;
    return server;
}

async function answer(routes: Route[], token: string, incoming: IncomingMessage, outgoing: ServerResponse) {
    const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "127.0.0.1"}`);
    const route = routes.find(({ prefix }) => url.pathname.startsWith(prefix));
    if (route === undefined) return send(outgoing, json(404, { error: `nothing is served at ${url.pathname}` }));
    if (route.private && incoming.headers.authorization !== `Bearer ${token}`) {
        return send(outgoing, json(401, { error: "the bearer token in daemon.json is required" }));
    }
    const gone = new AbortController();
    outgoing.on("close", () => {
        if (!outgoing.writableFinished) gone.abort(new Error("the client went away"));
    });
    const body = await readBody(incoming);
    const request: Request = { method: incoming.method ?? "GET", url, headers: incoming.headers, body };
    send(outgoing, await route.handler(request, gone.signal));
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > MAX_BODY) throw new Error(`a request of more than ${MAX_BODY} bytes`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

function send(outgoing: ServerResponse, response: Response): void {
    outgoing.writeHead(response.status, response.headers);
    outgoing.end(response.body);
}

export function message(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
