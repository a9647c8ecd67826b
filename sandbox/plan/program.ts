import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as mockRuntime from "@pulumi/pulumi/runtime/mocks.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import * as state from "@pulumi/pulumi/runtime/state.js";

import { plannedResource, readResource, stackOutputs, type PlannedResource } from "./registration.ts";

const repository = path.resolve(import.meta.dirname, "../..");

/** What a stand-in for every provider answers. */
export interface Answers {
    /**
     * Properties a resource has after creation: its inputs and what is computed. Throws for a type it does not know.
     */
    resource(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown>;
    /** Outputs of the last deployment of a stack; none when it has not been deployed. */
    stackOutputs(name: string): Readonly<Record<string, unknown>>;
    /** The id of such a resource. */
    id(type: string, name: string, inputs: Record<string, unknown>): string;
}

/** How to run a program. */
export interface ProgramOptions {
    stack: string;
    /** Full keys, values as Pulumi hands them to a program: text, or JSON for lists and maps. */
    config: Readonly<Record<string, string>>;
    /** Those of them that are encrypted in the stack's file, in whole or in part. @default none */
    secretKeys?: readonly string[];
    answers: Answers;
    /** Folder of the project's `Pulumi.yaml`. @default this repository */
    root?: string;
    /** As `pulumi preview` of a stack that does not exist yet: what is computed is unknown. @default false */
    preview?: boolean;
}

/** What a program did. */
export interface ProgramRun {
    /** Every registration, in order; the stack itself first. */
    resources: PlannedResource[];
    /** What the program returned, resolved. An output that is not known yet is {@link UNKNOWN}. */
    outputs: Record<string, unknown>;
}

/**
 * Runs a Pulumi program in this process, against {@link Answers} instead of an engine, and waits for every
 * registration. Pulumi's runtime is global: runs must not overlap.
 *
 * @throws the program's first error, in a constructor or in an `apply`; and when it calls an invoke of a provider.
 */
export async function runProgram(program: () => unknown, options: ProgramOptions): Promise<ProgramRun> {
    const run: ProgramRun = { resources: [], outputs: {} };
    const preview = options.preview ?? false;
    const mocks = providerMocks(options.answers, preview);
    await pulumi.runtime.setMocks(mocks, "fleet", options.stack, preview, "organization");
    settings.setMockOptions(recordingMonitor(mocks, run), "fleet", options.stack, preview, "organization");
    setRootDirectory(options.root ?? repository);
    pulumi.runtime.setAllConfig({ ...options.config }, [...(options.secretKeys ?? [])]);

    await withoutStrayRejections(async () => {
        await pulumi.runtime.runInPulumiStack(async () => program());
        await pulumi.runtime.disconnect();
    });
    return run;
}

/** What the engine tells a program by `--root-directory`; Pulumi's mocks leave it out. */
function setRootDirectory(root: string): void {
    const internal = state as unknown as { getStore(): { settings: { options: { rootDirectory: string } } } };
    internal.getStore().settings.options.rootDirectory = root;
}

function providerMocks(answers: Answers, preview: boolean): pulumi.runtime.Mocks {
    return {
        call({ token, inputs }) {
            if (token === "pulumi:pulumi:readStackOutputs") {
                return { outputs: answers.stackOutputs((inputs as { name: string }).name) };
            }
            throw new Error(`the program calls ${token}; a plan cannot ask a provider`);
        },
        newResource({ type, name, inputs, custom, id }) {
            if (custom === false) {
                return { id: undefined, state: inputs };
            }
            const given = inputs as Record<string, unknown>;
            const state = answers.resource(type, name, given);
            // Reading something that exists works in a preview too.
            return preview && (id === undefined || id === "")
                ? { id: undefined, state: given }
                : { id: id === undefined || id === "" ? answers.id(type, name, given) : id, state };
        },
    };
}

/** Pulumi's own mock monitor, writing down what it is asked. */
function recordingMonitor(mocks: pulumi.runtime.Mocks, run: ProgramRun) {
    class RecordingMonitor extends mockRuntime.MockMonitor {
        override async registerResource(request: unknown, callback: (error: unknown, response: unknown) => void) {
            run.resources.push(plannedResource(request));
            await super.registerResource(request, callback);
        }

        override async readResource(request: unknown, callback: (error: unknown, response: unknown) => void) {
            run.resources.push(readResource(request));
            await super.readResource(request, callback);
        }

        override registerResourceOutputs(request: unknown, callback: (error: unknown, response: unknown) => void) {
            run.outputs = stackOutputs(request) ?? run.outputs;
            super.registerResourceOutputs(request, callback);
        }
    }
    return new RecordingMonitor(mocks);
}

/**
 * An error in an `apply` rejects every value made from it, some of which nobody awaits, and may leave the program
 * waiting for ever. The first such error fails the run.
 */
async function withoutStrayRejections(run: () => Promise<void>): Promise<void> {
    const listeners = process.listeners("unhandledRejection");
    let fail: (error: unknown) => void = () => {};
    const stray = new Promise<never>((_, reject) => {
        fail = reject;
    });
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", fail);
    try {
        await Promise.race([run(), stray]);
        // Node reports a rejection only after the microtasks that could have handled it.
        await Promise.race([new Promise((resolve) => setImmediate(resolve)), stray]);
    } finally {
        // One error rejects several values, reported one after the other: the rest must not fail whoever runs next.
        await new Promise((resolve) => setImmediate(resolve));
        process.off("unhandledRejection", fail);
        for (const listener of listeners) {
            process.on("unhandledRejection", listener);
        }
    }
}
