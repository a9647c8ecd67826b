/**
 * What a provider of the sandbox implements; the kit turns it into the gRPC
 * service that the Pulumi engine speaks (pulumirpc.ResourceProvider).
 *
 * Values are plain JSON. Secrets arrive unwrapped: the kit declares
 * `acceptSecrets: false`, so the engine itself re-marks an output whose input was secret.
 * A value that is not known yet is {@link UNKNOWN}, anywhere in the tree.
 */
export const UNKNOWN: unique symbol = Symbol.for("fleet.unknown");

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value } | typeof UNKNOWN;
export type Props = { [key: string]: Value };

/** One thing wrong with an input. `property` is a dotted path, or "" for the resource as a whole. */
export interface CheckFailure {
    property: string;
    reason: string;
}

export interface CheckRequest {
    urn: string;
    type: string;
    /** Inputs of the last deployment; empty on create. */
    oldInputs: Props;
    newInputs: Props;
    /** Seed for physical names, stable across previews of one operation. */
    randomSeed: Uint8Array;
}
export interface CheckResult {
    inputs: Props;
    failures: CheckFailure[];
}

export interface DiffRequest {
    urn: string;
    type: string;
    id: string;
    oldInputs: Props;
    oldOutputs: Props;
    newInputs: Props;
    ignoreChanges: string[];
}
export interface DiffResult {
    /** Top-level properties that differ. Empty: no change. */
    changed: string[];
    /** Those of `changed` that force a replacement. */
    replace: string[];
    /** Replace by delete, then create: for names that must be unique. */
    deleteBeforeReplace?: boolean;
    /** Computed outputs that stay the same under an update, so that dependants see known values in a preview. */
    stable?: string[];
}

/** What every operation that takes time receives. */
export interface Operation {
    urn: string;
    type: string;
    /** Seconds; 0 means the provider's default. */
    timeout: number;
    /** Aborted when the engine cancels or the CLI dies. */
    signal: AbortSignal;
    /** A line under the resource in the CLI's display. */
    log(message: string): void;
}
export interface CreateRequest extends Operation {
    inputs: Props;
    /** True: change nothing; computed outputs are UNKNOWN. */
    preview: boolean;
}
export interface UpdateRequest extends CreateRequest {
    id: string;
    oldInputs: Props;
    oldOutputs: Props;
}
export interface ReadRequest extends Operation {
    id: string;
    /** Empty on import. */
    oldInputs: Props;
    oldOutputs: Props;
}
export interface DeleteRequest extends Operation {
    id: string;
    oldInputs: Props;
    oldOutputs: Props;
}

/** A configured provider: one process of it serves one provider resource of a stack. */
export interface ProviderInstance {
    check(request: CheckRequest): Promise<CheckResult>;
    diff(request: DiffRequest): Promise<DiffResult>;
    create(request: CreateRequest): Promise<{ id: string; outputs: Props }>;
    /** Null: the resource is gone. */
    read(request: ReadRequest): Promise<{ id: string; inputs: Props; outputs: Props } | null>;
    update(request: UpdateRequest): Promise<{ outputs: Props }>;
    delete(request: DeleteRequest): Promise<void>;
    invoke(token: string, args: Props): Promise<{ result: Props; failures: CheckFailure[] }>;
}

export interface ProviderDefinition {
    /** Package name, e.g. "aws". */
    name: string;
    /** Version the engine asks for: that of the npm package in package.json. */
    version: string;
    /**
     * Validates the provider's own inputs; failures stop the preview. Secrets are unwrapped; lists and objects are
     * parsed from the JSON text in which SDKs send them (a kubeconfig given as JSON too); numbers and booleans stay
     * text ("5", "true").
     */
    checkConfig(config: Props): CheckFailure[];
    /** Names of provider inputs whose change means new cloud objects (replacement of the provider). */
    replaceOnConfigChange: string[];
    configure(config: Props): Promise<ProviderInstance>;
}
