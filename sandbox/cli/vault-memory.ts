import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { control } from "../daemon/client.ts";
import type { ProcessInfo } from "../process/supervisor.ts";
import type { DaemonInfo } from "../stacks/environment.ts";
import type { Layout } from "../stacks/layout.ts";

/**
 * The sandbox's Vault forgets everything when its process ends, and Pulumi's state would not know. `lost` says that
 * it has started anew since the last `up`; `keep` remembers the process that holds what this `up` wrote.
 */
export async function vaultMemory(
    layout: Layout,
    daemon: DaemonInfo,
): Promise<{ lost: boolean; keep: () => Promise<void> }> {
    const file = path.join(layout.state, "vault-started");
    const processes = await control<ProcessInfo[]>(daemon, "processes");
    const started = String(processes.find(({ id }) => id === "vault")?.startedAt ?? 0);
    const before = await readFile(file, "utf8").catch(() => undefined);
    return {
        lost: before !== undefined && before !== started,
        keep: () => writeFile(file, started),
    };
}
