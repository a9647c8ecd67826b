import { flag, object, set, text, type Field } from "../../schema/field.ts";
import { clusterName, ec2Id, ipv4Network, keyArn, oneOf, roleArn } from "../../schema/formats.ts";
import { serviceCidrProblem } from "./network.ts";

/** Inputs of a cluster that the twin knows. Outposts and hybrid nodes are not among them. */
export const clusterFields: Readonly<Record<string, Field>> = {
    accessConfig: object({
        authenticationMode: text({ check: oneOf("API", "API_AND_CONFIG_MAP", "CONFIG_MAP") }),
        bootstrapClusterCreatorAdminPermissions: flag({ replaces: true }),
    }),
    bootstrapSelfManagedAddons: flag({ default: true, replaces: true }),
    computeConfig: object({
        enabled: flag(),
        nodePools: set(text({ check: oneOf("general-purpose", "system") })),
        // Nodes keep the role they joined with; it can be set later, not changed.
        nodeRoleArn: text({ check: roleArn, replaces: (before, after) => before !== undefined && after !== undefined }),
    }),
    deletionProtection: flag(),
    enabledClusterLogTypes: set(
        text({ check: oneOf("api", "audit", "authenticator", "controllerManager", "scheduler") }),
    ),
    encryptionConfig: object(
        {
            provider: object({ keyArn: text({ required: true, check: keyArn }) }, { required: true }),
            resources: set(text({ check: oneOf("secrets") }), { required: true, min: 1 }),
        },
        // Encryption can be switched on later, but neither off nor to another key.
        { replaces: (before) => before !== undefined },
    ),
    forceUpdateVersion: flag(),
    kubernetesNetworkConfig: object({
        elasticLoadBalancing: object({ enabled: flag() }),
        ipFamily: text({ replaces: true, check: oneOf("ipv4") }),
        serviceIpv4Cidr: text({ replaces: true, check: serviceCidrProblem }),
    }),
    name: text({ replaces: true, check: clusterName }),
    roleArn: text({ required: true, replaces: true, check: roleArn }),
    storageConfig: object({ blockStorage: object({ enabled: flag() }) }),
    upgradePolicy: object({ supportType: text({ check: oneOf("EXTENDED", "STANDARD") }) }),
    version: text(),
    vpcConfig: object(
        {
            endpointPrivateAccess: flag(),
            endpointPublicAccess: flag(),
            publicAccessCidrs: set(text({ check: ipv4Network() }), { max: 40 }),
            securityGroupIds: set(text({ check: ec2Id("sg") }), { max: 5 }),
            subnetIds: set(text({ check: ec2Id("subnet") }), { required: true }),
        },
        { required: true },
    ),
    zonalShiftConfig: object({ enabled: flag() }),
};
