import type * as pulumi from "@pulumi/pulumi";

import { ChartRegistry, type ChartRegistryArgs } from "./chart-registry.ts";

/**
 * The hub's chart registry, if it has one, and what the hub says of it.
 *
 * @param readers what makes the role that signs in: a policy may name a role only when the role exists
 */
export function hubCharts(
    name: string,
    args: Omit<ChartRegistryArgs, "charts"> & { chartRegistry: Pick<ChartRegistryArgs, "charts"> | undefined },
    opts: pulumi.ComponentResourceOptions,
    readers: pulumi.Resource[],
): { chartRegistryUrl?: string } {
    const { chartRegistry, ...place } = args;
    if (chartRegistry === undefined) {
        return {};
    }
    const { url } = new ChartRegistry(name, { ...place, ...chartRegistry }, { ...opts, dependsOn: readers });
    return { chartRegistryUrl: url };
}
