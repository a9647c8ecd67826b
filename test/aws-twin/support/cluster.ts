import { T } from "../../../sandbox/aws-twin/tokens.ts";
import type { Props } from "../../../sandbox/engine/kit/types.ts";
import { trust } from "./fleet.ts";
import { HUB, type Made, type World } from "./world.ts";

/** What a cluster and a node group need around them, and valid inputs for both. */
export interface Ground {
    vpcId: string;
    subnetIds: string[];
    cluster: Props;
    nodes: Props;
    clusterPolicy: Made;
    nodePolicy: Made;
}

export async function makeGround(world: World): Promise<Ground> {
    const vpc = await world.create(T.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
    const subnetIds: string[] = [];
    for (const [index, zone] of ["a", "b"].entries()) {
        const inputs = { vpcId: vpc.id, cidrBlock: `10.0.${index * 16}.0/20`, availabilityZone: `eu-west-1${zone}` };
        subnetIds.push((await world.create(T.subnet, zone, inputs)).id);
    }
    const role = async (name: string, service: string, policy: string): Promise<Made> => {
        await world.create(T.role, name, { name, assumeRolePolicy: trust({ Service: service }) });
        const policyArn = `arn:aws:iam::aws:policy/${policy}`;
        return await world.create(T.rolePolicyAttachment, `${name}-policy`, { role: name, policyArn });
    };
    return {
        vpcId: vpc.id,
        subnetIds,
        clusterPolicy: await role("control-plane", "eks.amazonaws.com", "AmazonEKSClusterPolicy"),
        nodePolicy: await role("node", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy"),
        cluster: {
            name: "hub-01",
            version: "1.34",
            roleArn: `arn:aws:iam::${HUB}:role/control-plane`,
            accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
            vpcConfig: { subnetIds },
        },
        nodes: {
            clusterName: "hub-01",
            nodeGroupName: "system",
            nodeRoleArn: `arn:aws:iam::${HUB}:role/node`,
            subnetIds,
            scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 },
        },
    };
}
