import assert from "node:assert/strict";

import type { ProgramRun } from "../../../sandbox/plan/program.ts";
import type { PlannedResource } from "../../../sandbox/plan/registration.ts";

/** Changes a planned resource, or the whole plan. */
export type Change = (resource: PlannedResource, run: ProgramRun) => void;

/** A defect in a committed stack's plan, and the rule that must see it. */
export interface Defect {
    rule: string;
    /** What went wrong, in words. */
    title: string;
    stack: "hub" | "prod";
    type: string;
    /** End of the resource's logical name. */
    name: string;
    change: Change;
}

/** Puts a value at a dotted path of the inputs; undefined removes it. */
export function set(path: string, value: unknown): Change {
    return (resource) => {
        const steps = path.split(".");
        const last = steps.pop();
        assert.ok(last !== undefined);
        let at = resource.inputs;
        for (const step of steps) {
            at[step] ??= {};
            at = at[step] as Record<string, unknown>;
        }
        if (value === undefined) {
            delete at[last];
        } else {
            at[last] = value;
        }
    };
}

/** Changes the policy document in an input, which is JSON; `at` is the statement to change. */
export function statement(input: string, at: number, change: (statement: Record<string, any>) => void): Change {
    return document(input, ({ Statement }) => {
        const found = Statement.at(at);
        assert.ok(found !== undefined, `${input} has no statement ${at}`);
        change(found);
    });
}

/** Changes the policy document in an input as a whole. */
export function document(input: string, change: (document: { Statement: Record<string, any>[] }) => void): Change {
    return (resource) => {
        const parsed = JSON.parse(String(resource.inputs[input])) as { Statement: Record<string, any>[] };
        change(parsed);
        resource.inputs[input] = JSON.stringify(parsed);
    };
}

/** Removes the resource from the plan. */
export const remove: Change = (resource, run) => {
    run.resources = run.resources.filter((one) => one !== resource);
};

/** Adds a resource like this one, of another type. */
export function beside(type: string, inputs: Record<string, unknown>, from: Record<string, string> = {}): Change {
    return (resource, run) => {
        const urn = resource.urn.replace(/[^:]*::[^:]*$/, `planted::${resource.name}-planted`);
        const propertyDependencies = Object.fromEntries(
            Object.entries(from).map(([property, end]) => [
                property,
                run.resources.filter(({ name }) => name.endsWith(end)).map((one) => one.urn),
            ]),
        );
        const name = `${resource.name}-planted`;
        // As a component, because the plan knows no computed properties of types that the fleet does not use.
        run.resources.push({ ...resource, custom: false, urn, type, name, inputs, propertyDependencies });
    };
}

/** The plan after a defect was planted; the original is left as it was. Also the resources that differ. */
export function planted(run: ProgramRun, defect: Defect): { run: ProgramRun; changed: PlannedResource[] } {
    const copies = run.resources.map((resource) => ({
        ...resource,
        inputs: copy(resource.inputs) as PlannedResource["inputs"],
        propertyDependencies: { ...resource.propertyDependencies },
    }));
    const changedRun: ProgramRun = { ...run, outputs: { ...run.outputs }, resources: [...copies] };
    const found = copies.filter(({ type, name }) => type === defect.type && name.endsWith(defect.name));
    assert.equal(found.length, 1, `${defect.title}: ${found.length} resources of ${defect.type} end in ${defect.name}`);
    const [resource] = found;
    assert.ok(resource);
    defect.change(resource, changedRun);
    const added = changedRun.resources.filter((one) => !copies.includes(one));
    return { run: changedRun, changed: changedRun.resources.includes(resource) ? [resource, ...added] : added };
}

/** A deep copy; a value that is not known stays so. */
export function copy(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(copy);
    }
    // What is not known is a symbol, which stays itself.
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
    }
    return value;
}
