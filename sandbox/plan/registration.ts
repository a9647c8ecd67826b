import * as pulumi from "@pulumi/pulumi";

import { UNKNOWN } from "../engine/kit/types.ts";

/** A resource as the program registered it. */
export interface PlannedResource {
    urn: string;
    type: string;
    name: string;
    /** URN; empty for the stack itself. */
    parent: string;
    /** False for a component. */
    custom: boolean;
    /** True for something that exists already and is only read, such as a stack reference. */
    read: boolean;
    /** Secrets unwrapped; what is not known yet is {@link UNKNOWN}, anywhere in the tree. */
    inputs: Record<string, unknown>;
    /** Top-level inputs that are secret. */
    secretInputs: string[];
    /** URN of the provider, empty for the default one. */
    provider: string;
    protect: boolean;
    /** URNs: those named by `dependsOn` and those whose outputs are inputs here. */
    dependencies: string[];
    /** The latter, by input. */
    propertyDependencies: Record<string, string[]>;
    ignoreChanges: string[];
    /** Seconds as text, for example "10m"; empty when unset. */
    deleteTimeout: string;
}

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const signatureKey = "4dabf18193072939515e22adb298388d";

/** The part of pulumirpc.RegisterResourceRequest that is read here. */
interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getCustom(): boolean;
    getObject(): unknown;
    getProvider(): string;
    getProtect(): boolean;
    getDependenciesList(): string[];
    getPropertydependenciesMap(): Iterable<never> & {
        forEach(visit: (value: { getUrnsList(): string[] }, key: string) => void): void;
    };
    getIgnorechangesList(): string[];
    getCustomtimeouts(): { getDelete(): string } | undefined;
}

/** Reads a registration request. */
export function plannedResource(request: unknown): PlannedResource {
    const registration = request as RegisterRequest;
    const propertyDependencies: Record<string, string[]> = {};
    registration.getPropertydependenciesMap().forEach((value, key) => {
        propertyDependencies[key] = sorted(value.getUrnsList());
    });
    const inputs = deserialized(registration.getObject());
    return {
        urn: urnOf(registration),
        type: registration.getType(),
        name: registration.getName(),
        parent: registration.getParent(),
        custom: registration.getCustom(),
        read: false,
        inputs: plain(inputs) as Record<string, unknown>,
        secretInputs: Object.keys(inputs).filter((key) => holdsSecret(inputs[key])),
        provider: withoutId(registration.getProvider()),
        protect: registration.getProtect(),
        dependencies: sorted(registration.getDependenciesList()),
        propertyDependencies,
        ignoreChanges: registration.getIgnorechangesList(),
        deleteTimeout: registration.getCustomtimeouts()?.getDelete() ?? "",
    };
}

/** Reads a request for something that exists, such as a stack reference. */
export function readResource(request: unknown): PlannedResource {
    const read = request as {
        getType(): string;
        getName(): string;
        getParent(): string;
        getProperties(): unknown;
        getProvider(): string;
        getDependenciesList(): string[];
    };
    return {
        urn: urnOf(read),
        type: read.getType(),
        name: read.getName(),
        parent: read.getParent(),
        custom: true,
        read: true,
        inputs: plain(deserialized(read.getProperties())) as Record<string, unknown>,
        secretInputs: [],
        provider: withoutId(read.getProvider()),
        protect: false,
        dependencies: sorted(read.getDependenciesList()),
        propertyDependencies: {},
        ignoreChanges: [],
        deleteTimeout: "",
    };
}

/** Outputs that the stack itself registers; undefined when the request is another resource's. */
export function stackOutputs(request: unknown): Record<string, unknown> | undefined {
    const outputs = request as { getUrn(): string; getOutputs(): unknown };
    return outputs.getUrn().split("::")[2] === "pulumi:pulumi:Stack"
        ? (plain(deserialized(outputs.getOutputs())) as Record<string, unknown>)
        : undefined;
}

/** The mock monitor's URN. It keeps only the nearest parent's type, so this does as well. */
function urnOf(request: { getType(): string; getName(): string; getParent(): string }): string {
    const parentType = request.getParent().split("::")[2]?.split("$").at(-1);
    const type = parentType === undefined ? request.getType() : `${parentType}$${request.getType()}`;
    return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${request.getName()}`;
}

function deserialized(struct: unknown): Record<string, unknown> {
    return pulumi.runtime.deserializeProperties(struct as Parameters<typeof pulumi.runtime.deserializeProperties>[0]);
}

function holdsSecret(value: unknown): boolean {
    return isSecret(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

function isSecret(value: unknown): value is { value: unknown } {
    return (
        typeof value === "object" &&
        value !== null &&
        (value as Record<string, unknown>)[signatureKey] === secretSignature
    );
}

function isUnknown(value: unknown): boolean {
    return typeof value === "object" && value !== null && "__pulumiUnknown" in value;
}

function plain(value: unknown): unknown {
    if (isUnknown(value)) {
        return UNKNOWN;
    }
    if (isSecret(value)) {
        return plain(value.value);
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
    }
    return value;
}

/** A provider reference is its URN and its id. */
function withoutId(reference: string): string {
    return reference.split("::").slice(0, 4).join("::");
}

function sorted(urns: readonly string[]): string[] {
    return [...urns].toSorted();
}
