import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/analyzer_pb.js";

import { UNKNOWN, type Props } from "../engine/kit/types.ts";
import { encode } from "../engine/kit/values.ts";
import { computedProperties } from "./computed.ts";
import type { ProgramRun } from "./program.ts";
import type { PlannedResource } from "./registration.ts";

/*
 * What the engine sends a policy pack, made from what a program registered: `analyzeAll` and `AnalyzeResources` in
 * pkg/resource/deploy/step_generator.go of github.com/pulumi/pulumi. Two things are not as there: no provider has
 * checked the inputs (no automatic names, no defaults), and of the options only protect, ignoreChanges and parent
 * are given.
 */

/** Asks about the inputs of one resource. */
export function analyzeRequest(resource: PlannedResource, run: ProgramRun): rpc.AnalyzeRequest {
    return new analyzerPb.AnalyzeRequest()
        .setUrn(resource.urn)
        .setType(resource.type)
        .setName(resource.name)
        .setProperties(encode(resource.inputs as Props))
        .setOptions(options(resource))
        .setProvider(providerOf(resource, run));
}

/** Asks about the whole stack, by what its resources would be after the deployment. */
export function analyzeStackRequest(run: ProgramRun): rpc.AnalyzeStackRequest {
    const resources = run.resources.filter(({ read }) => !read);
    return new analyzerPb.AnalyzeStackRequest().setResourcesList(resources.map((each) => stackResource(each, run)));
}

function stackResource(resource: PlannedResource, run: ProgramRun): rpc.AnalyzerResource {
    const message = new analyzerPb.AnalyzerResource()
        .setUrn(resource.urn)
        .setType(resource.type)
        .setName(resource.name)
        .setProperties(encode(outputs(resource, run)))
        .setOptions(options(resource))
        .setProvider(providerOf(resource, run))
        .setParent(resource.parent)
        .setDependenciesList(resource.dependencies);
    for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
        const dependencies = new analyzerPb.AnalyzerPropertyDependencies().setUrnsList(urns);
        message.getPropertydependenciesMap().set(property, dependencies);
    }
    return message;
}

/** At the end of a preview a resource has its inputs, and what the provider computes is unknown. */
function outputs({ type, name, custom, inputs }: PlannedResource, run: ProgramRun): Props {
    if (type === "pulumi:pulumi:Stack") {
        return run.outputs as Props;
    }
    const computed = custom ? computedProperties(type, name, inputs) : [];
    return { ...Object.fromEntries(computed.map((property) => [property, UNKNOWN])), ...(inputs as Props) };
}

function options({ protect, ignoreChanges, parent }: PlannedResource): rpc.AnalyzerResourceOptions {
    return new analyzerPb.AnalyzerResourceOptions()
        .setProtect(protect)
        .setIgnorechangesList(ignoreChanges)
        .setParent(parent)
        .setCustomtimeouts(new analyzerPb.AnalyzerResourceOptions.CustomTimeouts());
}

/** The explicit provider, or the engine's default one: it has no inputs, for the fleet sets no provider configuration. */
function providerOf({ type, custom, provider, urn }: PlannedResource, run: ProgramRun) {
    if (!custom || type.startsWith("pulumi:")) {
        return undefined;
    }
    const explicit = run.resources.find((each) => each.urn === provider);
    const ownType = `pulumi:providers:${type.split(":")[0] ?? ""}`;
    const [stack, project] = urn.split("::");
    return new analyzerPb.AnalyzerProviderResource()
        .setUrn(explicit?.urn ?? `${stack}::${project}::${ownType}::default`)
        .setType(explicit?.type ?? ownType)
        .setName(explicit?.name ?? "default")
        .setProperties(encode((explicit?.inputs ?? {}) as Props));
}
