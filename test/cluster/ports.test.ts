import assert from "node:assert/strict";
import { createServer } from "node:net";
import path from "node:path";
import { Ports } from "../../sandbox/process/ports.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("ports", () => {
    const folder = temporaryFolder();
    const ports = () => new Ports({ file: path.join(folder(), "ports.json") });

    it("give a name the same port again, also after a restart", async () => {
        const first = await ports().allocate("cluster/a/etcd");
        assert.equal(await ports().allocate("cluster/a/etcd"), first);
    });

    it("never give two names the same port, also when asked at once", async () => {
        const all = ports();
        const { random } = Math;
        // Every search starts at the same port.
        Math.random = () => 0.5;
        const asked = Array.from({ length: 20 }, (_, i) => all.allocate(`n${i}`));
        const given = await Promise.all(asked).finally(() => (Math.random = random));
        assert.equal(new Set(given).size, 20);
    });

    it("stay below the ephemeral range and can be listened on", async () => {
        const port = await ports().allocate("x");
        assert.ok(port >= 20_000 && port < 30_000, `${port}`);
        const server = createServer();
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(port, "127.0.0.1", resolve);
        });
        await new Promise((resolve) => server.close(resolve));
    });

    it("are free again after their name, or a name above it, is released", async () => {
        const all = ports();
        const kept = await all.allocate("pod/ab/metrics");
        await all.allocate("pod/a/metrics");
        await all.allocate("pod/a");
        all.release("pod/a");
        assert.deepEqual(all.names(), ["pod/ab/metrics"]);
        assert.equal(await ports().allocate("pod/ab/metrics"), kept);
    });
});
