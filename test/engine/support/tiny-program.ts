import { TINY_VERSION } from "./tiny-version.ts";

/** The head of every program of the contract suite: classes for package "tiny" as an SDK would have them. */
const HEAD = `
import * as pulumi from "@pulumi/pulumi";
const version = "${TINY_VERSION}";
class Provider extends pulumi.ProviderResource {
    constructor(name, { zones, ...rest } = {}, opts = {}) {
        // As an SDK sends a list: its JSON text.
        const list = pulumi.output(zones).apply((value) => JSON.stringify(value));
        const inputs = { region: "eu-west-1", journal: process.env.JOURNAL, zones: list, ...rest };
        super("tiny", name, inputs, { version, ...opts });
    }
}
class Thing extends pulumi.CustomResource {
    constructor(name, args, opts = {}) {
        super("tiny:index:Thing", name, { computed: undefined, ...args }, { version, ...opts });
    }
}
`;

/** A program around `body`, in which Provider, Thing and pulumi can be used. */
export function tinyProgram(body: string): string {
    return HEAD + body;
}
