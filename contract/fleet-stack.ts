import * as pulumi from "@pulumi/pulumi";

import {
    contractVersion,
    existingSpokeOutputsSchema,
    hubOutputsSchema,
    spokeOutputsSchema,
    type ExistingSpokeOutputs,
    type HubOutputs,
    type SpokeOutputs,
} from "./stack-outputs.ts";

type OfSpokes = Omit<SpokeOutputs & ExistingSpokeOutputs, "role">;
type FleetOutputs = Required<Omit<HubOutputs, "role"> & OfSpokes> & { role: "hub" | "spoke" };

/** Name of any output of a fleet stack. */
export type FleetOutputName = keyof FleetOutputs;

/**
 * Another fleet stack's outputs, checked against the contract where they are read.
 *
 * @example
 * const prod = new FleetStack("organization/fleet/prod");
 * const subnetOwner = prod.output("accountId");
 */
export class FleetStack {
    readonly #name: string;
    readonly #reference: pulumi.StackReference;

    /** @param name fully qualified: `<organization>/<project>/<stack>`; a file backend's organization is `organization`. */
    constructor(name: string, opts?: pulumi.CustomResourceOptions) {
        this.#name = name;
        this.#reference = new pulumi.StackReference(name, {}, opts);
    }

    /**
     * One output.
     *
     * Fails the run with E-REF-002 when the output is missing, E-REF-003 when its shape is not the contract's,
     * E-REF-004 when it is secret and E-REF-005 when the stack follows a newer contract.
     */
    output<Name extends FleetOutputName>(name: Name): pulumi.Output<FleetOutputs[Name]> {
        const value = this.#reference.getOutput(name);
        const version = this.#reference.getOutput("contractVersion");
        return pulumi
            .all([value, version, pulumi.output(pulumi.isSecret(value))])
            .apply(([given, stated, secret]) => readOutput(this.#name, name, given, { version: stated, secret }));
    }

    /**
     * The same as a plain value, for what decides which resources exist. Rejects where {@link FleetStack.output} fails
     * the run.
     */
    async value<Name extends FleetOutputName>(name: Name): Promise<FleetOutputs[Name]> {
        const { value, about } = await this.#details(name);
        return readOutput(this.#name, name, value, about);
    }

    /** Like {@link FleetStack.value} for an output that only some stacks have; undefined where it is absent. */
    async valueIfAny<Name extends FleetOutputName>(name: Name): Promise<FleetOutputs[Name] | undefined> {
        const { value, about } = await this.#details(name);
        return value === undefined || value === null ? undefined : readOutput(this.#name, name, value, about);
    }

    async #details(name: FleetOutputName): Promise<{ value: unknown; about: { version: unknown; secret: boolean } }> {
        const [{ value, secretValue }, version] = await Promise.all([
            this.#reference.getOutputDetails(name),
            this.#reference.getOutputDetails("contractVersion"),
        ]);
        const secret = secretValue !== undefined;
        return { value: secret ? secretValue : value, about: { version: version.value, secret } };
    }
}

/**
 * The checks behind {@link FleetStack.output}. Pure, so tests call it without Pulumi.
 *
 * @throws {pulumi.RunError} shown to the user without a stack trace.
 */
export function readOutput<Name extends FleetOutputName>(
    stack: string,
    name: Name,
    value: unknown,
    about: { version: unknown; secret: boolean },
): FleetOutputs[Name] {
    const repair = `Fix: run \`pulumi up -s ${stack.split("/").at(-1)}\` with this version of the program first.`;
    if (typeof about.version === "number" && about.version > contractVersion) {
        throw new pulumi.RunError(
            `E-REF-005 ${stack}: its outputs follow contract v${about.version}, this program reads v${contractVersion}. ` +
                "Fix: update this program.",
        );
    }
    if (value === undefined || value === null) {
        throw new pulumi.RunError(`E-REF-002 ${stack}: the stack has no output ${name}. ${repair}`);
    }
    if (about.secret) {
        throw new pulumi.RunError(
            `E-REF-004 ${stack}: output ${name} is secret; outputs of the contract are not. ${repair}`,
        );
    }
    const parsed = shapeOf(name).safeParse(value);
    if (!parsed.success) {
        const problem = parsed.error.issues.map((issue) => issue.message).join("; ");
        throw new pulumi.RunError(
            `E-REF-003 ${stack}: output ${name} ${problem} (got ${JSON.stringify(value)}). ${repair}`,
        );
    }
    return parsed.data as FleetOutputs[Name];
}

function shapeOf(name: FleetOutputName) {
    const shapes = { ...existingSpokeOutputsSchema.shape, ...hubOutputsSchema.shape, ...spokeOutputsSchema.shape };
    return name === "role" ? hubOutputsSchema.shape.role.or(spokeOutputsSchema.shape.role) : shapes[name];
}
