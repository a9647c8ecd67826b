import assert from "node:assert/strict";
import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { eventually } from "./support/eventually.ts";
import { Fleet, repo, sandboxCommand } from "./support/fleet.ts";
import { processesOf } from "./support/processes.ts";

interface Cluster {
    name: string;
    endpoint: string;
}

export function secondSandboxTests(first: Fleet): void {
    describe("a second sandbox on this machine", () => {
        const second = new Fleet(".sandbox-test-2");
        let command: ChildProcess | undefined;
        let running = false;
        let output = "";

        before(async () => {
            await second.reset();
        });
        after(async () => {
            if (running && command?.pid !== undefined) process.kill(-command.pid, "SIGKILL");
            await second.reset();
        });

        it("has a daemon, a hub and ports of its own", async () => {
            // A group of its own, as a terminal gives it: Ctrl-C goes to everything in it.
            command = spawn("npm", sandboxCommand(second.folder, []), { cwd: repo, detached: true, stdio: "pipe" });
            running = true;
            command.once("close", () => (running = false));
            command.stdout?.on("data", (text: Buffer) => (output += text.toString()));
            command.stderr?.on("data", (text: Buffer) => (output += text.toString()));
            const hub = await eventually("its hub's API server answers", async () => {
                const [cluster] = await second.control<Cluster[]>("clusters");
                assert.equal(cluster?.name, "hub-01");
                assert.ok(await second.kube("hub-01").ready());
                return cluster;
            });
            const clusters = await first.control<Cluster[]>("clusters");
            assert.equal(
                clusters.some(({ endpoint }) => endpoint === hub.endpoint),
                false,
            );
            assert.notEqual((await second.daemon()).port, (await first.daemon()).port);
            await first.settled();
        });

        it("ends at Ctrl-C with no process left, and the first one goes on", async () => {
            assert.ok(command?.pid);
            assert.ok((await processesOf(second.layout.root)).length > 0);
            // Not "exit": npm itself is gone before the command that it runs.
            const ended = once(command, "close") as Promise<[number | null]>;
            process.kill(-command.pid, "SIGINT");
            const [code] = await ended;
            assert.notEqual(code, 0);
            assert.match(output, /Stopped, nothing left running/);
            await eventually("no process is left", async () => {
                assert.deepEqual(await processesOf(second.layout.root), [], output);
            });
            await first.settled();
        });
    });
}
