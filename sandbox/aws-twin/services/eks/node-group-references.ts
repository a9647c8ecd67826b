import type { Props } from "../../../engine/kit/types.ts";
import { instance } from "../../../cluster/nodes.ts";
import { serviceDenial } from "../../permissions.ts";
import { arnHere, requireItem } from "../../references.ts";
import { propsOf, textOf, type Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

const INVALID = "InvalidParameterException";
const WORKER_POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"];

/** Nodes join with their role: EC2 must be able to hold it, and it must let them find their cluster. */
export function requireNodeRole(context: Context, arn: string): void {
    const { view, now, place } = context;
    const role = view.role(arn);
    if (role === undefined || role.accountId !== place.accountId) {
        throw new Error(`${INVALID}: The role ${arn} cannot be found in account ${place.accountId}`);
    }
    const denial = serviceDenial(view, now, "ec2.amazonaws.com", arn, {
        accountId: place.accountId,
        arn: arnHere(context, "ec2", "instance/*"),
    });
    if (denial !== undefined) {
        throw new Error(
            `${INVALID}: Following required service principals [ec2.amazonaws.com] were not found in the trust ` +
                `relationships of nodeRole ${arn}: ${denial}`,
        );
    }
    if (!role.identityPolicies.some(({ kind, name }) => kind === "attached" && WORKER_POLICIES.includes(name))) {
        throw new Error(
            `NodeCreationFailure: Instances failed to join the kubernetes cluster: role ${arn} has none of ` +
                WORKER_POLICIES.join(", "),
        );
    }
}

/** EKS wants one architecture throughout, that of the image. */
export function requireInstanceTypes(types: readonly string[], amiType: string): void {
    const wanted = amiType.includes("ARM_64") ? "arm64" : "amd64";
    const wrong = types.filter((type) => instance(type).arch !== wanted);
    if (wrong.length === 0) return;
    throw new Error(`${INVALID}: [${wrong.join(", ")}] is not a valid instance type for requested amiType ${amiType}`);
}

/** The node group's launch template as an output; undefined if it has none. */
export function requireTemplate(context: Context, inputs: Props): Props | undefined {
    if (inputs["launchTemplate"] === undefined) return undefined;
    const given = propsOf(inputs["launchTemplate"]);
    const id = textOf(given, "id");
    const template = requireItem(
        context,
        T.launchTemplate,
        id,
        "InvalidLaunchTemplateId.NotFound",
        "launch template ID",
    );
    const latest = Number(template.outputs["latestVersion"]);
    const version = Number(given["version"]);
    if (version < 1 || version > latest) {
        throw new Error(
            `InvalidRequestException: You must specify a version of launch template ${id} that exists: 1 to ${latest}, ` +
                `not ${version}`,
        );
    }
    return { ...given, name: template.outputs["name"] ?? "" };
}
