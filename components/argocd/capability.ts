import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { argocdNamespace, eksClusterArn, fleetRoleArn, hubCapabilityRoleName } from "../../contract/names.ts";
import { clusterAdminPolicyArn } from "../cluster/access-policy.ts";
import { policyJson, type PolicyDocument } from "../identity/policy-document.ts";
import { commonRoleArgs, type MakesRoles } from "../identity/role-settings.ts";
import { namespaceMetadata } from "./namespace.ts";

/** What the capability is told about people and networks. */
export interface CapabilitySettings {
    /** Instance of IAM Identity Center; there are no local accounts. */
    identityCenterArn: string;
    /** @default the region of the cluster */
    identityCenterRegion?: string | undefined;
    /** Who has which role. */
    roles: Readonly<Partial<Record<"ADMIN" | "EDITOR" | "VIEWER", readonly { type: string; id: string }[]>>>;
    /** VPC endpoints by which alone the server is reached; none: by its public address. */
    vpcEndpointIds: readonly string[];
}

/** Inputs of {@link ArgoCdCapability}. */
export interface ArgoCdCapabilityArgs extends CapabilitySettings, MakesRoles {
    accountId: string;
    region: string;
    /** The hub's cluster. */
    clusterName: string;
    /** Reaches that cluster's API. */
    kubernetesProvider: kubernetes.Provider;
}

/**
 * Argo CD as AWS runs it, outside the cluster: the EKS capability. It reaches clusters by access entries of its role
 * alone, and knows them by ARN. What it lacks against Argo CD's own release: docs/argocd.md.
 */
export class ArgoCdCapability extends pulumi.ComponentResource {
    /** Role that the capability holds; the principal of the access entry on every spoke. */
    readonly roleArn: pulumi.Output<string>;

    /** `opts.dependsOn` delays everything but the role: the cluster has to exist by then. */
    constructor(name: string, args: ArgoCdCapabilityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:argocd:ArgoCdCapability", name, {}, opts);
        const { clusterName } = args;
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: hubCapabilityRoleName(clusterName),
                ...commonRoleArgs(args.iam),
                assumeRolePolicy: policyJson(capabilityTrust),
                maxSessionDuration: 3600,
            },
            { parent: this },
        );
        const later = pulumi.mergeOptions({ parent: this }, { dependsOn: opts?.dependsOn });
        const inKubernetes = pulumi.mergeOptions(later, { provider: args.kubernetesProvider });
        const namespace = new kubernetes.core.v1.Namespace(
            `${name}-namespace`,
            { metadata: namespaceMetadata },
            inKubernetes,
        );
        const capability = new aws.eks.Capability(
            `${name}-capability`,
            {
                clusterName,
                capabilityName: "argocd",
                type: "ARGOCD",
                roleArn: role.arn,
                // The only policy there is. Applications and their resources stay when the capability goes.
                deletePropagationPolicy: "RETAIN",
                configuration: { argoCd: capabilityConfiguration(args) },
            },
            pulumi.mergeOptions(later, { dependsOn: [namespace] }),
        );
        // AWS makes the access entry of the role on this cluster by itself, without any permission.
        new aws.eks.AccessPolicyAssociation(
            `${name}-admin`,
            {
                clusterName,
                // From constants: known to policies at the first preview.
                principalArn: fleetRoleArn(args.accountId, hubCapabilityRoleName(clusterName), args.iam?.path),
                policyArn: clusterAdminPolicyArn,
                accessScope: { type: "cluster" },
            },
            pulumi.mergeOptions(later, { dependsOn: [capability] }),
        );
        registerHub(`${name}-hub-cluster`, args, pulumi.mergeOptions(inKubernetes, { dependsOn: [capability] }));
        this.roleArn = role.arn;
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

/**
 * The hub as a cluster of its own Argo CD: the capability registers none by itself. External Secrets takes the Secret
 * over as soon as it runs, so Pulumi looks at it once.
 */
function registerHub(name: string, args: ArgoCdCapabilityArgs, opts: pulumi.CustomResourceOptions): void {
    new kubernetes.core.v1.Secret(
        name,
        {
            metadata: {
                name: args.clusterName,
                namespace: argocdNamespace,
                labels: { "argocd.argoproj.io/secret-type": "cluster" },
            },
            stringData: {
                name: args.clusterName,
                server: eksClusterArn(args.region, args.accountId, args.clusterName),
            },
        },
        { ...opts, ignoreChanges: ["data", "stringData", "metadata"] },
    );
}

/**
 * Trust in the service that runs EKS capabilities, word for word as AWS asks for it (EKS user guide, "Amazon EKS
 * capability IAM role"). It names no condition keys; AWS takes a capability's role from the capability's own account
 * only. The role has no permissions in AWS: Git credentials are Kubernetes Secrets here.
 */
export const capabilityTrust: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [
        {
            Sid: "EksCapabilities",
            Effect: "Allow",
            Principal: { Service: "capabilities.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
        },
    ],
};

/** The settings as AWS spells them. */
export function capabilityConfiguration(settings: CapabilitySettings & { region: string }) {
    return {
        namespace: argocdNamespace,
        awsIdc: {
            idcInstanceArn: settings.identityCenterArn,
            idcRegion: settings.identityCenterRegion ?? settings.region,
        },
        rbacRoleMappings: Object.entries(settings.roles).map(([role, identities]) => ({
            role,
            identities: identities.map(({ type, id }) => ({ type, id })),
        })),
        ...(settings.vpcEndpointIds.length > 0 && { networkAccess: { vpceIds: [...settings.vpcEndpointIds] } }),
    };
}
