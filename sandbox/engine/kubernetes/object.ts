import { containsUnknown } from "../kit/values.ts";
import type { Props, Value } from "../kit/types.ts";

/** Annotations through which a program steers the official provider, and so this one. */
export const ANNOTATION = {
    autonamed: "pulumi.com/autonamed",
    skipAwait: "pulumi.com/skipAwait",
    waitFor: "pulumi.com/waitFor",
    timeoutSeconds: "pulumi.com/timeoutSeconds",
    patchForce: "pulumi.com/patchForce",
    patchFieldManager: "pulumi.com/patchFieldManager",
    deletionPropagation: "pulumi.com/deletionPropagationPolicy",
} as const;

/** Metadata that only the API server writes. */
const READ_ONLY_METADATA = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

export function asProps(value: Value | undefined): Props | undefined {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

export function asList(value: Value | undefined): Value[] {
    return Array.isArray(value) ? value : [];
}

/** The value at a path of keys, or undefined where the path ends early. */
export function at(object: Value | undefined, ...path: string[]): Value | undefined {
    return path.reduce<Value | undefined>((value, key) => asProps(value)?.[key], object);
}

/** The string at a path, "" where there is none. */
export function textAt(object: Value | undefined, ...path: string[]): string {
    const value = at(object, ...path);
    return typeof value === "string" ? value : "";
}

/** The number at a path, or `fallback` where there is none. */
export function numberAt(object: Value | undefined, fallback: number, ...path: string[]): number {
    const value = at(object, ...path);
    return typeof value === "number" ? value : fallback;
}

export const nameOf = (object: Props): string => textAt(object, "metadata", "name");
export const namespaceOf = (object: Props): string => textAt(object, "metadata", "namespace");

export function annotation(object: Props, key: string): string {
    return textAt(object, "metadata", "annotations", key);
}

/** A copy with `fields` merged into `metadata`. */
export function withMetadata(object: Props, fields: Props): Props {
    return { ...object, metadata: { ...asProps(object["metadata"]), ...fields } };
}

/** The resource's id in Pulumi's state: `namespace/name`, or `name` for a cluster-scoped kind. */
export function idOf(object: Props): string {
    const namespace = namespaceOf(object);
    return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function parseId(id: string): { namespace: string; name: string } {
    const slash = id.indexOf("/");
    return { namespace: id.slice(0, Math.max(slash, 0)), name: id.slice(slash + 1) };
}

/** Kind and id for a sentence: `Deployment shop/web`. */
export function describe(object: Props): string {
    return `${textAt(object, "kind")} ${idOf(object)}`;
}

/** A copy without the metadata that only the API server writes. */
export function withoutReadOnly(object: Props): Props {
    const metadata = asProps(object["metadata"]);
    if (metadata === undefined) {
        return object;
    }
    const kept = Object.entries(metadata).filter(([key]) => !READ_ONLY_METADATA.includes(key));
    return { ...object, metadata: Object.fromEntries(kept) };
}

/** What a Secret holds, in every spelling a message could repeat. */
export function secretValues(object: Props): string[] {
    if (textAt(object, "kind") !== "Secret" || containsUnknown(object)) {
        return [];
    }
    const encoded = Object.values(asProps(object["data"]) ?? {}).map(String);
    const plain = Object.values(asProps(object["stringData"]) ?? {}).map(String);
    const decoded = encoded.map((value) => Buffer.from(value, "base64").toString());
    return [...encoded, ...decoded, ...plain].filter((value) => value !== "");
}
