import * as pulumi from "@pulumi/pulumi";

import { EksCluster, type EksClusterArgs } from "../../../components/cluster/eks-cluster.ts";
import type { NodeGroupSpec } from "../../../components/cluster/node-group.ts";
import { place, runMocked } from "../../harness/pulumi.ts";

export const clusterType = "aws:eks/cluster:Cluster";
export const deployer = "arn:aws:iam::222222222222:role/fleet-deployer";

export const nodeGroup: NodeGroupSpec = {
    instanceTypes: ["m7g.large"],
    amiType: "AL2023_ARM_64_STANDARD",
    capacityType: "SPOT",
    diskSizeGiB: 50,
    minSize: 1,
    desiredSize: 2,
    maxSize: 4,
    labels: {},
    taints: [],
};

/** Runs one cluster under mocks; with node groups unless told otherwise. */
export function cluster(change: Partial<EksClusterArgs> = {}, preview = false) {
    return runMocked(
        () => {
            const { kubeconfig: config } = new EksCluster("eks", {
                ...place,
                clusterName: "dev-01",
                deployRoleArn: deployer,
                kubernetesVersion: "1.35",
                serviceCidr: "172.20.0.0/16",
                subnetIds: [pulumi.output("subnet-1"), pulumi.output("subnet-2")],
                endpoint: { public: true, publicCidrs: ["203.0.113.0/24"] },
                compute: { nodeGroups: { general: nodeGroup } },
                access: [],
                addons: {},
                logRetentionDays: 90,
                supportType: "STANDARD",
                deletionProtection: false,
                protect: false,
                ...change,
            });
            return { kubeconfig: config };
        },
        { preview },
    );
}
