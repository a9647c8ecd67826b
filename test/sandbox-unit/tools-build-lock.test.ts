import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

import { acquireBuildLock } from "../../sandbox/tools/build-lock.ts";

/** The id of a process that has ended. */
function deadPid(): number {
    return spawnSync(process.execPath, ["--version"]).pid;
}

describe("the build lock", () => {
    let folder: string;
    let file: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "fleet-lock-"));
        file = path.join(folder, "build.lock");
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    it("is held by one at a time, and names the holder to the one that waits", async () => {
        const release = await acquireBuildLock(file);
        const order: string[] = [];
        const second = acquireBuildLock(file, { onWait: (pid) => order.push(`waits for ${pid}`) }).then((free) => {
            order.push("second");
            free();
        });
        await new Promise((resolve) => setTimeout(resolve, 50));
        order.push("first done");
        release();
        await second;
        assert.deepEqual(order, [`waits for ${process.pid}`, "first done", "second"]);
        assert.deepEqual(readdirSync(folder), []);
    });

    it("is taken over from a process that is gone", async () => {
        writeFileSync(file, JSON.stringify({ id: "old", pid: deadPid(), host: hostname() }));
        const release = await acquireBuildLock(file, { onWait: () => assert.fail("waited for a dead process") });
        release();
        assert.ok(!existsSync(file));
    });

    it("is taken over from a holder without a sign of life, though its process id is in use", async () => {
        writeFileSync(file, JSON.stringify({ id: "old", pid: process.pid, host: hostname() }));
        utimesSync(file, 0, 0);
        (await acquireBuildLock(file, { onWait: () => assert.fail("waited for a silent holder") }))();
    });

    it("is not taken from a live holder of another host, whose process ids mean nothing here", async () => {
        writeFileSync(file, JSON.stringify({ id: "far", pid: deadPid(), host: "elsewhere.example" }));
        const stop = new AbortController();
        const waiting = acquireBuildLock(file, { signal: stop.signal, onWait: () => stop.abort() });
        await assert.rejects(waiting, { name: "AbortError" });
        assert.deepEqual(readdirSync(folder), ["build.lock"]);
    });

    it("is not removed by a holder that has lost it", async () => {
        const release = await acquireBuildLock(file);
        writeFileSync(file, JSON.stringify({ id: "new", pid: process.pid, host: hostname() }));
        release();
        assert.ok(existsSync(file));
    });
});
