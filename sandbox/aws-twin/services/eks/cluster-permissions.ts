import type { Props } from "../../../engine/kit/types.ts";
import { roleDenial, serviceDenial } from "../../permissions.ts";
import { optionalText, propsOf, type Context } from "../../schema/resource-type.ts";
import { textOf } from "../../schema/resource-type.ts";
import { requireEnabledKey } from "../kms/find-key.ts";

const CLUSTER_POLICY = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";

/** EKS looks at a cluster's role when the cluster is made: whether it may hold it, and for its policy. */
export function requireClusterRole({ view, now, place }: Context, roleArn: string, clusterArn: string): void {
    const role = view.role(roleArn);
    if (role === undefined || role.accountId !== place.accountId) {
        throw new Error(
            `InvalidParameterException: Role with arn: ${roleArn} does not exist in account ${place.accountId}`,
        );
    }
    const denial = serviceDenial(view, now, "eks.amazonaws.com", roleArn, {
        accountId: place.accountId,
        arn: clusterArn,
    });
    if (denial !== undefined) {
        throw new Error(
            `InvalidParameterException: Role with arn: ${roleArn}, could not be assumed because the trusted entity is ` +
                `not correct: ${denial}`,
        );
    }
    if (!role.identityPolicies.some(({ arn }) => arn === CLUSTER_POLICY)) {
        throw new Error(
            "InvalidRequestException: The provided role doesn't have the Amazon EKS Managed Policies associated with " +
                `it. Please ensure the following policies [${CLUSTER_POLICY}] are attached to ${roleArn}`,
        );
    }
}

/** The key for Secrets at rest: usable, in the cluster's region, and the caller may give EKS a grant on it. */
export function requireClusterKey(context: Context, inputs: Props): void {
    const reference = optionalText(propsOf(propsOf(inputs["encryptionConfig"])["provider"]), "keyArn");
    if (reference === undefined) return;
    const { view, now, place } = context;
    const item = requireEnabledKey(context, reference);
    if (item.region !== place.region) {
        throw new Error(
            `InvalidParameterException: The KMS key ${reference} is not in the cluster's region, ${place.region}`,
        );
    }
    const key = view.kmsKey(textOf(item.outputs, "arn"));
    if (key === undefined) throw new Error(`NotFoundException: Key '${reference}' does not exist`);
    for (const action of ["kms:DescribeKey", "kms:CreateGrant"]) {
        const denial = roleDenial(
            view,
            now,
            { arn: place.callerArn, sessionName: "pulumi" },
            action,
            { arn: key.arn, accountId: key.accountId, kind: "key", policy: key.policy },
            {
                "kms:CallerAccount": place.accountId,
                "kms:GrantIsForAWSResource": "true",
                "kms:ViaService": `eks.${place.region}.amazonaws.com`,
            },
        );
        if (denial !== undefined) {
            throw new Error(
                `InvalidRequestException: ${place.callerArn} is not authorized to perform: ${action}: ${denial}`,
            );
        }
    }
}
