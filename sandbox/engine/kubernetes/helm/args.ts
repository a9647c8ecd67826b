import type { CheckFailure, Props, Value } from "../../kit/types.ts";
import { UNKNOWN } from "../../kit/types.ts";

type Shape = "boolean" | "number" | "object" | "refused" | "string";

/** Inputs of a Release as the SDK's ReleaseArgs (4.34.2) declares them; `refused` ones are not followed here. */
const ARGS: Readonly<Record<string, Shape>> = {
    // No effect in the official provider either: nulls in values are always kept.
    allowNullValues: "boolean",
    atomic: "boolean",
    chart: "string",
    cleanupOnFail: "boolean",
    compat: "string",
    createNamespace: "boolean",
    dependencyUpdate: "boolean",
    description: "string",
    devel: "boolean",
    disableCRDHooks: "refused",
    disableOpenapiValidation: "boolean",
    disableWebhooks: "boolean",
    forceUpdate: "boolean",
    keyring: "refused",
    lint: "refused",
    manifest: "refused",
    maxHistory: "number",
    name: "string",
    namespace: "string",
    postrender: "refused",
    recreatePods: "refused",
    renderSubchartNotes: "boolean",
    replace: "refused",
    repositoryOpts: "object",
    resetValues: "boolean",
    resourceNames: "refused",
    reuseValues: "boolean",
    skipAwait: "boolean",
    skipCrds: "boolean",
    takeOwnership: "boolean",
    timeout: "number",
    valueYamlFiles: "refused",
    values: "object",
    verify: "refused",
    version: "string",
    waitForJobs: "boolean",
};

/** Credentials are refused: helm takes them on its command line. */
const REPOSITORY_OPTS: Readonly<Record<string, Shape>> = {
    caFile: "string",
    certFile: "string",
    keyFile: "string",
    password: "refused",
    repo: "string",
    username: "refused",
};

/** Every input of a Release that is unknown, not supported or of the wrong type. */
export function checkArgs(inputs: Props): CheckFailure[] {
    const failures = checkShapes(inputs, ARGS, "");
    if (inputs["chart"] === undefined || inputs["chart"] === "") {
        failures.push({ property: "chart", reason: "chart is needed: a name, a path or an oci:// reference" });
    }
    const repository = inputs["repositoryOpts"];
    if (typeof repository === "object" && repository !== null && !Array.isArray(repository)) {
        failures.push(...checkShapes(repository, REPOSITORY_OPTS, "repositoryOpts."));
    }
    return failures;
}

function checkShapes(inputs: Props, shapes: Readonly<Record<string, Shape>>, prefix: string): CheckFailure[] {
    return Object.entries(inputs).flatMap(([key, value]) => {
        const property = `${prefix}${key}`;
        const reason = problem(value, shapes[key], property, shapes);
        return reason === undefined ? [] : [{ property, reason }];
    });
}

function problem(
    value: Value,
    shape: Shape | undefined,
    property: string,
    shapes: Readonly<Record<string, Shape>>,
): string | undefined {
    if (shape === undefined) {
        const known = Object.keys(shapes).filter((key) => shapes[key] !== "refused");
        return `"${property}" is not an input of a Release; supported: ${known.join(", ")}`;
    }
    if (value === UNKNOWN || value === null) {
        return undefined;
    }
    if (shape === "refused") {
        return `"${property}" of a Release is not supported by the sandbox's kubernetes provider`;
    }
    const actual = Array.isArray(value) ? "list" : typeof value;
    return actual === shape ? undefined : `"${property}" must be of type ${shape}, got ${actual}`;
}
