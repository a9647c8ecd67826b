import path from "node:path";
import type { ProcessSpec } from "../process/supervisor.ts";
import type { Layout } from "../stacks/layout.ts";

/**
 * A development Vault server: in memory, so what the stacks wrote is gone when it restarts, and the next
 * `npm run sandbox` writes it again. The root token comes by environment, never as an argument.
 */
export function vaultProcess(layout: Layout, binary: string, port: number, rootToken: string): ProcessSpec {
    return {
        id: "vault",
        command: binary,
        args: ["server", "-dev", "-dev-no-kv", "-dev-no-store-token", `-dev-listen-address=127.0.0.1:${port}`],
        env: { VAULT_DEV_ROOT_TOKEN_ID: rootToken, HOME: layout.state, SKIP_SETCAP: "true" },
        cwd: layout.state,
        logFile: path.join(layout.logs, "vault.log"),
        restart: true,
    };
}
