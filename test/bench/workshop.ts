import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";

import { providerRoute } from "../../sandbox/aws-twin/routes.ts";
import { Twin } from "../../sandbox/aws-twin/twin.ts";
import { createRouter } from "../../sandbox/daemon/router.ts";
import { installEngineParts } from "../../sandbox/engine/install.ts";
import { resolveTools } from "../../sandbox/tools/index.ts";
import { FakeClusters } from "../aws-twin/support/fake-clusters.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const token = "bench";

/** A stack of a program: what `pulumi preview` needs to run it. */
export interface Program {
    /** Folder of its Pulumi.yaml. */
    folder: string;
    stack: string;
}

/** The real engine, the AWS twin and a backend of their own, in a folder that `close` removes. */
export class Workshop {
    readonly root: string;
    readonly #cli: string;
    readonly #server: Server;

    private constructor(root: string, cli: string, server: Server) {
        this.root = root;
        this.#cli = cli;
        this.#server = server;
    }

    static async open(): Promise<Workshop> {
        const { pulumi } = await resolveTools(["pulumi"]);
        const root = await mkdtemp(path.join(tmpdir(), "fleet-bench-"));
        await mkdir(path.join(root, "backend"));
        const twin = new Twin({
            stateFile: path.join(root, "twin.json"),
            clusters: new FakeClusters(),
            clock: () => new Date(),
        });
        const server = createRouter([{ prefix: "/provider/aws", private: true, handler: providerRoute(twin) }], token);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        await writeFile(path.join(root, "daemon.json"), JSON.stringify({ port, token }));
        await installEngineParts({ layout: { pulumiHome: path.join(root, "home") }, tools: { pulumi } });
        return new Workshop(root, pulumi.path, server);
    }

    async close(): Promise<void> {
        this.#server.closeAllConnections();
        this.#server.close();
        await rm(this.root, { recursive: true });
    }

    /** This repository's program with a stack's configuration. */
    async product(stack: string, configs: Readonly<Record<string, unknown>>): Promise<Program> {
        const folder = await this.#project(
            "product",
            path.relative(path.join(this.root, "product"), path.join(repository, "index.ts")),
        );
        for (const [name, config] of Object.entries(configs)) {
            await writeFile(path.join(folder, `Pulumi.${name}.yaml`), stringify({ config }));
        }
        return this.#init({ folder, stack });
    }

    /** A program of one file. */
    async single(name: string, stack: string, text: string): Promise<Program> {
        const folder = await this.#project(name, "index.ts");
        await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
        await symlink(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
        await writeFile(path.join(folder, "index.ts"), text);
        return this.#init({ folder, stack });
    }

    /** Runs the CLI for a program; throws with what it said when it fails. */
    async pulumi({ folder, stack }: Program, ...args: string[]): Promise<string> {
        const { stdout } = await execa(this.#cli, [...args, "--stack", stack, "--non-interactive", "--color=never"], {
            cwd: folder,
            env: {
                PULUMI_HOME: path.join(this.root, "home"),
                PULUMI_BACKEND_URL: `file://${path.join(this.root, "backend")}`,
                PULUMI_CONFIG_PASSPHRASE: token,
                PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
                PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
                PULUMI_SKIP_UPDATE_CHECK: "true",
                FLEET_SANDBOX_DIR: this.root,
                VAULT_TOKEN: token,
                AWS_EC2_METADATA_DISABLED: "true",
                AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
                AWS_CONFIG_FILE: "/dev/null",
            },
            stdin: "ignore",
        });
        return stdout;
    }

    async #project(name: string, main: string): Promise<string> {
        const folder = path.join(this.root, name);
        await mkdir(folder);
        const options = { typescript: false, nodeargs: "--import tsx" };
        // All of one project: a file backend keeps a project's stacks apart from another's.
        await writeFile(
            path.join(folder, "Pulumi.yaml"),
            stringify({ name: "fleet", main, runtime: { name: "nodejs", options } }),
        );
        return folder;
    }

    async #init(program: Program): Promise<Program> {
        await this.pulumi(program, "stack", "init", "--secrets-provider", "passphrase");
        return program;
    }
}
