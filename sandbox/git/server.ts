import { spawn } from "node:child_process";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Handler, Response } from "../daemon/http.ts";

/** Called after a push that moved `refs/heads/<branch>`. */
export type PushListener = (push: { branch: string; before: string; after: string }) => void;

/**
 * Git's smart HTTP protocol for the repositories below `root`, by `git http-backend`, under `/git/`.
 * Anybody on this machine may fetch and push: it listens on loopback and holds nothing but this checkout.
 */
export function gitHandler(root: string, onPush: PushListener): Handler {
    return async (request) => {
        const pathInfo = request.url.pathname.replace(/^\/git/, "");
        const isPush = request.method === "POST" && pathInfo.endsWith("/git-receive-pack");
        const encoding = request.headers["content-encoding"];
        const body = encoding === "gzip" ? gunzipSync(request.body) : request.body;
        const repository = path.join(root, path.normalize(pathInfo.split("/")[1] ?? ""));
        const before = isPush ? await heads(repository) : new Map<string, string>();
        const answer = await backend(
            {
                GIT_PROJECT_ROOT: root,
                GIT_HTTP_EXPORT_ALL: "1",
                PATH_INFO: pathInfo,
                QUERY_STRING: request.url.search.replace(/^\?/, ""),
                REQUEST_METHOD: request.method,
                CONTENT_TYPE: request.headers["content-type"] ?? "",
                GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
                REMOTE_ADDR: "127.0.0.1",
                PATH: process.env["PATH"] ?? "",
            },
            body,
        );
        if (isPush) {
            for (const [branch, after] of await heads(repository)) {
                const old = before.get(branch);
                if (old !== after) onPush({ branch, before: old ?? "0".repeat(40), after });
            }
        }
        return answer;
    };
}

/** Runs the CGI program and splits its headers from its body (RFC 3875 §6.2). */
async function backend(env: Record<string, string>, body: Buffer): Promise<Response> {
    const { code, stdout, stderr } = await run("git", ["http-backend"], env, body);
    if (code !== 0) return { status: 500, body: `git http-backend: ${stderr.trim()}\n` };
    const end = stdout.indexOf("\r\n\r\n");
    const headers: Record<string, string> = {};
    let status = 200;
    for (const line of stdout.subarray(0, end).toString("latin1").split("\r\n")) {
        const [name = "", ...value] = line.split(": ");
        if (name.toLowerCase() === "status") status = Number.parseInt(value.join(": "), 10);
        else headers[name] = value.join(": ");
    }
    return { status, headers, body: stdout.subarray(end + 4) };
}

async function heads(repository: string): Promise<Map<string, string>> {
    const args = ["-C", repository, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads"];
    const { stdout } = await run("git", args, { PATH: process.env["PATH"] ?? "" }, Buffer.alloc(0));
    const lines = stdout.toString().trim().split("\n").filter(Boolean);
    return new Map(lines.map((line) => line.split(" ") as [string, string]));
}

function run(command: string, args: string[], env: Record<string, string>, input: Buffer) {
    return new Promise<{ code: number; stdout: Buffer; stderr: string }>((resolve, reject) => {
        const child = spawn(command, args, { env, stdio: "pipe" });
        const out: Buffer[] = [];
        let stderr = "";
        child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        child.on("error", reject);
        child.on("close", (code) => resolve({ code: code ?? 1, stdout: Buffer.concat(out), stderr }));
        // The program may end before it has read everything (a refused push): its exit code tells, not EPIPE.
        child.stdin.on("error", () => {});
        child.stdin.end(input);
    });
}
