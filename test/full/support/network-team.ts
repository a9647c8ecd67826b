import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { Fleet } from "../../sandbox/support/fleet.ts";

/** Another team's stack, in the same backend and accounts: the VPCs that a fleet adopts. */
export class NetworkTeam {
    readonly #fleet: Fleet;
    readonly #project: string;

    constructor(fleet: Fleet) {
        this.#fleet = fleet;
        this.#project = path.join(fleet.layout.root, "network-team");
    }

    /** Makes the VPCs; gives `fleet:network.existing` by stack. */
    async up(): Promise<Record<string, Record<string, unknown>>> {
        await mkdir(this.#project, { recursive: true });
        const main = path.relative(this.#project, path.join(import.meta.dirname, "vpcs.ts"));
        const runtime = { name: "nodejs", options: { typescript: false, nodeargs: "--import tsx" } };
        await writeFile(path.join(this.#project, "Pulumi.yaml"), stringify({ name: "network-team", main, runtime }));
        await this.#pulumi("stack", "select", "--create", "--secrets-provider", "passphrase", "main");
        await this.#pulumi("up", "--yes", "--skip-preview", "--stack", "main");
        const outputs = await this.#pulumi("stack", "output", "--json", "--stack", "main");
        return JSON.parse(outputs) as Record<string, Record<string, unknown>>;
    }

    async destroy(): Promise<void> {
        await this.#pulumi("destroy", "--yes", "--skip-preview", "--stack", "main");
    }

    async #pulumi(...words: string[]): Promise<string> {
        const { stdout } = await execa("pulumi", [...words, "--non-interactive"], {
            cwd: this.#project,
            env: await this.#fleet.environment(),
            extendEnv: false,
        });
        return stdout;
    }
}
