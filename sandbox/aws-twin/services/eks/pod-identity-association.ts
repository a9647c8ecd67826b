import { lowerId } from "../../identifiers.ts";
import { arnHere, itemsWith } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { clusterName, dnsLabel, roleArn } from "../../schema/formats.ts";
import { textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireCluster } from "./find-cluster.ts";

export const podIdentityAssociation: ResourceType = {
    token: T.podIdentityAssociation,
    tagged: true,
    inputs: {
        clusterName: text({ required: true, replaces: true, check: clusterName }),
        disableSessionTags: flag(),
        namespace: text({ required: true, replaces: true, check: dnsLabel }),
        roleArn: text({ required: true, check: roleArn }),
        serviceAccount: text({ required: true, replaces: true }),
    },
    computed: ["associationArn", "associationId", "disableSessionTags"],
    create: (context, inputs) => {
        const name = textOf(inputs, "clusterName");
        requireCluster(context, name);
        requireOwnRole(context, textOf(inputs, "roleArn"));
        const [namespace, account] = [textOf(inputs, "namespace"), textOf(inputs, "serviceAccount")];
        const other = itemsWith(context, T.podIdentityAssociation, "clusterName", name).find(
            ({ outputs }) => outputs["namespace"] === namespace && outputs["serviceAccount"] === account,
        );
        if (other !== undefined) {
            throw new Error(
                `ResourceInUseException: Association already exists: ${other.id} (${namespace}/${account} on ${name})`,
            );
        }
        const id = `a-${lowerId(17)}`;
        const associationArn = arnHere(context, "eks", `podidentityassociation/${name}/${id}`);
        const disableSessionTags = inputs["disableSessionTags"] ?? false;
        return { id, computed: { associationArn, associationId: id, disableSessionTags } };
    },
    update: (context, _item, inputs) => {
        requireOwnRole(context, textOf(inputs, "roleArn"));
        return { computed: { disableSessionTags: inputs["disableSessionTags"] ?? false } };
    },
    importId: ({ id, outputs }) => `${textOf(outputs, "clusterName")},${id}`,
};

/** Whether the role trusts EKS shows when a pod asks for its credentials, not here. */
function requireOwnRole({ view, place }: Context, arn: string): void {
    const role = view.role(arn);
    if (role !== undefined && role.accountId === place.accountId) return;
    const why = role === undefined ? `Role ${arn} does not exist` : "Cross-account pass role is not allowed.";
    throw new Error(`InvalidParameterException: ${why}`);
}
