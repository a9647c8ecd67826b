import type { Props } from "../../../engine/kit/types.ts";
import { ec2Identifier, prefixedName } from "../../identifiers.ts";
import { arnHere, itemsWith, requireItem } from "../../references.ts";
import { flag, text, whole } from "../../schema/field.ts";
import { ec2Id, ipv4Network, matching } from "../../schema/formats.ts";
import { optionalText, propsOf, textOf, textsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";
import { requireRuleGroups, requireSecurityGroup, rules } from "./inline-rules.ts";

const groupName = matching(
    /^(?!sg-)[\w .\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
    "1 to 255 characters, not beginning with sg-",
);

export const securityGroup: ResourceType = {
    token: T.securityGroup,
    tagged: true,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `${name}-${random}`, max: 255 },
    inputs: {
        description: text({ default: "Managed by Pulumi", replaces: true }),
        egress: rules,
        ingress: rules,
        name: text({ replaces: true, check: groupName }),
        namePrefix: text({ replaces: true, check: groupName }),
        revokeRulesOnDelete: flag({ default: false }),
        // The twin has no default VPC.
        vpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }),
    },
    computed: ["arn", "name", "ownerId"],
    create: (context, inputs) => {
        const vpcId = textOf(inputs, "vpcId");
        requireItem(context, T.vpc, vpcId, "InvalidVpcID.NotFound", "vpc ID");
        requireRuleGroups(context, inputs);
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), context.now);
        if (itemsWith(context, T.securityGroup, "vpcId", vpcId).some(({ outputs }) => outputs["name"] === name)) {
            throw new Error(`InvalidGroup.Duplicate: The security group '${name}' already exists for VPC '${vpcId}'`);
        }
        const id = ec2Identifier("sg");
        return {
            id,
            computed: { arn: arnHere(context, "ec2", `security-group/${id}`), name, ownerId: context.place.accountId },
        };
    },
    update: (context, _item, inputs) => {
        requireRuleGroups(context, inputs);
        return { computed: {} };
    },
    remove: (context, item) => {
        const user = usersOf(context, item)[0];
        if (user !== undefined) {
            throw new Error(
                `DependencyViolation: resource ${item.id} has a dependent object (${user.type} ${user.id})`,
            );
        }
        for (const rule of rulesOf(context, item.id)) context.store.remove(rule);
    },
};

function rulesOf(context: Context, id: string): Item[] {
    return [T.ingressRule, T.egressRule].flatMap((type) => itemsWith(context, type, "securityGroupId", id));
}

/** Rules of other groups that name it, and clusters, templates and endpoints that use it. */
function usersOf(context: Context, { id }: Item): Item[] {
    const { store, place } = context;
    const where = { accountId: place.accountId, region: place.region };
    const naming = [T.ingressRule, T.egressRule]
        .flatMap((type) => itemsWith(context, type, "referencedSecurityGroupId", id))
        .filter(({ outputs }) => outputs["securityGroupId"] !== id);
    const clusters = store
        .all(T.cluster, where)
        .filter(({ outputs }) => textsOf(propsOf(outputs["vpcConfig"]), "securityGroupIds").includes(id));
    const endpoints = store
        .all(T.vpcEndpoint, where)
        .filter(({ outputs }) => textsOf(outputs, "securityGroupIds").includes(id));
    return [...naming, ...clusters, ...endpoints];
}

function securityGroupRule(token: string): ResourceType {
    return {
        token,
        tagged: true,
        inputs: {
            cidrIpv4: text({ check: ipv4Network() }),
            description: text(),
            fromPort: whole({ min: -1, max: 65535 }),
            ipProtocol: text({
                required: true,
                check: matching(/^(-1|tcp|udp|icmp|icmpv6|\d{1,3})$/, "tcp, udp, icmp, a protocol's number or -1"),
            }),
            referencedSecurityGroupId: text({ check: ec2Id("sg") }),
            securityGroupId: text({ required: true, replaces: true, check: ec2Id("sg") }),
            toPort: whole({ min: -1, max: 65535 }),
        },
        computed: ["arn", "securityGroupRuleId"],
        validate: ruleProblems,
        create: (context, inputs) => {
            requireFreshRule(context, token, inputs);
            const id = ec2Identifier("sgr");
            const arn = arnHere(context, "ec2", `security-group-rule/${id}`);
            return { id, computed: { arn, securityGroupRuleId: id } };
        },
        update: (context, _item, inputs, changed) => {
            if (changed.some((property) => !["description", "tags", "tagsAll"].includes(property))) {
                requireFreshRule(context, token, inputs);
            }
            return { computed: {} };
        },
    };
}

function ruleProblems(inputs: Props): { property: string; reason: string }[] {
    const { cidrIpv4, referencedSecurityGroupId, ipProtocol, fromPort, toPort } = inputs;
    const peers = [cidrIpv4, referencedSecurityGroupId].filter((peer) => peer !== undefined).length;
    const ports = [fromPort, toPort].filter((port) => port !== undefined).length;
    return [
        ...(peers === 1
            ? []
            : [{ property: "cidrIpv4", reason: "give exactly one of cidrIpv4 and referencedSecurityGroupId" }]),
        ...(ipProtocol === "-1" && ports > 0
            ? [{ property: "fromPort", reason: "ipProtocol -1 means all ports: give neither fromPort nor toPort" }]
            : []),
        ...((ipProtocol === "tcp" || ipProtocol === "udp") && ports < 2
            ? [{ property: "fromPort", reason: `ipProtocol ${ipProtocol} needs fromPort and toPort` }]
            : []),
    ];
}

const IDENTITY = ["cidrIpv4", "fromPort", "ipProtocol", "referencedSecurityGroupId", "toPort"];

function requireFreshRule(context: Context, token: string, inputs: Props): void {
    const group = textOf(inputs, "securityGroupId");
    requireSecurityGroup(context, group);
    const peer = optionalText(inputs, "referencedSecurityGroupId");
    if (peer !== undefined) requireSecurityGroup(context, peer);
    const same = itemsWith(context, token, "securityGroupId", group).find(({ outputs }) =>
        IDENTITY.every((property) => outputs[property] === inputs[property]),
    );
    if (same !== undefined) {
        throw new Error(`InvalidPermission.Duplicate: the specified rule already exists on ${group} (${same.id})`);
    }
}

export const ingressRule = securityGroupRule(T.ingressRule);
export const egressRule = securityGroupRule(T.egressRule);
