import { spawn } from "node:child_process";
import path from "node:path";
import { once } from "node:events";
import type { Layout } from "../stacks/layout.ts";
import { running } from "./running.ts";

/**
 * The user's shell, or one command, in the private Pulumi project and with the sandbox's environment:
 * `pulumi up -s hub` works there as it does against AWS. Exits with the command's own code.
 */
export async function shell(layout: Layout, command: string[]): Promise<void> {
    const { environment } = await running(layout);
    const [program = process.env["SHELL"] ?? "/bin/sh", ...args] = command;
    if (command.length === 0) {
        console.log("pulumi, kubectl, helm and aws use the sandbox here. Stacks: pulumi stack ls. Leave with exit.");
    }
    const child = spawn(program, args, {
        cwd: layout.pulumiProject,
        env: { ...environment, KUBECONFIG: path.join(layout.kubeconfigs, "all") },
        stdio: "inherit",
    });
    const [code] = (await once(child, "exit")) as [number | null];
    process.exitCode = code ?? 1;
}
