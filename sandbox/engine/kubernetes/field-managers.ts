import { randomBytes } from "node:crypto";
import type { Props, Value } from "../kit/types.ts";
import { ANNOTATION, annotation, asList, asProps, at, textAt } from "./object.ts";

/** Manager of the fields of a plain create, before the first update takes them over. As the official provider's. */
export const CREATE_MANAGER = "pulumi-kubernetes";
/** Key of the state that keeps the name of an object's server-side apply manager. */
export const FIELD_MANAGER_KEY = "__fieldManager";

/** Managers whose fields an update takes over: this provider's creates, and what people apply by hand. */
const TAKEN_OVER: readonly (readonly [string, string])[] = [
    ["kubectl", "Apply"],
    ["kubectl", "Update"],
    ["before-first-apply", "Update"],
    [CREATE_MANAGER, "Update"],
    ["pulumi-resource-kubernetes", "Update"],
];

/** By annotation, else as in the last state, else a new name: two stacks must not share a manager. */
export function fieldManager(inputs: Props, oldOutputs: Props): string {
    return (
        annotation(inputs, ANNOTATION.patchFieldManager) ||
        textAt(oldOutputs, FIELD_MANAGER_KEY) ||
        `pulumi-kubernetes-${randomBytes(4).toString("hex")}`
    );
}

/**
 * `metadata.managedFields` with the entries of {@link TAKEN_OVER} moved to `manager`, or undefined if there are none.
 * Otherwise an apply conflicts with the object's own creation, and fields removed from the program stay.
 */
export function takeOver(live: Props, manager: string, apiVersion: string): Value[] | undefined {
    const entries = asList(at(live, "metadata", "managedFields")).map((entry) => asProps(entry) ?? {});
    const taken = entries.filter(isTaken);
    if (taken.length === 0) {
        return undefined;
    }
    const isOurs = (entry: Props): boolean => entry["manager"] === manager && entry["operation"] === "Apply";
    const fields = [...entries.filter(isOurs), ...taken].map((entry) => asProps(entry["fieldsV1"]) ?? {});
    const ours = {
        manager,
        operation: "Apply",
        apiVersion,
        time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
        fieldsType: "FieldsV1",
        fieldsV1: fields.reduce(union, {}),
    };
    return [...entries.filter((entry) => !isTaken(entry) && !isOurs(entry)), ours];
}

function isTaken(entry: Props): boolean {
    const listed = TAKEN_OVER.some(
        ([name, operation]) => entry["manager"] === name && entry["operation"] === operation,
    );
    return listed && textAt(entry, "subresource") === "";
}

/** True if some manager other than `manager` owns the field at `path` and `manager` does not. */
export function ownedByOthers(live: Props, manager: string, path: (string | number)[]): boolean {
    const owners = asList(at(live, "metadata", "managedFields"))
        .filter((entry) => at(entry, "fieldsV1", ...path.map((part) => `f:${part}`)) !== undefined)
        .map((entry) => textAt(entry, "manager"));
    return owners.length > 0 && !owners.includes(manager);
}

function union(a: Props, b: Props): Props {
    const merged = { ...a };
    for (const [key, value] of Object.entries(b)) {
        merged[key] = union(asProps(merged[key]) ?? {}, asProps(value) ?? {});
    }
    return merged;
}
