import type { CheckFailure, CheckRequest, CheckResult, Props, Value } from "../kit/types.ts";
import { UNKNOWN } from "../kit/types.ts";
import { UnknownKindError, kindOfToken } from "./kinds.ts";
import type { Kinds } from "./kinds.ts";
import { UnreachableError } from "./client.ts";
import { withName } from "./naming.ts";
import { ANNOTATION, annotation, asProps, at, namespaceOf, textAt, withMetadata, withoutReadOnly } from "./object.ts";
import { cannotWaitFor } from "./readiness/state.ts";
import { waitFor } from "./readiness/wait-for.ts";

/** Fills in name and namespace, and names what the API server or this provider would refuse. */
export async function checkObject(request: CheckRequest, kinds: Kinds, defaultNamespace: string): Promise<CheckResult> {
    const { apiVersion, kind } = kindOfToken(request.type);
    const given = withoutReadOnly(request.newInputs);
    const failures = [
        ...checkIdentity(given, apiVersion, kind),
        ...checkMetadata(given["metadata"]),
        ...checkAwait(given),
    ];
    if (failures.length > 0) {
        return { inputs: request.newInputs, failures };
    }
    const named = withName(given, request.oldInputs, request.urn, request.randomSeed);
    return { inputs: await withNamespace(named, kinds, defaultNamespace), failures: [] };
}

function checkIdentity(inputs: Props, apiVersion: string, kind: string): CheckFailure[] {
    const failures: CheckFailure[] = [];
    if (inputs["apiVersion"] !== apiVersion) {
        failures.push({
            property: "apiVersion",
            reason: `apiVersion must be "${apiVersion}", as the resource's type says`,
        });
    }
    // Patch and List classes of the SDK register under another kind than that of their object.
    if (inputs["kind"] !== kind) {
        const given = textAt(inputs, "kind") || "no kind";
        failures.push({
            property: "kind",
            reason:
                `kind must be "${kind}", as the resource's type says, got ${given}; ` +
                "Patch resources are not supported by the sandbox's kubernetes provider",
        });
    } else if (/^\w+List$/.test(kind) && Array.isArray(inputs["items"])) {
        failures.push({
            property: "kind",
            reason: `${kind}: lists cannot be created; declare one resource per object`,
        });
    }
    return failures;
}

function checkMetadata(metadata: Value | undefined): CheckFailure[] {
    if (metadata === undefined || metadata === UNKNOWN) {
        return [];
    }
    if (asProps(metadata) === undefined) {
        return [{ property: "metadata", reason: "metadata must be an object" }];
    }
    return at(metadata, "generateName") === undefined
        ? []
        : [
              {
                  property: "metadata.generateName",
                  reason: "generateName does not go with server-side apply; leave the name out to get a generated one",
              },
          ];
}

function checkAwait(inputs: Props): CheckFailure[] {
    if (cannotWaitFor(inputs) && annotation(inputs, ANNOTATION.skipAwait) !== "true") {
        const reason =
            `the sandbox's kubernetes provider cannot wait until an object of kind ${textAt(inputs, "kind")} is ready; ` +
            `set the annotation ${ANNOTATION.skipAwait}: "true"`;
        return [{ property: "kind", reason }];
    }
    try {
        waitFor(inputs);
        return [];
    } catch (error) {
        return [{ property: "metadata.annotations", reason: (error as Error).message }];
    }
}

async function withNamespace(inputs: Props, kinds: Kinds, defaultNamespace: string): Promise<Props> {
    const metadata = inputs["metadata"];
    if (metadata === UNKNOWN || at(metadata, "namespace") === UNKNOWN || namespaceOf(inputs) !== "") {
        return inputs;
    }
    const namespaced = await isNamespaced(inputs, kinds);
    return namespaced ? withMetadata(inputs, { namespace: defaultNamespace }) : inputs;
}

/** A kind whose CRD is still to come, or whose cluster does not answer, counts as namespaced until it is known. */
export async function isNamespaced(object: Props, kinds: Kinds): Promise<boolean> {
    try {
        return (await kinds.served(textAt(object, "apiVersion"), textAt(object, "kind"))).namespaced;
    } catch (error) {
        if (error instanceof UnknownKindError || error instanceof UnreachableError) {
            return true;
        }
        throw error;
    }
}
