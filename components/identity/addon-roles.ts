import * as pulumi from "@pulumi/pulumi";

import { type Addon, addonIdentities, addonRoleName } from "../../contract/names.ts";
import { certManagerPermissions, externalDnsPermissions } from "./addons/dns.ts";
import { imageReaderPermissions } from "./addons/image-reader.ts";
import { loadBalancerControllerPermissions } from "./addons/load-balancer-controller.ts";
import { karpenterPermissions, type KarpenterPlace } from "./addons/karpenter.ts";
import type { AddonPlace } from "./addons/place.ts";
import { secretReading } from "./addons/secret-reader.ts";
import { KarpenterSupport } from "./karpenter-support.ts";
import { PodIdentityRole } from "./pod-identity-role.ts";
import type { PolicyDocument } from "./policy-document.ts";
import type { MakesRoles } from "./role-settings.ts";

/** Which add-ons get a role, and for what. One that is left out cannot call AWS. */
export interface AddonRolesSpec {
    loadBalancerController?: boolean | undefined;
    /** For clusters with node groups: EKS Auto Mode runs its own. */
    karpenter?: boolean | undefined;
    externalDns?: { hostedZoneIds: readonly string[] } | undefined;
    certManager?: { hostedZoneIds: readonly string[] } | undefined;
    imageUpdater?: { repositories: readonly string[] } | undefined;
    /** Beginnings of the names of secrets in the cluster's account, with a slash at the end. */
    externalSecrets?: { prefixes: readonly string[] } | undefined;
}

/** Inputs of {@link AddonRoles}. */
export interface AddonRolesArgs extends AddonPlace, MakesRoles {
    roles: AddonRolesSpec;
}

/** What the add-ons of a cluster are in AWS: for each enabled one a role that its service account alone may hold. */
export class AddonRoles extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays the associations: the cluster has to exist by then. */
    constructor(name: string, args: AddonRolesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:identity:AddonRoles", name, {}, opts);
        for (const [addon, permissions] of Object.entries(
            addonPermissions({ ...args, path: args.iam?.path }, args.roles),
        )) {
            const { role, namespace, serviceAccount } = addonIdentities[addon as Addon];
            new PodIdentityRole(
                `${name}-${role}`,
                {
                    roleName: addonRoleName(args.clusterName, addon as Addon),
                    accountId: args.accountId,
                    region: args.region,
                    clusterName: args.clusterName,
                    namespace,
                    serviceAccounts: [serviceAccount],
                    permissions,
                    iam: args.iam,
                },
                { parent: this, dependsOn: opts?.dependsOn },
            );
        }
        if (args.roles.karpenter) {
            const { accountId, region, clusterName, iam } = args;
            new KarpenterSupport(
                `${name}-karpenter-support`,
                { accountId, region, clusterName, iam },
                { parent: this, dependsOn: opts?.dependsOn },
            );
        }
        this.registerOutputs({});
    }
}

/** What each enabled add-on may do. */
export function addonPermissions(
    place: KarpenterPlace,
    { loadBalancerController, karpenter, externalDns, certManager, imageUpdater, externalSecrets }: AddonRolesSpec,
): Partial<Record<Addon, PolicyDocument>> {
    return {
        ...(loadBalancerController && { loadBalancerController: loadBalancerControllerPermissions(place) }),
        ...(karpenter && { karpenter: karpenterPermissions(place) }),
        ...(externalDns && { externalDns: externalDnsPermissions(externalDns.hostedZoneIds) }),
        ...(certManager && { certManager: certManagerPermissions(certManager.hostedZoneIds) }),
        ...(imageUpdater && { imageUpdater: imageReaderPermissions(place, imageUpdater.repositories) }),
        ...(externalSecrets && {
            externalSecrets: { Version: "2012-10-17", Statement: secretReading(place, externalSecrets.prefixes) },
        }),
    };
}

/**
 * The capabilities that the roles are. Named like the add-on where the add-on is nothing without its role; otherwise
 * after what the role adds, because cert-manager and External Secrets also work without.
 */
export function addonCapabilities(roles: AddonRolesSpec): Record<string, "true" | "false"> {
    const flag = (role: unknown) => (role ? "true" : "false");
    return {
        argocd_image_updater: flag(roles.imageUpdater),
        aws_load_balancer_controller: flag(roles.loadBalancerController),
        cert_manager_route53: flag(roles.certManager),
        external_dns: flag(roles.externalDns),
        external_secrets_aws: flag(roles.externalSecrets),
        karpenter: flag(roles.karpenter),
    };
}
