import { z } from "zod";

import { crossing } from "./crossing.ts";
import { argocdInstalls, chartRegistryPattern } from "./names.ts";
import {
    accountIdShape,
    cidrShape,
    dnsLabelShape,
    iamPathShape,
    kubernetesVersionShape,
    regionalArnShape,
    roleArnShape,
    routeTableIdShape,
} from "./shapes.ts";

/** Version of the stack outputs this program writes, and the newest it can read. */
export const contractVersion = 1;

const both = ["components/hub.ts", "components/spoke.ts"].join(", ");
const every = [both, "components/existing-spoke.ts"].join(", ");
const people = "other teams (FleetStack)";

const commonOutputs = {
    contractVersion: crossing(z.literal(contractVersion), {
        producer: every,
        consumers: ["contract/fleet-stack.ts", people],
        description: "Version of this set of outputs; it grows when a key changes its meaning or goes.",
    }),
    clusterName: crossing(dnsLabelShape, {
        producer: every,
        consumers: ["components/spoke.ts", people],
        description: "Name of the EKS cluster, which is also its name in Argo CD.",
    }),
    environment: crossing(dnsLabelShape, {
        producer: every,
        consumers: [people],
        description: "Environment the cluster serves, for example dev, staging or prod.",
    }),
    accountId: crossing(accountIdShape, {
        producer: both,
        consumers: [people],
        description: "AWS account of the cluster.",
    }),
    region: crossing(z.string().min(1), {
        producer: both,
        consumers: ["components/spoke.ts", people],
        description: "AWS region of the cluster. A hub reads registrations in its own.",
    }),
    iamPath: crossing(iamPathShape, {
        producer: both,
        consumers: ["components/spoke.ts", people],
        description: "IAM path of the stack's roles. A spoke's must be its hub's.",
    }),
    vpcId: crossing(z.string().regex(/^vpc-[0-9a-f]+$/, "is not a VPC id"), {
        producer: both,
        consumers: ["contract/hub-network.ts", people],
        description: "VPC of the cluster.",
    }),
    vpcCidr: crossing(cidrShape, {
        producer: both,
        consumers: ["contract/hub-network.ts", people],
        description: "IPv4 range of that VPC.",
    }),
    clusterArn: crossing(regionalArnShape, {
        producer: both,
        consumers: ["components/spoke.ts", people],
        description: "ARN of the EKS cluster. A spoke's trust policy names the hub's.",
    }),
    clusterEndpoint: crossing(z.url(), {
        producer: every,
        consumers: [people],
        description: "URL of the Kubernetes API.",
    }),
    clusterCaData: crossing(z.base64(), {
        producer: every,
        consumers: [people],
        description: "Certificate authority of the Kubernetes API: PEM, base64-encoded. Public.",
    }),
    kubernetesVersion: crossing(kubernetesVersionShape, {
        producer: every,
        consumers: [people],
        description: "Kubernetes minor version of the control plane.",
    }),
    privateRouteTableIds: crossing(z.array(routeTableIdShape), {
        producer: both,
        consumers: ["contract/hub-network.ts", people],
        description: "Route tables of that VPC's private subnets; empty when an adopted VPC's are not known.",
    }),
    natPublicIps: crossing(z.array(z.ipv4()), {
        producer: both,
        consumers: ["contract/hub-network.ts", people],
        description: "Addresses the cluster calls out from. A spoke's public endpoint admits the hub's.",
    }),
    gitUrl: crossing(z.string().min(1), {
        producer: every,
        consumers: [people],
        description: "Repository that drives the cluster.",
    }),
    gitRevision: crossing(z.string().min(1), {
        producer: every,
        consumers: [people],
        description: "Branch, tag or commit of that repository.",
    }),
    registrationSecretArn: crossing(regionalArnShape, {
        producer: both,
        consumers: [people],
        description: "Registration secret in the hub's region, with the random end of its ARN.",
    }),
    registrationKeyArn: crossing(regionalArnShape, {
        producer: both,
        consumers: [people],
        description: "KMS key that encrypts the registration secret.",
    }),
};

/** Outputs of a hub stack. */
export const hubOutputsSchema = z.strictObject({
    ...commonOutputs,
    role: crossing(z.literal("hub"), {
        producer: "components/hub.ts",
        consumers: [people],
        description: "What the stack is: hub or spoke.",
    }),
    argocdInstall: crossing(z.enum(argocdInstalls), {
        producer: "components/hub.ts",
        consumers: ["components/spoke.ts"],
        description: "Who runs the hub's Argo CD: helm, capability or existing.",
    }),
    argocdRoleArn: crossing(roleArnShape, {
        producer: "components/hub.ts",
        consumers: ["components/spoke.ts"],
        description:
            "Role of the hub's Argo CD: of its pods, the only principal a spoke's access role trusts; or of the EKS " +
            "capability, the principal of a spoke's access entry.",
    }),
    externalSecretsRoleArn: crossing(roleArnShape, {
        producer: "components/hub.ts",
        consumers: ["components/spoke.ts"],
        description: "Role of the hub's External Secrets pods; the only reader of a registration secret.",
    }),
    deployRole: crossing(z.string().min(1), {
        producer: "components/hub.ts",
        consumers: ["contract/hub-network.ts"],
        description:
            "Role of accountId that `pulumi up` runs as; a spoke under VPC peering accepts and routes with it.",
    }),
    transitGatewayId: crossing(z.string().regex(/^(tgw-[0-9a-f]+)?$/, "is not a Transit Gateway's id"), {
        producer: "components/hub.ts",
        consumers: ["contract/hub-network.ts"],
        description: "Transit Gateway that the hub's VPC is attached to; empty without one.",
    }),
    transitGatewayCidrs: crossing(z.array(cidrShape), {
        producer: "components/hub.ts",
        consumers: ["contract/hub-network.ts"],
        description: "Ranges that the hub's VPC routes to that Transit Gateway.",
    }),
    vaultTenants: crossing(z.array(dnsLabelShape), {
        producer: "components/hub.ts",
        consumers: ["config/hub-identity.ts"],
        description: "Teams whose secrets the hub's Vault keeps; none without a Vault.",
    }),
    spokeAccountIds: crossing(z.array(accountIdShape), {
        producer: "components/hub.ts",
        consumers: [people],
        description: "Accounts in which the hub may assume a spoke's access role.",
    }),
    vaultRegistrationsMount: crossing(
        z
            .string()
            .regex(/^registrations-[a-z0-9-]+$/, "is not a Vault mount of registrations")
            .optional(),
        {
            producer: "components/hub.ts",
            consumers: ["components/existing-spoke.ts"],
            description: "Vault mount in which clusters outside AWS register; absent where the hub has no fleet:vault.",
        },
    ),
    chartRegistryUrl: crossing(z.string().regex(chartRegistryPattern, "is not a chart registry in ECR").optional(), {
        producer: "components/hub.ts",
        consumers: ["components/spoke.ts", people],
        description:
            "OCI registry of the fleet's charts, as an Application's repoURL; absent without fleet:chartRegistry.",
    }),
});

/** Outputs of a spoke stack. */
export const spokeOutputsSchema = z.strictObject({
    ...commonOutputs,
    role: crossing(z.literal("spoke"), {
        producer: "components/spoke.ts",
        consumers: [people],
        description: "What the stack is: hub or spoke.",
    }),
    spokeRoleArn: crossing(roleArnShape, {
        producer: "components/spoke.ts",
        consumers: [people],
        description:
            "Role by which the hub's Argo CD reaches this cluster: one of this account that it assumes, or the EKS " +
            "capability's own.",
    }),
});

/** Outputs of a spoke stack whose cluster exists already, outside AWS: of any spoke's, those that are not AWS's. */
export const existingSpokeOutputsSchema = spokeOutputsSchema
    .pick({
        contractVersion: true,
        role: true,
        clusterName: true,
        environment: true,
        clusterEndpoint: true,
        clusterCaData: true,
        kubernetesVersion: true,
        gitUrl: true,
        gitRevision: true,
    })
    .extend({
        registrationVaultPath: crossing(
            z.string().regex(/^registrations-[a-z0-9-]+\/[a-z0-9-]+$/, "is not a registration"),
            {
                producer: "components/existing-spoke.ts",
                consumers: [people],
                description: "Where in Vault the cluster registers, mount and name; the member file repeats it.",
            },
        ),
    });

export type HubOutputs = z.infer<typeof hubOutputsSchema>;
export type SpokeOutputs = z.infer<typeof spokeOutputsSchema>;
export type ExistingSpokeOutputs = z.infer<typeof existingSpokeOutputsSchema>;
