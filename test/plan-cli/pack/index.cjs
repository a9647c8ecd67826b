// A pack with one rule for each way a rule can answer.
const { PolicyPack } = require("@pulumi/policy");

const about = (type) => (args) => args.type === type || args.notApplicable(`is about ${type}`);
const vpc = about("aws:ec2/vpc:Vpc");
const key = about("aws:kms/key:Key");
const cluster = about("aws:eks/cluster:Cluster");

new PolicyPack(
    "sample",
    {
        enforcementLevel: "advisory",
        policies: [
            {
                name: "takes-its-default",
                description: "Say what the schema's default is.",
                severity: "low",
                configSchema: { properties: { word: { type: "string", default: "from the schema" } } },
                validateResource(args, report) {
                    vpc(args);
                    report(`${args.name} ${args.getConfig().word}`);
                },
            },
            {
                name: "level-from-config",
                description: "Give every key a rotation period.",
                severity: "critical",
                remediationSteps: "Set rotationPeriodInDays.",
                validateResource(args, report) {
                    key(args);
                    if (args.props.rotationPeriodInDays === undefined) {
                        report(`${args.name} has none`);
                    }
                },
            },
            {
                name: "reads-an-unknown",
                description: "Read what AWS decides.",
                validateResource(args, report) {
                    about("aws:ec2/internetGateway:InternetGateway")(args);
                    report(args.props.vpcId);
                },
            },
            {
                name: "sees-options",
                description: "Tell what the engine told.",
                validateResource(args, report) {
                    cluster(args);
                    const { name, type, props } = args.provider;
                    report(`${args.opts.protect} ${type} ${name} ${props.allowedAccountIds}`);
                },
            },
            {
                name: "corrects",
                description: "Turn key rotation off.",
                enforcementLevel: "remediate",
                remediateResource(args) {
                    key(args);
                    return { ...args.props, enableKeyRotation: false };
                },
                validateResource(args, report) {
                    key(args);
                    if (args.props.enableKeyRotation) {
                        report("was not corrected");
                    }
                },
            },
            {
                name: "off",
                description: "Never run.",
                enforcementLevel: "disabled",
                validateResource: (_, report) => report("ran"),
            },
            {
                name: "whole-stack",
                description: "Look at the stack.",
                validateStack(args, report) {
                    const found = args.resources.find(({ type }) => type === "aws:eks/cluster:Cluster");
                    const stack = args.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
                    let arn;
                    try {
                        arn = found.props.arn;
                    } catch (error) {
                        arn = error.message;
                    }
                    report(`${stack.props.clusterName}: ${found.parent.type}: ${arn}`, found.urn);
                },
            },
        ],
    },
    { "level-from-config": "mandatory" },
);
