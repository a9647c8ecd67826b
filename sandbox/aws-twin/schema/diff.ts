import { UNKNOWN, type DiffRequest, type DiffResult, type Props } from "../../engine/kit/types.ts";
import { containsUnknown, sameValue } from "../../engine/kit/values.ts";
import { DEFAULTS, inputFields } from "./check.ts";
import type { Place, ResourceType } from "./resource-type.ts";
import { forcesReplacement, sameField } from "./same.ts";
import { allTags } from "./tags.ts";

type Compared = Pick<DiffRequest, "oldInputs" | "oldOutputs" | "newInputs"> & { ignoreChanges?: readonly string[] };

/** Compares inputs with inputs; region and default tags, which the provider gives, with the outputs. */
export function diffInputs(type: ResourceType, place: Place, request: Compared): DiffResult {
    const { oldInputs, oldOutputs, newInputs } = request;
    const changed: string[] = [];
    const replace: string[] = [];
    for (const [property, field] of Object.entries(inputFields(type))) {
        const before = oldInputs[property];
        const after = newInputs[property];
        if (property === "region" || sameField(field, before, after)) continue;
        changed.push(property);
        if (forcesReplacement(field, before, after)) replace.push(property);
    }
    if (!type.global && regionOf(place, newInputs) !== oldOutputs["region"]) {
        changed.push("region");
        replace.push("region");
    }
    if (type.tagged && tagsDiffer(oldOutputs, allTags(place.defaultTags, newInputs))) changed.push("tagsAll");
    const ignored = new Set((request.ignoreChanges ?? []).map((path) => path.replace(/[.[].*$/, "")));
    const kept = (properties: string[]): string[] => properties.filter((property) => !ignored.has(property));
    const volatile = new Set(type.volatile?.(changed) ?? []);
    return {
        changed: kept(changed),
        replace: kept(replace),
        deleteBeforeReplace: kept(replace).length > 0 && keepsName(type, oldInputs, newInputs),
        stable: stableOutputs(type).filter((property) => !volatile.has(property)),
    };
}

export function regionOf(place: Place, inputs: Props): string {
    return typeof inputs["region"] === "string" ? inputs["region"] : place.region;
}

/** Outputs that an update leaves alone unless `volatile` says otherwise. */
function stableOutputs(type: ResourceType): string[] {
    return type.computed.filter((property) => type.inputs[property] === undefined);
}

function tagsDiffer(oldOutputs: Props, after: Props): boolean {
    if (oldOutputs["tagsAll"] === undefined) return Object.keys(after).length > 0;
    return containsUnknown(after) || !sameValue(oldOutputs["tagsAll"], after);
}

/** A name that the program chose, the same before and after: AWS refuses two of it, so the old one goes first. */
function keepsName({ name }: ResourceType, oldInputs: Props, newInputs: Props): boolean {
    if (name === undefined) return false;
    const { [DEFAULTS]: defaults } = newInputs;
    if (Array.isArray(defaults) && defaults.includes(name.property)) return false;
    const after = newInputs[name.property];
    return after !== undefined && after !== UNKNOWN && sameValue(oldInputs[name.property], after);
}
