import type { Props } from "../../../engine/kit/types.ts";
import { timestamp } from "../../identifiers.ts";
import { randomUUID } from "node:crypto";
import { arnHere, findItem, itemsWith } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { clusterName, json, oneOf, roleArn } from "../../schema/formats.ts";
import { optionalText, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireCluster } from "./find-cluster.ts";
import { addonVersions } from "./versions.ts";

const INVALID = "InvalidParameterException";
const conflicts = oneOf("NONE", "OVERWRITE", "PRESERVE");

/** Add-ons that run on nodes alone: without any they never get ACTIVE. */
const NEEDS_NODES = ["coredns", "aws-ebs-csi-driver"];

export const addon: ResourceType = {
    token: T.addon,
    tagged: true,
    inputs: {
        addonName: text({ required: true, replaces: true, check: oneOf(...Object.keys(addonVersions)) }),
        addonVersion: text(),
        clusterName: text({ required: true, replaces: true, check: clusterName }),
        configurationValues: text({ json: true, check: json }),
        preserve: flag(),
        resolveConflictsOnCreate: text({ check: oneOf("NONE", "OVERWRITE") }),
        resolveConflictsOnUpdate: text({ check: conflicts }),
        serviceAccountRoleArn: text({ check: roleArn }),
    },
    computed: ["addonVersion", "arn", "configurationValues", "createdAt", "modifiedAt"],
    volatile: () => ["modifiedAt"],
    create: (context, inputs) => {
        const [cluster, name] = [textOf(inputs, "clusterName"), textOf(inputs, "addonName")];
        const id = `${cluster}:${name}`;
        const computed = settled(context, inputs);
        if (findItem(context, T.addon, id) !== undefined) {
            throw new Error(`ResourceInUseException: Addon already exists. (${name} on ${cluster})`);
        }
        if (NEEDS_NODES.includes(name) && itemsWith(context, T.nodeGroup, "clusterName", cluster).length === 0) {
            throw new Error(
                `waiting for EKS Add-On (${id}) create: unexpected state 'DEGRADED', InsufficientNumberOfReplicas: The ` +
                    `add-on is unhealthy because it doesn't have the desired number of replicas (${cluster} has no nodes)`,
            );
        }
        const arn = arnHere(context, "eks", `addon/${cluster}/${name}/${randomUUID()}`);
        return { id, computed: { ...computed, arn, createdAt: timestamp(context.now) } };
    },
    update: (context, _item, inputs) => ({ computed: settled(context, inputs) }),
};

function settled(context: Context, inputs: Props): Props {
    const name = textOf(inputs, "addonName");
    const kubernetes = textOf(requireCluster(context, textOf(inputs, "clusterName")).outputs, "version");
    const fitting = (addonVersions[name] ?? []).filter((each) => each.kubernetes.includes(kubernetes));
    const version = optionalText(inputs, "addonVersion") ?? fitting.at(-1)?.version;
    if (version === undefined || !fitting.some((each) => each.version === version)) {
        const known = fitting.map((each) => each.version).join(", ") || "none";
        throw new Error(
            `${INVALID}: Addon version specified is not supported: ${name} ${version ?? ""} with Kubernetes ` +
                `${kubernetes}; the sandbox's AWS twin knows ${known}`,
        );
    }
    const role = optionalText(inputs, "serviceAccountRoleArn");
    if (role !== undefined && context.view.role(role) === undefined) {
        throw new Error(`${INVALID}: The service account role ${role} does not exist`);
    }
    return {
        addonVersion: version,
        configurationValues: inputs["configurationValues"] ?? "",
        modifiedAt: timestamp(context.now),
    };
}
