import assert from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { Fleet } from "./support/fleet.ts";
import { downWhenInterrupted } from "./support/interruption.ts";
import { processesOf } from "./support/processes.ts";

interface Cluster {
    name: string;
    endpoint: string;
}

export function secondSandboxTests(first: Fleet): void {
    describe("a second sandbox on this machine", () => {
        const second = new Fleet(".sandbox-test-2");
        let command: ReturnType<Fleet["start"]> | undefined;
        let release: () => void;

        before(async () => {
            release = downWhenInterrupted(second);
            await second.reset();
        });
        after(async () => {
            second.interrupt();
            await command;
            await second.reset();
            release();
        });

        it("has a daemon, a hub and ports of its own", async () => {
            // A group of its own, as a terminal gives it: Ctrl-C goes to everything in it.
            command = second.start([], { detached: true });
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
            process.kill(-command.pid, "SIGINT");
            // Until nothing writes any more: npm itself is gone before the command that it runs.
            const { failed, all: output } = await command;
            assert.ok(failed);
            assert.match(output, /Stopped, nothing left running/);
            await eventually("no process is left", async () => {
                assert.deepEqual(await processesOf(second.layout.root), [], output);
            });
            await first.settled();
        });
    });
}
