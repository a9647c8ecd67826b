import type { Props } from "../../../engine/kit/types.ts";
import { findItem } from "../../references.ts";
import { flag, object, set, text, whole } from "../../schema/field.ts";
import { ipv4Network } from "../../schema/formats.ts";
import { propsOf, textsOf, type Context } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";

/** Rules written inside a security group. */
export const rules = set(
    object({
        cidrBlocks: set(text({ check: ipv4Network() })),
        description: text(),
        fromPort: whole({ required: true, min: -1, max: 65535 }),
        protocol: text({ required: true }),
        securityGroups: set(text()),
        self: flag(),
        toPort: whole({ required: true, min: -1, max: 65535 }),
    }),
);

/** @throws Error when a rule names a security group that does not exist. */
export function requireRuleGroups(context: Context, inputs: Props): void {
    for (const direction of ["ingress", "egress"]) {
        const list = inputs[direction];
        for (const rule of Array.isArray(list) ? list : []) {
            for (const id of textsOf(propsOf(rule), "securityGroups")) requireSecurityGroup(context, id);
        }
    }
}

/** The VPC of a security group: one of a stack's, a VPC's default one, or the one that EKS made for a cluster. */
export function requireSecurityGroup(context: Context, id: string): string {
    const { store, place } = context;
    const where = { accountId: place.accountId, region: place.region };
    const own = findItem(context, T.securityGroup, id)?.outputs["vpcId"];
    const vpc = store.all(T.vpc, where).find(({ outputs }) => outputs["defaultSecurityGroupId"] === id)?.id;
    const cluster = store
        .all(T.cluster, where)
        .map(({ outputs }) => propsOf(outputs["vpcConfig"]))
        .find((config) => config["clusterSecurityGroupId"] === id)?.["vpcId"];
    const found = own ?? vpc ?? cluster;
    if (typeof found === "string") return found;
    throw new Error(
        `InvalidGroup.NotFound: The security group '${id}' does not exist in ${where.accountId} ${where.region}`,
    );
}
