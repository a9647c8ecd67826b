import type { Dice } from "../harness/dice.ts";

export type ContextValues = Record<string, string | string[]>;

type Kind = "text" | "arn" | "bool" | "number" | "date" | "address" | "list";

interface KeyInfo {
    key: string;
    kind: Kind;
    /** Values a request may carry. */
    values: readonly string[];
    /** How often a request carries it. @default 0.8 */
    present?: number;
}

const HUB_CLUSTER = "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01";

const KEYS: readonly KeyInfo[] = [
    { key: "aws:PrincipalTag/kubernetes-namespace", kind: "text", values: ["argocd", "ArgoCD", "default"] },
    {
        key: "aws:PrincipalTag/kubernetes-service-account",
        kind: "text",
        values: ["argocd-server", "argocd-controller"],
    },
    { key: "aws:PrincipalTag/eks-cluster-arn", kind: "arn", values: [HUB_CLUSTER, `${HUB_CLUSTER}x`] },
    { key: "aws:PrincipalTag/team", kind: "text", values: ["fleet", "*"], present: 0.6 },
    { key: "aws:RequestTag/kubernetes-namespace", kind: "text", values: ["argocd", "default"] },
    { key: "aws:SourceAccount", kind: "text", values: ["111111111111", "222222222222"], present: 0.5 },
    { key: "aws:SourceArn", kind: "arn", values: [HUB_CLUSTER, "arn:aws:eks:us-east-1:1:cluster/x"], present: 0.5 },
    { key: "aws:TagKeys", kind: "list", values: ["eks-cluster-arn", "kubernetes-namespace", "team"], present: 0.7 },
    { key: "aws:SecureTransport", kind: "bool", values: ["true", "false"] },
    { key: "aws:ViaAWSService", kind: "bool", values: ["true", "false"] },
    { key: "aws:CurrentTime", kind: "date", values: ["2026-11-20T12:00:00Z", "2026-11-21T00:00:00Z"] },
    { key: "aws:EpochTime", kind: "number", values: ["1795176000", "1795219200"] },
    { key: "aws:SourceIp", kind: "address", values: ["10.0.3.7", "192.0.2.1"], present: 0.5 },
    { key: "aws:RequestedRegion", kind: "text", values: ["eu-west-1", "us-east-1"] },
];

const SERVICE_KEYS: Readonly<Record<string, readonly KeyInfo[]>> = {
    sts: [
        { key: "sts:RoleSessionName", kind: "text", values: ["pod-1", "Pod-1"] },
        { key: "sts:ExternalId", kind: "text", values: ["secret-1", "secret-2"], present: 0.4 },
        { key: "sts:TransitiveTagKeys", kind: "list", values: ["eks-cluster-arn", "team"], present: 0.5 },
    ],
    secretsmanager: [
        { key: "secretsmanager:VersionStage", kind: "text", values: ["AWSCURRENT", "AWSPREVIOUS"] },
        { key: "aws:ResourceTag/fleet", kind: "text", values: ["hub-01", "hub-02"] },
    ],
    kms: [
        {
            key: "kms:ViaService",
            kind: "text",
            values: ["secretsmanager.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"],
        },
        { key: "kms:CallerAccount", kind: "text", values: ["111111111111", "222222222222"] },
        { key: "kms:EncryptionContext:SecretARN", kind: "text", values: ["fleet/hub-01/dev-01-a1B2c3", "other"] },
        { key: "kms:EncryptionContextKeys", kind: "list", values: ["SecretARN", "SecretVersionId"] },
    ],
};

/** Keys that the service's API has for the one action, by the service authorization reference. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
    "sts:TagSession": ["sts:TransitiveTagKeys"],
    "secretsmanager:DescribeSecret": ["aws:ResourceTag/fleet"],
    "kms:DescribeKey": ["kms:ViaService", "kms:CallerAccount"],
};

interface Who {
    caller: string;
    sessionName: string;
    action: string;
    arn: string;
    accountId: string;
}

/** What a request carries. */
export function contextFor(dice: Dice, who: Who): ContextValues {
    const service = who.action.split(":")[0] ?? "";
    const special = (SERVICE_KEYS[service] ?? []).filter(({ key }) => ONLY[who.action]?.includes(key) ?? true);
    const context: ContextValues = { "aws:ResourceAccount": who.accountId };
    if (who.caller.startsWith("arn:")) {
        context["aws:PrincipalArn"] = who.caller;
        context["aws:PrincipalAccount"] = who.caller.split(":")[4] ?? "";
    }
    for (const { key, kind, values, present = 0.8 } of [...KEYS, ...special]) {
        if (!dice.chance(present)) continue;
        context[key] = kind === "list" ? dice.times(1, 2, () => dice.pick(values)) : dice.pick(values);
    }
    return context;
}

const TEXT = "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike";
const COMPARISONS = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];

const OPERATORS: Readonly<Record<Kind, readonly string[]>> = {
    text: TEXT.split(" "),
    arn: ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringEquals"],
    bool: ["Bool"],
    number: COMPARISONS.map((comparison) => `Numeric${comparison}`),
    date: COMPARISONS.map((comparison) => `Date${comparison}`),
    address: ["IpAddress", "NotIpAddress"],
    list: ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"],
};

/** One to three conditions that fit the request more often than not. */
export function conditionsFor(dice: Dice, context: ContextValues): Record<string, Record<string, string | string[]>> {
    const known = [...KEYS, ...Object.values(SERVICE_KEYS).flat()].filter(
        ({ key }) => key.startsWith("aws:") || context[key] !== undefined,
    );
    const block: Record<string, Record<string, string | string[]>> = {};
    for (const info of dice.times(1, 3, () => dice.pick(known))) {
        const operator = operatorFor(dice, info);
        const values = operator === "Null" ? [dice.pick(["true", "false"])] : wantedFor(dice, info, operator, context);
        const [only] = values;
        block[operator] = { ...block[operator], [info.key]: values.length === 1 && only !== undefined ? only : values };
    }
    return block;
}

function operatorFor(dice: Dice, { kind }: KeyInfo): string {
    if (dice.chance(0.08)) return "Null";
    const base = dice.pick(OPERATORS[kind]);
    const set = kind === "list" ? dice.pick(["ForAllValues:", "ForAnyValue:"]) : "";
    const suffix = set !== "ForAnyValue:" && dice.chance(0.2) ? "IfExists" : "";
    return `${set}${base}${suffix}`;
}

function wantedFor(dice: Dice, info: KeyInfo, operator: string, context: ContextValues): string[] {
    const got = [context[info.key] ?? dice.pick(info.values)].flat();
    return dice.times(1, 2, () => {
        const value = dice.chance(0.7) ? dice.pick(got) : dice.pick(info.values);
        if (operator.includes("Like") && dice.chance(0.6)) return withWildcard(dice, value);
        if (operator.includes("Ignore") && dice.chance(0.5)) return value.toUpperCase();
        if (info.kind === "address") return dice.pick([value, "10.0.0.0/8", "192.0.2.0/31", "0.0.0.0/1"]);
        if (info.kind === "text" && !operator.includes("Not") && dice.chance(0.1))
            return "${aws:PrincipalTag/kubernetes-namespace}";
        if (info.kind === "text" && dice.chance(0.05)) return "${aws:PrincipalTag/absent, 'argocd'}";
        return value;
    });
}

function withWildcard(dice: Dice, value: string): string {
    if (value.startsWith("arn:"))
        return dice.pick([value.replace("eu-west-1", "*"), `${value.slice(0, -2)}??`, `${value}*`]);
    return dice.pick([`${value.slice(0, 3)}*`, `*${value.slice(-3)}`, `${value.slice(0, -1)}?`, "*", "?*"]);
}
