import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/analyzer_pb.js";

import { UNKNOWN, type Props, type Value } from "../../../sandbox/engine/kit/types.ts";
import { encode } from "../../../sandbox/engine/kit/values.ts";
import type { ExampleResource } from "../../../policy-pack/rule/rule.ts";

/** How the engine marks a secret on the wire. */
export function secret(value: unknown): Props {
    return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: value as Value };
}

/** Asks about one example. */
export function exampleRequest(example: ExampleResource): rpc.AnalyzeRequest {
    const request = new analyzerPb.AnalyzeRequest()
        .setUrn(urnOf(example))
        .setType(example.type)
        .setName(nameOf(example))
        .setProperties(encode(propsOf(example)))
        .setOptions(optionsOf(example));
    const provider = providerOf(example);
    return provider === undefined ? request : request.setProvider(provider);
}

/** Asks about examples as a stack. */
export function exampleStackRequest(examples: readonly ExampleResource[]): rpc.AnalyzeStackRequest {
    const resources = examples.map((example) => {
        const message = new analyzerPb.AnalyzerResource()
            .setUrn(urnOf(example))
            .setType(example.type)
            .setName(nameOf(example))
            .setProperties(encode(propsOf(example)))
            .setOptions(optionsOf(example));
        for (const [property, names] of Object.entries(example.from ?? {})) {
            const urns = names.map((name) => urnOf(examples.find((each) => nameOf(each) === name)));
            const dependencies = new analyzerPb.AnalyzerPropertyDependencies().setUrnsList(urns);
            message.getPropertydependenciesMap().set(property, dependencies);
        }
        const provider = providerOf(example);
        return provider === undefined ? message : message.setProvider(provider);
    });
    return new analyzerPb.AnalyzeStackRequest().setResourcesList(resources);
}

/** What comes from another resource is not known before that exists. */
function propsOf({ props, from = {} }: ExampleResource): Props {
    const known = { ...props } as Record<string, Value>;
    for (const property of Object.keys(from)) {
        known[property] = holed(known[property]);
    }
    return known;
}

/** `"?"` anywhere in a value is what is not known. */
function holed(value: Value | undefined): Value {
    if (value === undefined || value === "?") {
        return UNKNOWN;
    }
    if (Array.isArray(value)) {
        return value.map(holed);
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, holed(item)]));
    }
    return value;
}

export function nameOf({ name, type }: ExampleResource): string {
    return name ?? type.split(":").at(-1)?.toLowerCase() ?? "";
}

function urnOf(example: ExampleResource | undefined): string {
    if (example === undefined) {
        throw new Error("an example is made from a resource that it does not have");
    }
    return `urn:pulumi:prod::fleet::${example.type}::${nameOf(example)}`;
}

function optionsOf({ protect = false }: ExampleResource): rpc.AnalyzerResourceOptions {
    return new analyzerPb.AnalyzerResourceOptions()
        .setProtect(protect)
        .setCustomtimeouts(new analyzerPb.AnalyzerResourceOptions.CustomTimeouts());
}

function providerOf({ type, provider }: ExampleResource): rpc.AnalyzerProviderResource | undefined {
    const own = `pulumi:providers:${type.split(":")[0] ?? ""}`;
    return provider === undefined
        ? undefined
        : new analyzerPb.AnalyzerProviderResource()
              .setUrn(`urn:pulumi:prod::fleet::${own}::provider`)
              .setType(own)
              .setName("provider")
              .setProperties(encode(provider as Props));
}
