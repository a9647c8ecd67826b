import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { repo, type Fleet } from "./fleet.ts";

const EXAMPLE = path.join(repo, "examples", "consumer");
const STACK = "dev";

/** The program of examples/consumer in a private project: Pulumi writes into stack files, and the checkout stays clean. */
export class ConsumerProject {
    readonly #fleet: Fleet;
    readonly #folder: string;

    constructor(fleet: Fleet) {
        this.#fleet = fleet;
        this.#folder = path.join(fleet.layout.root, "consumer");
    }

    async create(roleArn: string): Promise<void> {
        await mkdir(this.#folder, { recursive: true });
        const project = parse(await readFile(path.join(EXAMPLE, "Pulumi.yaml"), "utf8")) as { main: string };
        const main = path.relative(this.#folder, path.join(EXAMPLE, project.main));
        await writeFile(path.join(this.#folder, "Pulumi.yaml"), stringify({ ...project, main }));
        await this.pulumi("stack", "init", "--secrets-provider", "passphrase");
        await this.pulumi("config", "set", "roleArn", roleArn);
    }

    /** Which cluster of the fleet the team deploys into. */
    async choose(fleetStack: string): Promise<void> {
        await this.pulumi("config", "set", "fleetStack", fleetStack);
    }

    /** In the sandbox's shell, as the team types it. */
    async pulumi(...words: string[]): Promise<string> {
        return await this.#fleet.cli(this.#words(words));
    }

    /** What a command that fails prints. */
    async failure(...words: string[]): Promise<string> {
        const { exitCode, all } = await this.#fleet.start(this.#words(words));
        if (exitCode === 0) throw new Error(`pulumi ${words.join(" ")} succeeded`);
        return all;
    }

    /** As far as it was built. */
    async remove(): Promise<void> {
        await this.pulumi("destroy", "--yes", "--skip-preview");
        await this.pulumi("stack", "rm", "--yes");
        await rm(this.#folder, { recursive: true, force: true });
    }

    #words(words: string[]): string[] {
        const flags = ["--stack", STACK, "--non-interactive", "--color", "never"];
        return ["shell", "--", "pulumi", "--cwd", this.#folder, ...words, ...flags];
    }
}
