/**
 * The provider of the contract suite: package "tiny", served by the kit. It writes what it receives and does
 * as one JSON line each to the file named by its `journal` input, so that tests read it instead of guessing.
 * Its one type is tiny:index:Thing; `name` forces replacement, `behaviour` picks a way to misbehave.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { PartialCreateError, serve } from "../../../sandbox/engine/kit/serve.ts";
import { UNKNOWN } from "../../../sandbox/engine/kit/types.ts";
import type { CreateRequest, Props, ProviderInstance, Value } from "../../../sandbox/engine/kit/types.ts";
import { sameValue } from "../../../sandbox/engine/kit/values.ts";
import { TINY_VERSION } from "./tiny-version.ts";

/** The things that exist elsewhere and can be imported. */
const CLOUD: Readonly<Record<string, Props>> = { "thing-elsewhere": { name: "elsewhere", value: "found" } };

await serve({
    name: "tiny",
    version: TINY_VERSION,
    replaceOnConfigChange: ["region"],
    checkConfig: ({ region }) =>
        region === "nowhere" ? [{ property: "region", reason: "must be a region that exists" }] : [],
    configure: async (config) => {
        const journal = (entry: object): void => {
            const line = JSON.stringify({ pid: process.pid, ...entry }, (_key, value: unknown) =>
                value === UNKNOWN ? "<unknown>" : value,
            );
            appendFileSync(text(config["journal"]), `${line}\n`);
        };
        journal({ did: "configure", config });
        return instance(journal);
    },
});

function instance(journal: (entry: object) => void): ProviderInstance {
    return {
        check: async ({ newInputs }) => {
            const failures =
                newInputs["behaviour"] === "reject" ? [{ property: "secret", reason: "is not acceptable" }] : [];
            return { inputs: newInputs, failures };
        },
        diff: async ({ oldInputs, newInputs }) => {
            const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])];
            const changed = keys.filter((key) => !sameValue(oldInputs[key], newInputs[key]));
            return { changed, replace: changed.filter((key) => key === "name") };
        },
        create: async (request) => create(request, journal),
        read: async ({ id, oldInputs, oldOutputs }) => {
            const known = Object.keys(oldOutputs).length > 0;
            journal({ did: "read", id });
            if (known) {
                return { id, inputs: oldInputs, outputs: oldOutputs };
            }
            const found = CLOUD[id];
            return found === undefined ? null : { id, inputs: found, outputs: { ...found, computed: "c-elsewhere" } };
        },
        update: async ({ id, inputs, preview, oldOutputs }) => {
            journal({ did: preview ? "preview update" : "update", id, inputs });
            return { outputs: { ...inputs, computed: oldOutputs["computed"] ?? null } };
        },
        delete: async ({ id }) => journal({ did: "delete", id }),
        invoke: async (token, args) => {
            journal({ did: "invoke", token, args });
            return { result: { echo: args["text"] ?? null }, failures: [] };
        },
    };
}

async function create(
    request: CreateRequest,
    journal: (entry: object) => void,
): Promise<{ id: string; outputs: Props }> {
    const { inputs, preview, signal } = request;
    journal({ did: preview ? "preview create" : "create", inputs });
    request.log("working on\nit");
    if (preview) {
        return { id: "made-up", outputs: { ...inputs, computed: UNKNOWN } };
    }
    const name = text(inputs["name"]);
    const outputs = { ...inputs, computed: `c-${name}` };
    const id = `thing-${name}`;
    switch (inputs["behaviour"]) {
        case "fail":
            throw new TypeError("the thing\n    cannot be made");
        case "fail after create":
            throw new PartialCreateError(id, outputs, ["the thing never became ready"]);
        case "never end":
            await sleep(600_000, undefined, { signal }).finally(() => journal({ did: "aborted" }));
    }
    return { id, outputs };
}

function text(value: Value | undefined): string {
    if (typeof value !== "string") {
        throw new Error(`expected a string, not ${typeof value}`);
    }
    return value;
}
