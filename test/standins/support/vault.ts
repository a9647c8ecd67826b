import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { resolveTools } from "../../../sandbox/tools/index.ts";

/** A real Vault in memory, with nothing mounted. */
export interface TestVault {
    address: string;
    /** The root token. */
    token: string;
    /** One request to its HTTP API as root; the parsed answer with its status. */
    api(method: string, path: string, body?: unknown): Promise<{ status: number; data: Record<string, unknown> }>;
    stop(): void;
}

export async function startVault(): Promise<TestVault> {
    const { vault } = await resolveTools(["vault"]);
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const token = "root-token-of-the-test";
    const flags = ["server", "-dev", "-dev-no-kv", "-dev-no-store-token", `-dev-listen-address=127.0.0.1:${port}`];
    const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], VAULT_DEV_ROOT_TOKEN_ID: token };
    const child = spawn(vault.path, flags, { env, stdio: "ignore" });
    while (!(await fetch(`${address}/v1/sys/health`).catch(() => undefined))?.ok) {
        if (child.exitCode !== null) {
            throw new Error(`vault ended with ${child.exitCode}`);
        }
        await sleep(50);
    }
    return {
        address,
        token,
        async api(method, path, body) {
            const response = await fetch(`${address}/v1/${path}`, {
                method,
                headers: { "x-vault-token": token },
                ...(body !== undefined && { body: JSON.stringify(body) }),
            });
            const answer = (await response.json().catch(() => ({}))) as { data?: Record<string, unknown> };
            return { status: response.status, data: answer.data ?? {} };
        },
        stop: () => void child.kill(),
    };
}

async function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const server = createServer();
        server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
        });
    });
}
