import type { CheckResult, DiffResult, Props } from "../../../sandbox/engine/kit/types.ts";
import type { Clusters } from "../../../sandbox/aws-twin/clusters.ts";
import { type Method, Twin } from "../../../sandbox/aws-twin/twin.ts";
import { FakeClusters } from "./fake-clusters.ts";

export const HUB = "111111111111";
export const DEV = "222222222222";
export const REGION = "eu-west-1";

/** A resource as the engine keeps it. */
export interface Made {
    type: string;
    name: string;
    id: string;
    inputs: Props;
    outputs: Props;
}

/** The inputs of the aws provider of one account's stack. */
export function providerConfig(account: string, more: Props = {}): Props {
    return {
        region: REGION,
        allowedAccountIds: [account],
        assumeRoles: [{ roleArn: `arn:aws:iam::${account}:role/fleet-deployer` }],
        defaultTags: { tags: { fleet: "hub-01" } },
        skipCredentialsValidation: "false",
        skipRegionValidation: "true",
        ...more,
    };
}

/** Thrown by {@link World.create} and {@link World.update} when Check refuses the inputs. */
export class CheckError extends Error {}

/** A twin with what the engine does around it: check before create, diff before update, inputs and outputs kept. */
export class World {
    readonly clusters: FakeClusters;
    readonly stateFile: string | undefined;
    config: Props;
    twin: Twin;

    constructor(options: { account?: string; stateFile?: string; clusters?: FakeClusters; twin?: Twin } = {}) {
        this.clusters = options.clusters ?? new FakeClusters();
        this.stateFile = options.stateFile;
        this.config = providerConfig(options.account ?? HUB);
        this.twin = options.twin ?? this.load();
    }

    /** A twin that reads the state file anew. */
    load(): Twin {
        const clusters: Clusters = this.clusters;
        const clock = () => new Date("2026-11-21T12:00:00.000Z");
        return new Twin({ clusters, clock, ...(this.stateFile === undefined ? {} : { stateFile: this.stateFile }) });
    }

    /** The same twin, seen from another account. */
    in(account: string): World {
        const world = new World({ clusters: this.clusters, twin: this.twin });
        world.config = providerConfig(account);
        return world;
    }

    async call<T>(method: Method, request: object, signal = new AbortController().signal): Promise<T> {
        return (await this.twin.handle(this.config, method, request, signal)) as T;
    }

    async check(type: string, name: string, newInputs: Props, oldInputs: Props = {}): Promise<CheckResult> {
        const urn = `urn:pulumi:hub::fleet::${type}::${name}`;
        return await this.call("check", { urn, type, oldInputs, newInputs, randomSeed: Buffer.from(urn) });
    }

    async create(type: string, name: string, inputs: Props, signal?: AbortSignal): Promise<Made> {
        const checked = await this.checked(type, name, inputs, {});
        const request = { ...operation(type, name), inputs: checked, preview: false };
        const { id, outputs } = await this.call<{ id: string; outputs: Props }>("create", request, signal);
        return { type, name, id, inputs: checked, outputs };
    }

    async diff(made: Made, newInputs: Props): Promise<DiffResult> {
        const { type, name, id, inputs: oldInputs, outputs: oldOutputs } = made;
        return await this.call("diff", {
            ...operation(type, name),
            id,
            oldInputs,
            oldOutputs,
            newInputs,
            ignoreChanges: [],
        });
    }

    async update(made: Made, newInputs: Props): Promise<Made> {
        const { type, name, id, inputs: oldInputs, outputs: oldOutputs } = made;
        const inputs = await this.checked(type, name, newInputs, oldInputs);
        const request = { ...operation(type, name), id, oldInputs, oldOutputs, inputs, preview: false };
        const { outputs } = await this.call<{ outputs: Props }>("update", request);
        return { ...made, inputs, outputs };
    }

    async read(type: string, id: string): Promise<{ id: string; inputs: Props; outputs: Props } | null> {
        return await this.call("read", { ...operation(type, "x"), id, oldInputs: {}, oldOutputs: {} });
    }

    async delete({ type, name, id, inputs, outputs }: Made): Promise<void> {
        await this.call("delete", { ...operation(type, name), id, oldInputs: inputs, oldOutputs: outputs });
    }

    private async checked(type: string, name: string, newInputs: Props, oldInputs: Props): Promise<Props> {
        const { inputs, failures } = await this.check(type, name, newInputs, oldInputs);
        if (failures.length === 0) return inputs;
        throw new CheckError(failures.map(({ property, reason }) => `${property} ${reason}`).join("; "));
    }
}

function operation(type: string, name: string): { urn: string; type: string; timeout: number } {
    return { urn: `urn:pulumi:hub::fleet::${type}::${name}`, type, timeout: 0 };
}
