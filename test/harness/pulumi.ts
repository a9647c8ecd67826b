import * as pulumi from "@pulumi/pulumi";

import { plannedAnswers } from "../../sandbox/plan/computed.ts";
import { runProgram } from "../../sandbox/plan/program.ts";
import type { PlannedResource } from "../../sandbox/plan/registration.ts";

/** Account and region of everything that runs under this harness. */
export const place = { accountId: "222222222222", region: "eu-west-1" } as const;

/** What a program did under mocks. */
export interface MockedRun<Value> {
    /** What the program returned, every Output in it resolved. */
    value: pulumi.Unwrap<Value>;
    /** Every registration: inputs, options, parent. */
    resources: PlannedResource[];
    /** The only resource of a type, or the one with that logical name. */
    only(type: string, name?: string): PlannedResource;
    /** Type and name of every resource but the stack, sorted: the exact set that was registered. */
    inventory(): string[];
}

/** How to run a program under mocks. */
export interface MockedRunOptions {
    /** As a first preview: what is computed is unknown. @default false */
    preview?: boolean;
    /** Outputs of other stacks, by fully qualified name. */
    references?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Runs a program against stand-ins and waits for every registration. An invoke, or a type that the stand-ins do not
 * know, fails the run.
 */
export async function runMocked<Value>(
    program: () => Value,
    options: MockedRunOptions = {},
): Promise<MockedRun<Value>> {
    const { resources, outputs } = await runProgram(() => ({ value: program() ?? null }), {
        stack: "test",
        config: {},
        answers: plannedAnswers(place, options.references ?? {}),
        preview: options.preview ?? false,
    });
    return {
        value: outputs.value as pulumi.Unwrap<Value>,
        resources,
        only(type, name) {
            const found = resources.filter((each) => each.type === type && (name === undefined || each.name === name));
            const [first] = found;
            if (first === undefined || found.length > 1) {
                throw new Error(`${found.length} resources of type ${type} named ${name ?? "anything"}, expected 1`);
            }
            return first;
        },
        inventory: () =>
            resources
                .filter(({ type }) => type !== "pulumi:pulumi:Stack")
                .map(({ type, name }) => `${type} ${name}`)
                .toSorted(),
    };
}

/** The document in a policy input, which is JSON. */
export function policyOf(resource: PlannedResource, input: string): unknown {
    const text = resource.inputs[input];
    if (typeof text !== "string") {
        throw new Error(`${resource.name}: input ${input} is not text`);
    }
    return JSON.parse(text);
}
