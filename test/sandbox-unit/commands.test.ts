import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { changes } from "../../sandbox/cli/stacks-up.ts";
import { json } from "../../sandbox/daemon/http.ts";
import { createRouter } from "../../sandbox/daemon/router.ts";
import { notifyPush } from "../../sandbox/git/webhook.ts";
import { hasStaleLock } from "../../sandbox/stacks/file-backend.ts";
import { summaryOf } from "../../sandbox/stacks/pulumi.ts";
import { takeLock } from "../../sandbox/stacks/run-lock.ts";

/** A pid that nobody has: of a child that has ended. */
async function deadPid(): Promise<number> {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    return child.pid ?? 0;
}

describe("sandbox: commands", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "fleet-commands-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("reads what an update did from the CLI's closing lines", () => {
        const output =
            "Updating (dev):\n  + 3 things\n\nResources:\n    + 2 created\n    ~ 1 updated\n    +-1 replaced\n    70 unchanged\n\nDuration: 5s\n";
        assert.deepEqual(summaryOf(output), { created: 2, updated: 1, replaced: 1, unchanged: 70 });
        assert.equal(changes(summaryOf(output)), "2 created, 1 updated, 1 replaced");
        assert.equal(changes({ unchanged: 70 }), "unchanged");
    });

    it("lets one command at a time change a sandbox, and takes over from one that was killed", async () => {
        const release = await takeLock(folder, "up");
        await assert.rejects(takeLock(folder, "destroy"), /npm run sandbox -- up" is at work .*process \d+/);
        await release();
        writeFileSync(path.join(folder, "lock.json"), JSON.stringify({ pid: await deadPid(), command: "up" }));
        await (
            await takeLock(folder, "destroy")
        )();
    });

    it("tells a stack lock that a killed CLI left from one whose pulumi still runs", async () => {
        const locks = path.join(folder, ".pulumi/locks/organization/fleet/dev");
        mkdirSync(locks, { recursive: true });
        assert.equal(await hasStaleLock(folder, "fleet", "dev"), false);
        const lock = { username: "me", hostname: "here", timestamp: "now" };
        writeFileSync(path.join(locks, "1.json"), JSON.stringify({ ...lock, pid: await deadPid() }));
        assert.equal(await hasStaleLock(folder, "fleet", "dev"), true);
        writeFileSync(path.join(locks, "2.json"), JSON.stringify({ ...lock, pid: process.pid }));
        await assert.rejects(hasStaleLock(folder, "fleet", "dev"), /stack dev is being changed by me@here \(pid \d+\)/);
    });
});

describe("sandbox: the daemon's router", () => {
    const server = createRouter(
        [
            { prefix: "/", private: false, handler: async () => json(200, "root") },
            { prefix: "/control/", private: true, handler: async ({ body }) => json(200, body.toString()) },
            { prefix: "/broken", private: false, handler: () => Promise.reject(new Error("it broke")) },
        ],
        "secret",
    );
    let url = "";
    before(async () => {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const address = server.address();
        url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    });
    after(() => server.close());

    it("gives the longest prefix, and control paths only to the token's bearer", async () => {
        assert.equal(await (await fetch(`${url}/anything`)).json(), "root");
        assert.equal((await fetch(`${url}/control/x`)).status, 401);
        const headers = { authorization: "Bearer secret" };
        const answer = await fetch(`${url}/control/x`, { method: "POST", body: "hello", headers });
        assert.equal(await answer.json(), "hello");
    });

    it("answers an error of a handler as JSON", async () => {
        const answer = await fetch(`${url}/broken`);
        assert.equal(answer.status, 500);
        assert.deepEqual(await answer.json(), { error: "it broke" });
    });
});

describe("sandbox: announcing a push", () => {
    it("posts GitHub's push event, signed, to every listener", async () => {
        const got: { headers: Record<string, unknown>; body: string }[] = [];
        const listener = createServer((request, response) => {
            let body = "";
            request.on("data", (chunk: Buffer) => (body += chunk.toString()));
            request.on("end", () => {
                got.push({ headers: request.headers, body });
                response.end();
            });
        });
        listener.listen(0, "127.0.0.1");
        await once(listener, "listening");
        const address = listener.address();
        const target = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/api/webhook`;
        const push = { branch: "main", before: "a".repeat(40), after: "b".repeat(40), files: ["gitops/x.yaml"] };
        await notifyPush({ urls: [target], secret: "It's a Secret to Everybody" }, "http://host/git/fleet.git", push);
        listener.close();

        assert.equal(got.length, 1);
        const { headers, body } = got[0] ?? { headers: {}, body: "{}" };
        assert.equal(headers["x-github-event"], "push");
        const event = JSON.parse(body) as {
            ref: string;
            repository: { html_url: string };
            commits: { modified: string[] }[];
        };
        assert.equal(event.ref, "refs/heads/main");
        assert.equal(event.repository.html_url, "http://host/git/fleet");
        assert.deepEqual(event.commits[0]?.modified, ["gitops/x.yaml"]);
        const signature = createHmac("sha256", "It's a Secret to Everybody").update(body).digest("hex");
        assert.equal(headers["x-hub-signature-256"], `sha256=${signature}`);
    });
});
