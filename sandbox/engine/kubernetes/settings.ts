import type { CheckFailure, Props, Value } from "../kit/types.ts";
import { UNKNOWN } from "../kit/types.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import type { Kubeconfig } from "./kubeconfig.ts";

/** A configured provider, defaults filled in. */
export interface Settings {
    kubeconfig: Kubeconfig;
    /** Namespace of namespaced objects that name none. */
    namespace: string;
    deleteUnreachable: boolean;
    enableConfigMapMutable: boolean;
    enableSecretMutable: boolean;
    enablePatchForce: boolean;
    upsertExistingObjects: boolean;
    suppressDeprecationWarnings: boolean;
}

const BOOLEANS = [
    "deleteUnreachable",
    "enableConfigMapMutable",
    "enablePatchForce",
    "enableSecretMutable",
    "enableServerSideApply",
    "suppressDeprecationWarnings",
    "suppressHelmHookWarnings",
    "upsertExistingObjects",
];
const TEXTS = ["cluster", "clusterIdentifier", "context", "namespace"];
/** Inputs of the official provider that change how it works in ways this one does not follow. */
const REFUSED = [
    "alwaysRender",
    "helmReleaseSettings",
    "kubeClientSettings",
    "renderYamlToDirectory",
    "skipUpdateUnreachable",
    "strictMode",
];

/** Every problem of the provider's inputs, as the SDK's ProviderArgs (4.34.2) declares them. */
export function checkSettings(config: Props): CheckFailure[] {
    const failures = Object.entries(config).flatMap(([key, value]) => checkOne(key, value));
    const { kubeconfig } = config;
    if (kubeconfig === undefined || kubeconfig === null || kubeconfig === "") {
        failures.push({ property: "kubeconfig", reason: "a kubeconfig is needed: its text, or the path of its file" });
    } else if (kubeconfig !== UNKNOWN && failures.length === 0) {
        failures.push(...checkKubeconfig(config));
    }
    return failures;
}

export function toSettings(config: Props): Settings {
    const kubeconfig = readKubeconfig(config["kubeconfig"] ?? null, selection(config));
    return {
        kubeconfig,
        namespace: text(config["namespace"]) ?? kubeconfig.namespace,
        deleteUnreachable: flag(config["deleteUnreachable"], process.env["PULUMI_K8S_DELETE_UNREACHABLE"]),
        enableConfigMapMutable: flag(config["enableConfigMapMutable"]),
        enableSecretMutable: flag(config["enableSecretMutable"]),
        enablePatchForce: flag(config["enablePatchForce"]),
        upsertExistingObjects: flag(config["upsertExistingObjects"]),
        suppressDeprecationWarnings: flag(config["suppressDeprecationWarnings"]),
    };
}

function checkOne(property: string, value: Value): CheckFailure[] {
    if (value === UNKNOWN || value === null || property === "kubeconfig") {
        return [];
    }
    const fail = (reason: string): CheckFailure[] => [{ property, reason }];
    if (REFUSED.includes(property)) {
        return fail(`"${property}" is not supported by the sandbox's kubernetes provider`);
    }
    if (BOOLEANS.includes(property)) {
        if (value !== true && value !== false && value !== "true" && value !== "false") {
            return fail(`"${property}" must be true or false`);
        }
        return property === "enableServerSideApply" && !flag(value)
            ? fail(
                  "the sandbox's kubernetes provider always uses server-side apply; remove enableServerSideApply: false",
              )
            : [];
    }
    if (TEXTS.includes(property)) {
        return typeof value === "string" ? [] : fail(`"${property}" must be a string`);
    }
    const known = ["kubeconfig", ...TEXTS, ...BOOLEANS].toSorted().join(", ");
    return fail(`"${property}" is not an input of the kubernetes provider; supported: ${known}`);
}

function checkKubeconfig(config: Props): CheckFailure[] {
    try {
        readKubeconfig(config["kubeconfig"] ?? null, selection(config));
        return [];
    } catch (error) {
        return [{ property: "kubeconfig", reason: (error as Error).message }];
    }
}

function selection(config: Props): { context?: string; cluster?: string } {
    const [context, cluster] = [text(config["context"]), text(config["cluster"])];
    return { ...(context !== undefined && { context }), ...(cluster !== undefined && { cluster }) };
}

function text(value: Value | undefined): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

/** Booleans of a provider arrive as text. */
function flag(value: Value | undefined, environment?: string): boolean {
    return value === true || value === "true" || (value === undefined && environment === "true");
}
