import type {
    CreateRequest,
    DiffResult,
    Operation,
    Props,
    ProviderDefinition,
    ProviderInstance,
} from "../../../sandbox/engine/kit/types.ts";

/** Configures a provider as the engine does, failing on what its config check says. */
export async function configure(definition: ProviderDefinition, config: Props): Promise<ProviderInstance> {
    const failures = definition.checkConfig(config);
    if (failures.length > 0) {
        throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    }
    return definition.configure(config);
}

/**
 * One resource of a stack, driven as the engine drives it: check, diff, then create or update, with the state of the
 * last step as the next one's start.
 */
export class Resource {
    readonly provider: ProviderInstance;
    readonly type: string;
    readonly urn: string;
    readonly log: string[] = [];
    timeout = 0;
    id = "";
    inputs: Props = {};
    outputs: Props = {};

    constructor(provider: ProviderInstance, type: string, name: string) {
        this.provider = provider;
        this.type = type;
        this.urn = `urn:pulumi:dev::fleet::${type}::${name}`;
    }

    /** Checked inputs. Throws on failures, naming their properties. */
    async check(newInputs: Props, oldInputs: Props = this.inputs): Promise<Props> {
        const { urn, type } = this;
        const randomSeed = new Uint8Array([1, 2, 3]);
        const { inputs, failures } = await this.provider.check({ urn, type, oldInputs, newInputs, randomSeed });
        if (failures.length > 0) {
            throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
        }
        return inputs;
    }

    async diff(newInputs: Props, ignoreChanges: string[] = []): Promise<DiffResult> {
        const { urn, type, id, inputs: oldInputs, outputs: oldOutputs } = this;
        const checked = await this.check(newInputs);
        return this.provider.diff({ urn, type, id, oldInputs, oldOutputs, newInputs: checked, ignoreChanges });
    }

    async preview(newInputs: Props): Promise<Props> {
        const inputs = await this.check(newInputs);
        const request: CreateRequest = { ...this.#operation(), inputs, preview: true };
        const { id, inputs: oldInputs, outputs: oldOutputs } = this;
        const answer =
            id === ""
                ? await this.provider.create(request)
                : await this.provider.update({ ...request, id, oldInputs, oldOutputs });
        return answer.outputs;
    }

    async create(newInputs: Props, signal?: AbortSignal): Promise<this> {
        const inputs = await this.check(newInputs);
        const operation = { ...this.#operation(), ...(signal && { signal }) };
        const { id, outputs } = await this.provider.create({ ...operation, inputs, preview: false });
        Object.assign(this, { id, inputs, outputs });
        return this;
    }

    async update(newInputs: Props, ignoreChanges: string[] = []): Promise<this> {
        await this.diff(newInputs, ignoreChanges);
        const inputs = await this.check(newInputs);
        const { id, inputs: oldInputs, outputs: oldOutputs } = this;
        const request = { ...this.#operation(), id, inputs, oldInputs, oldOutputs, preview: false };
        const { outputs } = await this.provider.update(request);
        Object.assign(this, { inputs, outputs });
        return this;
    }

    /** False: the resource is gone. */
    async refresh(): Promise<boolean> {
        const { id, inputs: oldInputs, outputs: oldOutputs } = this;
        const found = await this.provider.read({ ...this.#operation(), id, oldInputs, oldOutputs });
        if (found !== null) {
            Object.assign(this, { inputs: found.inputs, outputs: found.outputs });
        }
        return found !== null;
    }

    /** Reads a resource that no stack knows by its id. */
    async import(id: string): Promise<boolean> {
        Object.assign(this, { id, inputs: {}, outputs: {} });
        return this.refresh();
    }

    async delete(): Promise<void> {
        const { id, inputs: oldInputs, outputs: oldOutputs } = this;
        await this.provider.delete({ ...this.#operation(), id, oldInputs, oldOutputs });
    }

    #operation(): Operation {
        const { urn, type, timeout, log } = this;
        const signal = new AbortController().signal;
        return { urn, type, timeout, signal, log: (message) => log.push(message) };
    }
}
