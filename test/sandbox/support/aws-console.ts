import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { ProviderCall } from "../../../sandbox/aws-twin/routes.ts";
import type { Method } from "../../../sandbox/aws-twin/twin.ts";
import { fromWire, toWire } from "../../../sandbox/aws-twin/wire.ts";
import type { Props } from "../../../sandbox/engine/kit/types.ts";
import type { Fleet } from "./fleet.ts";

/** A resource as the state of its stack has it. */
export interface StackResource {
    urn: string;
    type: string;
    id: string;
    inputs: Props;
    outputs: Props;
}

/**
 * Changes in AWS that Pulumi knows nothing of, as somebody makes them in the console: calls of the twin's provider
 * protocol with the configuration that the stack's own provider has.
 */
export class AwsConsole {
    readonly #fleet: Fleet;
    readonly #config: Props;
    readonly #resources: StackResource[];

    private constructor(fleet: Fleet, config: Props, resources: StackResource[]) {
        this.#fleet = fleet;
        this.#config = config;
        this.#resources = resources;
    }

    static async of(fleet: Fleet, stack: string): Promise<AwsConsole> {
        const { resources } = await (await fleet.pulumi()).export(stack);
        const all = resources as unknown as StackResource[];
        const provider = all.find(({ type }) => type === "pulumi:providers:aws");
        assert.ok(provider, `stack ${stack} has no aws provider`);
        const config = Object.fromEntries(
            Object.entries(provider.inputs)
                .filter(([name]) => !name.startsWith("__") && name !== "version")
                // Lists and objects of a provider's inputs are JSON text in the state.
                .map(([name, value]): [string, unknown] => [
                    name,
                    typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value,
                ]),
        ) as Props;
        return new AwsConsole(
            fleet,
            config,
            all.filter(({ type }) => type.startsWith("aws:")),
        );
    }

    /** The one resource of a type whose id or Pulumi name has `part` in it. */
    resource(type: string, part: string): StackResource {
        const found = this.#resources.filter(
            (each) =>
                each.type === type && (each.id.includes(part) || each.urn.split("::").at(-1)?.includes(part) === true),
        );
        assert.equal(found.length, 1, `${found.length} resources of type ${type} with "${part}"`);
        return found[0] as StackResource;
    }

    /** As AWS has it now; null when it is gone. */
    async read({
        id,
        inputs,
        outputs,
        ...resource
    }: StackResource): Promise<Omit<StackResource, "urn" | "type"> | null> {
        const request = { id, oldInputs: inputs, oldOutputs: outputs };
        return (await this.#call("read", resource, request)) as Omit<StackResource, "urn" | "type"> | null;
    }

    /** Sets the given inputs; the others become what the stack says. */
    async update({ id, inputs, ...resource }: StackResource, changed: Props): Promise<void> {
        const now = await this.read({ id, inputs, ...resource });
        assert.ok(now, `${resource.type} ${id} is gone`);
        const request = { id, oldInputs: now.inputs, oldOutputs: now.outputs, inputs: { ...inputs, ...changed } };
        await this.#call("update", resource, { ...request, preview: false });
    }

    /** As the stack says it, but for the inputs given. */
    async create(resource: StackResource, changed: Props = {}): Promise<StackResource> {
        const inputs = { ...resource.inputs, ...changed };
        const made = (await this.#call("create", resource, { inputs, preview: false })) as Omit<StackResource, "urn">;
        return { ...resource, inputs, id: made.id, outputs: made.outputs };
    }

    async delete({ id, inputs, outputs, ...resource }: StackResource): Promise<void> {
        await this.#call("delete", resource, { id, oldInputs: inputs, oldOutputs: outputs });
    }

    async #call(method: Method, { urn, type }: { urn: string; type: string }, request: object): Promise<unknown> {
        const { port, token } = await this.#fleet.daemon();
        const call: ProviderCall = {
            config: this.#config,
            method,
            request: { urn, type, timeout: 0, ...request },
            operation: randomUUID(),
        };
        const response = await fetch(`http://127.0.0.1:${port}/provider/aws`, {
            method: "POST",
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: toWire(call),
        });
        const answer = fromWire(await response.text()) as { result?: unknown; error?: string };
        assert.equal(response.status, 200, `${method} of ${type}: ${answer.error}`);
        return answer.result;
    }
}
