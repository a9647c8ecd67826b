import { PartialCreateError } from "../../kit/errors.ts";
import { UNKNOWN } from "../../kit/types.ts";
import type {
    CheckRequest,
    CheckResult,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    DiffResult,
    Operation,
    Props,
    ReadRequest,
    UpdateRequest,
    Value,
} from "../../kit/types.ts";
import { containsUnknown, sameValue } from "../../kit/values.ts";
import { UnreachableError } from "../client.ts";
import type { KubernetesClient } from "../client.ts";
import { autoname } from "../naming.ts";
import { asProps, numberAt, parseId, textAt } from "../object.ts";
import type { Settings } from "../settings.ts";
import { checkArgs } from "./args.ts";
import { HelmCli } from "./cli.ts";
import type { StoredRelease } from "./cli.ts";
import { manifestObjects, resourceNames } from "./manifest.ts";
import { HelmError } from "./run.ts";
import { unreadyObjects } from "./unready.ts";

/** The official provider's, for every step of helm. */
const DEFAULT_TIMEOUT_SECONDS = 300;

/** `kubernetes:helm.sh/v3:Release`: charts installed by the real helm. */
export class Releases {
    readonly #client: KubernetesClient;
    readonly #settings: Settings;
    readonly #helm: HelmCli;

    constructor(client: KubernetesClient, settings: Settings) {
        this.#client = client;
        this.#settings = settings;
        this.#helm = new HelmCli(settings.kubeconfig.document);
    }

    async check(request: CheckRequest): Promise<CheckResult> {
        const failures = checkArgs(request.newInputs);
        const inputs = this.#withDefaults(request);
        const origin: (Value | undefined)[] = [
            inputs["chart"],
            inputs["version"],
            inputs["repositoryOpts"],
            inputs["devel"],
        ];
        if (failures.length > 0 || origin.some(containsUnknown)) {
            return { inputs, failures };
        }
        try {
            // "^1.2" or no version at all must show up as a change when a newer chart comes out.
            return { inputs: { ...inputs, version: await this.#helm.chartVersion(inputs) }, failures };
        } catch (error) {
            const chart = textAt(inputs, "chart");
            return { inputs, failures: [{ property: "chart", reason: `chart ${chart}: ${(error as Error).message}` }] };
        }
    }

    async diff({ oldInputs, oldOutputs, newInputs, ignoreChanges }: DiffRequest): Promise<DiffResult> {
        const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])];
        const changed = keys
            .filter((key) => !ignoreChanges.includes(key))
            .filter((key) => !sameValue(oldInputs[key], newInputs[key]));
        // A refresh may have found a release that failed: an upgrade mends it, or says what is wrong.
        const status = textAt(oldOutputs["status"], "status");
        if (status !== "" && status !== "deployed") {
            changed.push("status");
        }
        return { changed, replace: changed.filter((key) => key === "name" || key === "namespace") };
    }

    async create(request: CreateRequest): Promise<{ id: string; outputs: Props }> {
        const { inputs, preview, signal } = request;
        if (preview) {
            return { id: "", outputs: previewed(inputs) };
        }
        await this.#reach(signal);
        const { name, namespace } = identity(inputs);
        const existing = await this.#helm.lookup(name, namespace);
        if (existing !== undefined) {
            throw new Error(
                `Release ${namespace}/${name} already exists (${existing.status}) and is not in this stack's state. ` +
                    (wayOut(existing) ?? "Bring it under Pulumi with pulumi import, or uninstall it."),
            );
        }
        const error = await failure(this.#helm.install(inputs, signal));
        return { id: `${namespace}/${name}`, outputs: await this.#settle(inputs, error, signal) };
    }

    async update(request: UpdateRequest): Promise<{ outputs: Props }> {
        const { inputs, preview, signal } = request;
        if (preview) {
            return { outputs: previewed(inputs) };
        }
        await this.#reach(signal);
        const { name, namespace } = identity(inputs);
        const existing = await this.#helm.lookup(name, namespace);
        if (existing === undefined) {
            throw new Error(`Release ${namespace}/${name} is not in the cluster any more; run pulumi refresh`);
        }
        const stuck = wayOut(existing);
        if (stuck !== undefined) {
            throw new Error(`Release ${namespace}/${name} is ${existing.status}. ${stuck}`);
        }
        const error = await failure(this.#helm.upgrade(inputs, signal));
        return { outputs: await this.#settle(inputs, error, signal) };
    }

    async read(request: ReadRequest): Promise<{ id: string; inputs: Props; outputs: Props } | null> {
        const { id, oldInputs, oldOutputs, signal } = request;
        if (!(await this.#reachOrDrop(request, signal))) {
            return null;
        }
        const { namespace, name } = parseId(id);
        const stored = await this.#helm.lookup(name, namespace);
        if (stored === undefined) {
            return null;
        }
        const isImport = Object.keys(oldInputs).length === 0;
        const imported: Props = { chart: stored.chart, compat: "true", timeout: DEFAULT_TIMEOUT_SECONDS };
        const inputs = drifted(isImport ? imported : oldInputs, oldOutputs, stored);
        return { id, inputs, outputs: outputs(inputs, stored) };
    }

    async delete(request: DeleteRequest): Promise<void> {
        const { id, oldInputs, signal } = request;
        if (await this.#reachOrDrop(request, signal)) {
            const { namespace, name } = parseId(id);
            const seconds = numberAt(oldInputs, DEFAULT_TIMEOUT_SECONDS, "timeout");
            const wait = oldInputs["atomic"] === true || oldInputs["skipAwait"] !== true;
            await this.#helm.uninstall(name, namespace, wait, seconds, signal);
        }
    }

    #withDefaults({ urn, newInputs, oldInputs, randomSeed }: CheckRequest): Props {
        const given = Object.fromEntries(Object.entries(newInputs).filter(([, value]) => value !== ""));
        const name = textAt(oldInputs, "name") || autoname(urn, randomSeed);
        const waits = given["skipAwait"] !== true;
        return {
            name,
            namespace: this.#settings.namespace,
            ...(waits && { timeout: DEFAULT_TIMEOUT_SECONDS }),
            ...given,
        };
    }

    /** A cluster that does not answer is told in one sentence, not by helm's timeout. */
    async #reach(signal: AbortSignal): Promise<void> {
        await this.#client.request({ method: "GET", path: "/version", signal });
    }

    /** False: the cluster does not answer and the provider drops what ran there. */
    async #reachOrDrop(operation: Operation, signal: AbortSignal): Promise<boolean> {
        try {
            await this.#reach(signal);
            return true;
        } catch (error) {
            if (error instanceof UnreachableError && this.#settings.deleteUnreachable) {
                operation.log("the cluster is unreachable and deleteUnreachable is set: the release leaves the state");
                return false;
            }
            throw error;
        }
    }

    /** Outputs after install or upgrade. A release that helm stored but could not finish stays in the state. */
    async #settle(inputs: Props, error: HelmError | undefined, signal: AbortSignal): Promise<Props> {
        const { name, namespace } = identity(inputs);
        const stored = await this.#helm.lookup(name, namespace);
        if (error === undefined && stored !== undefined) {
            return outputs(inputs, stored);
        }
        const problem = `Release ${namespace}/${name}: ${error?.message ?? "helm reported success but stored no release"}`;
        if (stored === undefined) {
            throw new Error(problem);
        }
        const reasons = signal.aborted ? [] : await unreadyObjects(this.#client, stored);
        throw new PartialCreateError(`${namespace}/${name}`, outputs(inputs, stored), [problem, ...reasons]);
    }
}

function identity(inputs: Props): { name: string; namespace: string } {
    return { name: textAt(inputs, "name"), namespace: textAt(inputs, "namespace") };
}

function previewed(inputs: Props): Props {
    return { ...inputs, status: UNKNOWN, resourceNames: UNKNOWN };
}

/** As the SDK's Release declares its outputs. */
function outputs(inputs: Props, stored: StoredRelease): Props {
    const { name, namespace, chart, version, appVersion, revision, status, values } = stored;
    return {
        ...inputs,
        name,
        namespace,
        version,
        values,
        resourceNames: resourceNames(manifestObjects(stored.manifest)),
        status: { name, namespace, chart, version, appVersion, revision, status },
    };
}

/** What helm stores differently than after the last deployment replaces the program's input. */
function drifted(inputs: Props, oldOutputs: Props, stored: StoredRelease): Props {
    const { name, namespace, version, values } = stored;
    return {
        ...inputs,
        name,
        namespace,
        ...(!sameValue(oldOutputs["version"], version) && { version }),
        ...(!sameValue(asProps(oldOutputs["values"]) ?? {}, values) && { values }),
    };
}

/** How to free a release that an interrupted helm left in the middle, or undefined if it is free. */
function wayOut({ name, namespace, status, revision }: StoredRelease): string | undefined {
    if (!status.startsWith("pending-")) {
        return undefined;
    }
    const command =
        status === "pending-install" || revision <= 1
            ? `helm uninstall ${name} --namespace ${namespace}`
            : `helm rollback ${name} ${revision - 1} --namespace ${namespace}`;
    return (
        "An earlier helm run is still at work or was interrupted. " +
        `If none runs, free the release with \`${command}\`, then run pulumi refresh and pulumi up.`
    );
}

async function failure(run: Promise<void>): Promise<HelmError | undefined> {
    try {
        await run;
        return undefined;
    } catch (error) {
        if (error instanceof HelmError) {
            return error;
        }
        throw error;
    }
}
