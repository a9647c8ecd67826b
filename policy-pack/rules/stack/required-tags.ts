import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { fromJson, map } from "../../rule/values.ts";

interface Settings {
    tags: string[];
    fallback: Record<string, string>;
    types: string[];
}

const taggable = [
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:ecr/repository:Repository",
    "aws:eks/cluster:Cluster",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:iam/role:Role",
    "aws:kms/key:Key",
    "aws:secretsmanager/secret:Secret",
    "aws:ssm/parameter:Parameter",
];

/** Everything that costs money says whose it is. */
export const requiredTags = resourceRule<Settings>(
    {
        name: "required-tags",
        description: "Tag everything with its fleet, stack and owner.",
        severity: "low",
        framework: securityHub("EKS.6", "EKS clusters should be tagged"),
        why: "Nobody can say what a resource without an owner is for, so nobody dares to remove it, and everybody pays.",
        remediationSteps:
            "Set the tags as defaultTags of the AWS provider. At level remediate, tags with a fallback are added for you.",
        settings: {
            tags: {
                description: "Tags that must be there.",
                type: "array",
                items: { type: "string" },
                default: ["fleet", "stack", "owner"],
            },
            fallback: {
                description: "Values that level remediate gives to missing tags.",
                type: "object",
                additionalProperties: { type: "string" },
                default: {},
            },
            types: {
                description: "Types that must have them.",
                type: "array",
                items: { type: "string" },
                default: taggable,
            },
        },
        bad: { type: "aws:kms/key:Key", props: { tags: { fleet: "hub-01" } } },
        good: {
            type: "aws:kms/key:Key",
            props: { tags: { stack: "dev" } },
            provider: { defaultTags: '{"tags":{"fleet":"hub-01","owner":"platform-team"}}' },
        },
    },
    (type) => type.startsWith("aws:"),
    ({ type, props, provider, settings, fail, skip }) => {
        if (!settings.types.includes(type)) {
            skip("is about types in its setting types");
        }
        const missing = settings.tags.filter((tag) => !(tag in tagsOf(props, provider)));
        if (missing.length > 0) {
            fail(`has no tag ${missing.join(", ")}. Fix: set defaultTags of the provider.`);
        }
    },
    (props, { type, provider, settings }) => {
        if (!settings.types.includes(type)) {
            return false;
        }
        const present = tagsOf(props, provider);
        const added = Object.entries(settings.fallback).filter(
            ([tag]) => settings.tags.includes(tag) && !(tag in present),
        );
        if (added.length === 0) {
            return false;
        }
        props["tags"] = { ...map(props["tags"]), ...Object.fromEntries(added) };
        return true;
    },
);

function tagsOf(props: Record<string, any>, provider: Record<string, any>): Record<string, unknown> {
    const defaults = map(map(fromJson(provider["defaultTags"]))["tags"]);
    // Whether a tag is there is known, also when its value is not.
    return { ...Object.fromEntries(Object.keys(defaults).map((tag) => [tag, true])), ...keys(props["tags"]) };
}

function keys(tags: unknown): Record<string, unknown> {
    return Object.fromEntries(Object.keys(map(tags)).map((tag) => [tag, true]));
}
