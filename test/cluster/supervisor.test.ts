import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alive } from "../../sandbox/process/entry.ts";
import { startTime } from "../../sandbox/process/identity.ts";
import { Supervisor, type ProcessExit, type ProcessSpec } from "../../sandbox/process/supervisor.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const FOREVER = "setInterval(() => {}, 1000)";

const pidOf = (s: Supervisor): number => s.list().find((info) => info.id === "p")?.pid ?? 0;
const exitOf = (s: Supervisor) => new Promise<ProcessExit>((resolve) => s.on("exit", resolve));
const until = async (condition: () => boolean): Promise<void> => {
    for (let left = 1500; !condition() && left > 0; left--) await sleep(10);
    assert.ok(condition());
};

describe("supervisor", () => {
    const all: Supervisor[] = [];

    afterEach(async () => {
        for (const one of all.splice(0)) {
            await one.stopAll();
            one.close();
        }
    });

    // After the hook above: a supervisor that stops still writes its state.
    const folder = temporaryFolder();

    const supervisor = (): Supervisor => {
        const made = new Supervisor({ stateFile: path.join(folder(), "processes.json") });
        all.push(made);
        return made;
    };
    const spec = (script: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
        id: "p",
        command: process.execPath,
        args: ["-e", script],
        env: {},
        logFile: path.join(folder(), "logs", "p.log"),
        ...more,
    });

    it("runs a process with its own environment only and appends its output to the log", async () => {
        const s = supervisor();
        const exit = exitOf(s);
        const script = "console.log(Object.keys(process.env).filter((k) => k !== '__CF_USER_TEXT_ENCODING').join())";
        await s.ensure(spec(script, { env: { GREETING: "hello" } }));
        assert.deepEqual(await exit, { id: "p", pid: pidOf(s), code: 0, signal: null, willRestart: false });
        assert.equal(readFileSync(path.join(folder(), "logs", "p.log"), "utf8"), "GREETING\n");
    });

    it("keeps a process whose spec is the same and restarts it when the spec changes", async () => {
        const s = supervisor();
        await s.ensure(spec(FOREVER));
        const first = pidOf(s);
        await s.ensure(spec(FOREVER));
        assert.equal(pidOf(s), first);
        await s.ensure(spec(FOREVER, { env: { A: "1" } }));
        const second = pidOf(s);
        assert.notEqual(second, first);
        assert.equal(startTime(first), undefined);
        assert.notEqual(startTime(second), undefined);
    });

    it("starts a process that ended again, and counts", async () => {
        const s = supervisor();
        await s.ensure(spec("process.exit(3)", { restart: true }));
        await until(() => (s.list()[0]?.restarts ?? 0) >= 2);
        assert.equal(s.list()[0]?.lastExit?.code, 3);
        await s.stop("p");
        assert.deepEqual(s.list(), []);
    });

    it("takes over what an earlier daemon started, and does not start it twice", async () => {
        const before = supervisor();
        await before.ensure(spec(FOREVER, { restart: true }));
        before.close();
        const after = supervisor();
        assert.deepEqual(
            after.list().map(({ pid, running }) => ({ pid, running })),
            [{ pid: pidOf(before), running: true }],
        );
        await after.ensure(spec(FOREVER, { restart: true }));
        assert.equal(pidOf(after), pidOf(before));
    });

    it("restarts an adopted process that dies", async () => {
        const before = supervisor();
        await before.ensure(spec(FOREVER, { restart: true }));
        const first = pidOf(before);
        before.close();
        const after = supervisor();
        await after.ensure(spec(FOREVER, { restart: true }));
        process.kill(first, "SIGKILL");
        await until(() => pidOf(after) !== first);
        assert.notEqual(startTime(pidOf(after)), undefined);
    });

    it("never signals a stranger that got the pid of a process that is gone", async () => {
        const s = supervisor();
        await s.ensure(spec(FOREVER));
        s.close();
        const stateFile = path.join(folder(), "processes.json");
        const original = pidOf(s);
        // The kernel counts start times in hundredths of a second: two processes of one tick look alike.
        await sleep(50);
        const stranger = spawn(process.execPath, ["-e", FOREVER], { stdio: "ignore" });
        writeFileSync(
            stateFile,
            readFileSync(stateFile, "utf8").replace(`"pid": ${original},`, `"pid": ${stranger.pid},`),
        );
        const after = supervisor();
        assert.equal(after.list()[0]?.running, false);
        await after.stop("p");
        assert.equal(stranger.exitCode, null);
        assert.notEqual(startTime(stranger.pid ?? 0), undefined);
        stranger.kill("SIGKILL");
    });

    it("takes a process with another start time for another process", () => {
        const entry = { pid: process.pid, specHash: "", logFile: "", restarts: 0, startedAt: 0, running: true };
        assert.equal(alive({ ...entry, startTime: startTime(process.pid) ?? "" }), true);
        assert.equal(alive({ ...entry, startTime: "earlier" }), false);
    });

    it("kills a process that ignores SIGTERM, with its children, after the grace period", async () => {
        const s = supervisor();
        const script =
            `process.on("SIGTERM", () => {});` +
            `const c = require("child_process").spawn(process.execPath, ["-e", "${FOREVER}"], { stdio: "ignore" });` +
            `console.log(c.pid); ${FOREVER}`;
        await s.ensure(spec(script));
        const log = path.join(folder(), "logs", "p.log");
        await until(() => readFileSync(log, "utf8").includes("\n"));
        const child = Number(readFileSync(log, "utf8"));
        const parent = pidOf(s);
        await s.stop("p", 100);
        assert.equal(startTime(parent), undefined);
        await until(() => startTime(child) === undefined);
    });

    it("says which process could not be started, and why", async () => {
        const missing = spec("", { command: "/nowhere/etcd" });
        await assert.rejects(supervisor().ensure(missing), /Cannot start p: spawn \/nowhere\/etcd ENOENT/);
    });

    it("keeps no argument and no variable on disk: they hold secrets", async () => {
        const s = supervisor();
        await s.ensure(spec(`${FOREVER} // s3cret-argument`, { env: { PASSWORD: "s3cret-variable" } }));
        assert.doesNotMatch(readFileSync(path.join(folder(), "processes.json"), "utf8"), /s3cret/);
    });
});
