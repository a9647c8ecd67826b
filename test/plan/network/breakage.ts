import assert from "node:assert/strict";

import type { PlannedResource } from "../../../sandbox/plan/registration.ts";
import type { Planned } from "./fleets.ts";

/** Something that goes wrong in a plan. */
export type Change = (planned: Planned) => void;

/** Takes away what matches; a test that matches nothing has proved nothing. */
export function without(stack: "hub" | "spoke", pattern: RegExp): Change {
    return (planned) => {
        const kept = planned[stack].resources.filter(({ type, name }) => !pattern.test(`${type} ${name}`));
        assert.ok(kept.length < planned[stack].resources.length, `${String(pattern)} matches nothing in ${stack}`);
        planned[stack].resources = kept;
    };
}

/** Changes every resource that matches. */
export function changed(stack: "hub" | "spoke", pattern: RegExp, change: (resource: PlannedResource) => void): Change {
    return (planned) => {
        const found = planned[stack].resources.filter(({ type, name }) => pattern.test(`${type} ${name}`));
        assert.ok(found.length > 0, `${String(pattern)} matches nothing in ${stack}`);
        found.forEach(change);
    };
}

/** Sets an input. */
export const input =
    (name: string, value: unknown) =>
    ({ inputs }: PlannedResource): void => {
        inputs[name] = value;
    };
/** Sets a part of a cluster's endpoint. */
export const endpoint =
    (more: object) =>
    ({ inputs }: PlannedResource): void => {
        inputs.vpcConfig = { ...(inputs.vpcConfig as object), ...more };
    };
