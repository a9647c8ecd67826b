import * as pulumi from "@pulumi/pulumi";

/**
 * Outputs of this stack's own last deployment; none before the first. The engine answers from the state it works on,
 * in `pulumi preview` as in `pulumi up`, without a resource: a StackReference to oneself would put a copy of all outputs
 * into the state. A deployment that failed left the outputs of the one before.
 */
export async function readLastOutputs(): Promise<Readonly<Record<string, unknown>>> {
    const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
    const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return (answer as { outputs?: Record<string, unknown> }).outputs ?? {};
}
