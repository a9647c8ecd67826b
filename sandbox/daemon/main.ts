/**
 * The daemon: the AWS twin, its endpoints, the control planes, the kubelet, Git and the chart mirror
 * behind one port on loopback. Usage: `main.ts <state folder>`; `sandbox/daemon/start.ts` starts it.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { DaemonInfo } from "../stacks/environment.ts";
import { layout as layoutOf } from "../stacks/layout.ts";
import { compose } from "./compose.ts";
import { message } from "./router.ts";

const root = process.argv[2];
if (root === undefined) throw new Error("usage: main.ts <state folder>");
const layout = layoutOf(path.resolve(import.meta.dirname, "..", ".."), path.resolve(root));

// A bug in one request must not take the clusters' webhooks down with it.
process.on("unhandledRejection", (reason) => console.error(`unhandled: ${message(reason)}`));

await mkdir(layout.state, { recursive: true });
const before = await readFile(layout.daemonFile, "utf8").then(
    (text) => JSON.parse(text) as DaemonInfo,
    () => undefined,
);
const secret = () => randomBytes(24).toString("base64url");
const secrets = { token: before?.token ?? secret(), vaultToken: before?.vaultToken ?? secret() };
const { server, port, vaultAddress, restore } = await compose(layout, secrets, () => process.exit(0));

// The clusters' webhooks and Argo CD's repository URL name this port: it stays for the sandbox's life.
await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
        reject(
            error.code === "EADDRINUSE"
                ? new Error(
                      `port ${port}, which this sandbox had, is used by another program now. ` +
                          "Stop that program, or start anew with: npm run sandbox -- reset",
                  )
                : error,
        ),
    );
    server.listen(port, "127.0.0.1", resolve);
});
await restore();
const info: DaemonInfo = { pid: process.pid, port, vaultAddress, ...secrets };
await writeFile(`${layout.daemonFile}.new`, JSON.stringify(info), { mode: 0o600 });
await rename(`${layout.daemonFile}.new`, layout.daemonFile);
console.log(`ready on 127.0.0.1:${port}`);
