import { randomUUID } from "node:crypto";
import type { Props } from "../../../engine/kit/types.ts";
import { ACCESS_POLICIES } from "../../endpoints/access-policies.ts";
import { timestamp } from "../../identifiers.ts";
import { arnHere, findItem, itemsWith } from "../../references.ts";
import { object, set, text } from "../../schema/field.ts";
import { clusterName, dnsLabel, matching, oneOf, roleArn } from "../../schema/formats.ts";
import { propsOf, textOf, textsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { requireCluster } from "./find-cluster.ts";

export const accessEntry: ResourceType = {
    token: T.accessEntry,
    tagged: true,
    inputs: {
        clusterName: text({ required: true, replaces: true, check: clusterName }),
        kubernetesGroups: set(
            text({
                check: matching(
                    /^(?!system:|eks:|aws:|amazon:|iam:).{1,63}$/,
                    "a group that does not begin with system:, eks:, aws:, amazon: or iam:",
                ),
            }),
        ),
        principalArn: text({ required: true, replaces: true, check: roleArn }),
        // EC2 is for nodes of Auto Mode, EC2_LINUX for one's own. The others: Windows', Fargate's and hybrid ones.
        type: text({ default: "STANDARD", replaces: true, check: oneOf("STANDARD", "EC2", "EC2_LINUX") }),
        userName: text({
            check: (value) =>
                /^(system:|eks:|aws:|amazon:|iam:)/.test(value)
                    ? "must not begin with system:, eks:, aws:, amazon: or iam:"
                    : undefined,
        }),
    },
    computed: ["accessEntryArn", "createdAt", "kubernetesGroups", "modifiedAt", "userName"],
    volatile: () => ["modifiedAt"],
    validate: ({ type, kubernetesGroups, userName }) =>
        type !== "STANDARD" && (kubernetesGroups !== undefined || userName !== undefined)
            ? [{ property: "type", reason: `${JSON.stringify(type)} takes neither userName nor kubernetesGroups` }]
            : [],
    create: (context, inputs) => {
        const [name, principalArn] = [textOf(inputs, "clusterName"), textOf(inputs, "principalArn")];
        requireApiMode(requireCluster(context, name));
        const principal = context.view.role(principalArn);
        if (principal === undefined) {
            throw new Error(
                "InvalidParameterException: The specified principalArn is invalid: invalid principal. " +
                    `(role ${principalArn} does not exist)`,
            );
        }
        const id = `${name}:${principalArn}`;
        if (findItem(context, T.accessEntry, id) !== undefined) {
            throw new Error(
                "ResourceInUseException: The specified access entry resource is already in use on this cluster. " +
                    `(${principalArn} on ${name})`,
            );
        }
        const now = timestamp(context.now);
        return {
            id,
            computed: {
                ...settled(inputs, principalArn),
                accessEntryArn: accessEntryArn(context, name, principalArn),
                createdAt: now,
                modifiedAt: now,
            },
            hidden: { principalId: principal.uniqueId },
        };
    },
    update: (context, { outputs }, inputs) => ({
        computed: { ...settled(inputs, textOf(outputs, "principalArn")), modifiedAt: timestamp(context.now) },
    }),
    remove: (context, { outputs }) => {
        // Its policy associations go with an entry.
        for (const association of itemsWith(
            context,
            T.accessPolicyAssociation,
            "clusterName",
            textOf(outputs, "clusterName"),
        )) {
            if (association.outputs["principalArn"] === outputs["principalArn"]) context.store.remove(association);
        }
    },
};

/** The user name is shown as given only; EKS's own choice depends on the session. */
function settled(inputs: Props, principalArn: string): Props {
    const [, accountId, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principalArn) ?? [];
    const session = `arn:aws:sts::${accountId}:assumed-role/${name}/{{SessionName}}`;
    return { kubernetesGroups: inputs["kubernetesGroups"] ?? [], userName: inputs["userName"] ?? session };
}

export function accessEntryArn(context: Context, clusterName: string, principalArn: string): string {
    const [, , , , account = "", resource = ""] = principalArn.split(":");
    const name = resource.slice(resource.lastIndexOf("/") + 1);
    return arnHere(context, "eks", `access-entry/${clusterName}/role/${account}/${name}/${randomUUID()}`);
}

export const accessPolicyAssociation: ResourceType = {
    token: T.accessPolicyAssociation,
    inputs: {
        accessScope: object(
            {
                namespaces: set(text({ check: dnsLabelOrPattern }), { replaces: true }),
                type: text({ required: true, replaces: true, check: oneOf("cluster", "namespace") }),
            },
            { required: true },
        ),
        clusterName: text({ required: true, replaces: true, check: clusterName }),
        policyArn: text({ required: true, replaces: true, check: oneOf(...Object.keys(ACCESS_POLICIES)) }),
        principalArn: text({ required: true, replaces: true, check: roleArn }),
    },
    computed: ["associatedAt", "modifiedAt"],
    validate: ({ accessScope }) => {
        const scope = propsOf(accessScope);
        return (scope["type"] === "namespace") === textsOf(scope, "namespaces").length > 0
            ? []
            : [{ property: "accessScope.namespaces", reason: "belongs to type namespace, and only there" }];
    },
    create: (context, inputs) => {
        const [name, principal] = [textOf(inputs, "clusterName"), textOf(inputs, "principalArn")];
        requireApiMode(requireCluster(context, name));
        const entry = findItem(context, T.accessEntry, `${name}:${principal}`);
        if (entry === undefined) {
            throw new Error(
                `ResourceNotFoundException: The specified principalArn could not be found. You can only associate access ` +
                    `policies to existing access entries. (${principal} on ${name})`,
            );
        }
        const policyArn = textOf(inputs, "policyArn");
        // https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
        if (entry.outputs["type"] === "EC2_LINUX") {
            throw new Error(
                `InvalidParameterException: no access policy can be associated with an entry of type EC2_LINUX (${principal})`,
            );
        }
        if ((entry.outputs["type"] === "EC2") !== policyArn.endsWith("/AmazonEKSAutoNodePolicy")) {
            throw new Error(
                `InvalidParameterException: ${policyArn} cannot be associated with an access entry of type ` +
                    `${textOf(entry.outputs, "type")}: nodes have AmazonEKSAutoNodePolicy, and only they have it`,
            );
        }
        const id = `${name}#${principal}#${policyArn}`;
        if (findItem(context, T.accessPolicyAssociation, id) !== undefined) {
            throw new Error(`ResourceInUseException: access policy association ${id} exists already`);
        }
        const now = timestamp(context.now);
        return { id, computed: { associatedAt: now, modifiedAt: now } };
    },
};

function dnsLabelOrPattern(value: string): string | undefined {
    return dnsLabel(value.replaceAll("*", "x"));
}

function requireApiMode({ id, outputs }: Item): void {
    const mode = textOf(propsOf(outputs["accessConfig"]), "authenticationMode");
    if (mode === "API" || mode === "API_AND_CONFIG_MAP") return;
    throw new Error(
        "InvalidRequestException: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] " +
            `to perform this operation. (${id} has ${mode})`,
    );
}
