import { randomBytes, randomInt } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { policyConfigFile } from "../../../sandbox/plan/policy-config.ts";
import { fill, merge } from "../../../sandbox/stacks/project.ts";
import { eventually } from "./eventually.ts";
import { repo, type Fleet } from "./fleet.ts";

/** A stack file, as far as a new spoke's differs from dev's. */
interface StackFile {
    config: { "fleet:cluster": { name: string }; "fleet:network": { cidr: string }; [key: string]: unknown };
}

/** A spoke with a random name and CIDR in the account of dev, its stack file in the sandbox's private project. */
export async function randomSpoke(fleet: Fleet): Promise<NewSpoke> {
    const cluster = `${randomBytes(3).toString("hex").replaceAll(/^\d/g, "s")}-02`;
    const stack = `stack-${randomBytes(2).toString("hex")}`;
    const read = async (file: string) => parse(await readFile(path.join(repo, file), "utf8")) as unknown;
    const file = (await read("Pulumi.dev.yaml")) as StackFile;
    file.config["fleet:cluster"].name = cluster;
    file.config["fleet:network"].cidr = `10.${randomInt(4, 255)}.0.0/16`;

    const { port, vaultAddress } = await fleet.daemon();
    const overlay = fill(await read("sandbox/overlay.yaml"), {
        pulumiBackend: fleet.layout.pulumiBackend,
        gitUrl: `http://127.0.0.1:${port}/git/${path.basename(fleet.layout.gitRepository)}`,
        chartMirror: `http://127.0.0.1:${port}/charts`,
        vaultAddress,
    }) as { config: unknown };
    const config = path.join(fleet.layout.pulumiProject, "cfg", `Pulumi.${stack}.yaml`);
    await writeFile(config, stringify({ ...file, config: merge(file.config, overlay.config) }));

    const member = parse(await readFile(path.join(repo, memberPath("dev-01")), "utf8")) as Record<string, string>;
    member["clusterName"] = cluster;
    member["secretManagerSecretName"] = `arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet/hub-01/${cluster}`;
    return new NewSpoke(fleet, { stack, cluster, config, member: stringify(member) });
}

function memberPath(cluster: string): string {
    return `gitops/fleet/members/hub-01/${cluster}.yaml`;
}

export class NewSpoke {
    readonly cluster: string;
    /** Content of its member file. */
    readonly member: string;
    readonly #fleet: Fleet;
    readonly #stack: string;
    readonly #config: string;

    constructor(fleet: Fleet, made: { stack: string; cluster: string; config: string; member: string }) {
        this.#fleet = fleet;
        this.#stack = made.stack;
        this.#config = made.config;
        this.cluster = made.cluster;
        this.member = made.member;
    }

    get memberPath(): string {
        return memberPath(this.cluster);
    }

    /** In the sandbox's shell, as a user types it. */
    async up(): Promise<void> {
        await this.#pulumi("stack", "init", "--secrets-provider", "passphrase");
        const policies = ["--policy-pack", path.join(repo, "policy-pack")];
        const ofDev = ["--policy-pack-config", policyConfigFile(repo, "dev")];
        await this.#pulumi("up", "--yes", "--skip-preview", ...policies, ...ofDev);
    }

    /**
     * Takes away what the hub keeps of a cluster whose member file is gone: leaving the fleet is a deliberate step, so
     * no generator does it. First what would make the rest again.
     */
    async removeFromHub(): Promise<void> {
        const hub = this.#fleet.kube("hub-01");
        const applications = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
        for (const object of [
            `${applications}/${this.cluster}-registration`,
            `/apis/external-secrets.io/v1/namespaces/argocd/externalsecrets/${this.cluster}`,
            `/api/v1/namespaces/argocd/secrets/${this.cluster}`,
            `${applications}/${this.cluster}-apps`,
            `${applications}/${this.cluster}-podinfo`,
            `${applications}/${this.cluster}-echo`,
        ]) {
            await eventually(`${object} is gone`, async () => {
                // Whoever is there: an Application that waits for its cluster would keep its finalizer for good.
                if ((await hub.find(object)) === undefined) return;
                await hub.patch(object, "merge", { metadata: { finalizers: null } });
                await hub.delete(object);
                throw new Error("it was still there");
            });
        }
    }

    /** As far as it was built: `pulumi destroy` with the steps before it, and the stack itself. */
    async destroy(): Promise<void> {
        const pulumi = await this.#fleet.pulumi();
        await pulumi.unprotect(this.#stack);
        await pulumi.destroy(this.#stack);
        await this.#pulumi("stack", "rm", "--yes");
        await rm(this.#config, { force: true });
    }

    async #pulumi(...words: string[]): Promise<void> {
        await this.#fleet.cli(["shell", "--", "pulumi", ...words, "--stack", this.#stack, "--non-interactive"]);
    }
}
