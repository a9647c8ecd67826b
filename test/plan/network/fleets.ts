import type { ProgramRun } from "../../../sandbox/plan/program.ts";
import { runStack, type StackConfig } from "../../../sandbox/plan/runner.ts";
import { changedConfig } from "../stacks.ts";
import { Site } from "./topology.ts";
import { type Fleet, walkHubToSpoke, walkSpokeToVault, walkVaultToSpoke } from "./walk.ts";

/** A fleet of two as planned, and where its Vault is. */
export interface Planned {
    hub: ProgramRun;
    spoke: ProgramRun;
    vault: string;
}

const gateway = "tgw-0123456789abcdef0";
export const byGateway = { mode: "transitGateway", transitGatewayId: gateway };
const adopted = {
    vpcId: "vpc-0aaaaaaaaaaaaaaaa",
    cidr: "10.1.0.0/16",
    privateSubnetIds: ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"],
    privateRouteTableIds: ["rtb-0aaaaaaaaaaaaaaaa", "rtb-0bbbbbbbbbbbbbbbb"],
};

async function fleet(vault: string, hubChange: StackConfig, spokeChange: StackConfig): Promise<Planned> {
    const hub = await runStack("hub", await changedConfig("hub", hubChange));
    const spoke = await runStack("dev", await changedConfig("dev", spokeChange), { hubOutputs: hub.outputs });
    return { hub, spoke, vault };
}

/** The spoke's configuration with a private endpoint, Vault's range and a connection. */
export async function privately(
    connectivity: object,
    sourceCidrs: string[],
    network: object = {},
): Promise<StackConfig> {
    const dev = await changedConfig("dev", {});
    return {
        "fleet:connectivity": connectivity,
        "fleet:network": { ...(dev["fleet:network"] as object), ...network },
        "fleet:cluster": { ...(dev["fleet:cluster"] as object), endpoint: { public: false } },
        "fleet:vault": { address: "https://vault.example.com", sourceCidrs },
    };
}

const offering = { "fleet:connectivity": { ...byGateway, spokeCidrs: ["10.1.0.0/16"] } };

export const fleets: Record<string, () => Promise<Planned>> = {
    natAllowList: () =>
        fleet(
            "192.0.2.10/32",
            {},
            { "fleet:vault": { address: "https://vault.example.com", sourceCidrs: ["192.0.2.10/32"] } },
        ),
    peering: async () => fleet("10.0.7.0/24", {}, await privately({ mode: "peering" }, ["10.0.7.0/24"])),
    transitGateway: async () => fleet("10.9.0.0/24", offering, await privately(byGateway, ["10.9.0.0/24"])),
    "transitGateway without NAT": async () =>
        fleet("10.9.0.0/24", offering, await privately(byGateway, ["10.9.0.0/24"], { nat: "none" })),
    "peering with an adopted VPC": async () => {
        const change = await privately({ mode: "peering" }, []);
        return fleet("10.0.7.0/24", {}, { ...change, "fleet:network": { existing: adopted } });
    },
};

export const walks = {
    "hub → spoke": walkHubToSpoke,
    "spoke → Vault": walkSpokeToVault,
    "Vault → spoke": walkVaultToSpoke,
} as const;
export type Walk = keyof typeof walks;

export function sites({ hub, spoke, vault }: Planned): Fleet {
    return { hub: new Site("hub", hub), spoke: new Site("spoke", spoke), vault };
}

const runs = new Map<string, Promise<Planned>>();

/** A fleet as planned, run once for all tests. */
export function plannedFleet(mode: string): Promise<Planned> {
    const run = runs.get(mode) ?? fleets[mode]?.() ?? Promise.reject(new Error(`no fleet is called ${mode}`));
    runs.set(mode, run);
    return run;
}
