import type { AccessRequest } from "../../sandbox/aws-twin/iam/evaluate.ts";
import { RequestContext } from "../../sandbox/aws-twin/iam/condition-keys.ts";
import type { IamRole } from "../../sandbox/aws-twin/iam/source.ts";
import { type PolicyJson, type PolicyStatement, policy } from "./chain-policies.ts";
import { conditionsFor, contextFor, type ContextValues } from "./case-conditions.ts";
import { Dice } from "../harness/dice.ts";

/** One request with all its policies, as plain data. */
export interface Case {
    id: number;
    /** Role ARN, or a service principal. Roles of callers have no path: session ARNs, which name them, have none. */
    caller: string;
    sessionName: string;
    action: string;
    resource: { arn: string; accountId: string; kind: AccessRequest["resource"]["kind"] };
    identity: PolicyJson[];
    boundary?: PolicyJson;
    resourcePolicy?: PolicyJson;
    context: ContextValues;
}

const HUB = "111111111111";
const DEV = "222222222222";
const CALLERS = [`arn:aws:iam::${HUB}:role/hub-01-argocd`, `arn:aws:iam::${DEV}:role/dev-01-reader`];
const SERVICE = "pods.eks.amazonaws.com";

const TARGETS = [
    {
        kind: "role",
        actions: ["sts:AssumeRole", "sts:TagSession"],
        name: "iam::ACCOUNT:role/fleet/dev-01-argocd-spoke",
    },
    {
        kind: "other",
        actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        name: "secretsmanager:eu-west-1:ACCOUNT:secret:fleet/hub-01/dev-01-a1B2c3",
    },
    { kind: "key", actions: ["kms:Decrypt", "kms:DescribeKey"], name: "kms:eu-west-1:ACCOUNT:key/0b7e6f1c-1111" },
] as const;

/** The same list for the same seed, on every machine. */
export function generateCases(seed: number, count: number): Case[] {
    const dice = new Dice(seed);
    return Array.from({ length: count }, (_, id) => generateCase(dice, id));
}

function generateCase(dice: Dice, id: number): Case {
    const target = dice.pick(TARGETS);
    const accountId = dice.pick([HUB, DEV]);
    const arn = `arn:aws:${target.name.replace("ACCOUNT", accountId)}`;
    const action = dice.pick(target.actions);
    const service = target.kind === "role" && dice.chance(0.2);
    const caller = service ? SERVICE : dice.pick(CALLERS);
    const sessionName = dice.pick(["pod-1", "Operator"]);
    const context = contextFor(dice, { caller, sessionName, action, arn, accountId });
    const about: About = { dice, caller, sessionName, action, arn, kind: target.kind, context };
    const attached = target.kind !== "other" || dice.chance(0.75);
    return {
        id,
        caller,
        sessionName,
        action,
        resource: { arn, accountId, kind: target.kind },
        identity: service ? [] : dice.times(1, 2, () => identityPolicy(about)),
        ...(!service && dice.chance(0.2) ? { boundary: identityPolicy(about) } : {}),
        ...(attached ? { resourcePolicy: attachedPolicy(about) } : {}),
        context,
    };
}

interface About {
    dice: Dice;
    caller: string;
    sessionName: string;
    action: string;
    arn: string;
    kind: Case["resource"]["kind"];
    context: ContextValues;
}

function identityPolicy(about: About): PolicyJson {
    return policy(...about.dice.times(1, 3, () => ({ ...statement(about), Resource: resources(about) })));
}

function attachedPolicy(about: About): PolicyJson {
    return policy(
        ...about.dice.times(1, 3, () => ({
            ...statement(about),
            Principal: principal(about),
            ...(about.kind === "role" ? {} : { Resource: about.dice.chance(0.7) ? "*" : resources(about) }),
        })),
    );
}

function statement({ dice, action, context }: About): PolicyStatement {
    const condition = dice.chance(0.65) ? conditionsFor(dice, context) : undefined;
    return {
        Effect: dice.chance(0.88) ? "Allow" : "Deny",
        Action: actions(dice, action),
        ...(condition ? { Condition: condition } : {}),
    };
}

const OTHER_ACTIONS: Readonly<Record<string, string>> = {
    sts: "sts:GetFederationToken",
    kms: "kms:Encrypt",
    secretsmanager: "secretsmanager:PutSecretValue",
};

function actions(dice: Dice, action: string): string | string[] {
    const [service = "", name = ""] = action.split(":");
    const right = dice.pick([action, action.toLowerCase(), `${service}:${name.slice(0, 4)}*`, `${service}:*`]);
    const single = `${service}:${name.slice(0, -1)}?`;
    const other = OTHER_ACTIONS[service] ?? "";
    if (dice.chance(0.12)) return other;
    return dice.chance(0.3) ? [other, dice.pick([right, single])] : right;
}

function resources({ dice, arn }: About): string | string[] {
    const parts = arn.split(":");
    const last = parts.slice(5).join(":");
    const prefix = parts.slice(0, 5).join(":");
    const anyAccount = [...parts.slice(0, 4), "*", last].join(":");
    const right = dice.pick([
        arn,
        "*",
        `${prefix}:${last.slice(0, -6)}??????`,
        `${prefix}:${last.split("/")[0]}/*`,
        anyAccount,
        `${prefix}:${last.replace("dev-01", "${aws:PrincipalTag/absent, 'dev-01'}")}`,
        `${prefix}:${last.replace("fleet", "${aws:PrincipalTag/team}")}`,
    ]);
    const wrong = dice.pick([arn.toUpperCase().replace("ARN:AWS", "arn:aws"), `${prefix}:other/*`, `${arn}?`]);
    if (dice.chance(0.12)) return wrong;
    return dice.chance(0.25) ? [wrong, right] : right;
}

function principal({ dice, caller, sessionName }: About): NonNullable<PolicyStatement["Principal"]> {
    if (caller === SERVICE) {
        return dice.chance(0.75) ? { Service: SERVICE } : dice.pick([{ Service: "ec2.amazonaws.com" }, "*"] as const);
    }
    const [, , , , account = "", role = ""] = caller.split(":");
    const session = `arn:aws:sts::${account}:assumed-role/${role.replace("role/", "")}`;
    const right = dice.pick([
        caller,
        caller,
        `arn:aws:iam::${account}:root`,
        account,
        `${session}/${sessionName}`,
        "*",
    ]);
    const wrong = dice.pick([`${caller}-2`, "arn:aws:iam::333333333333:root", `${session}/someone-else`]);
    if (dice.chance(0.15)) return { AWS: wrong };
    if (dice.chance(0.15)) return { Service: SERVICE, AWS: right };
    return dice.chance(0.2) ? { AWS: [wrong, right] } : { AWS: right };
}

/** The case as our evaluator takes it. */
export function toRequest({ caller, sessionName, action, resource, context, ...policies }: Case): AccessRequest {
    const { identity, boundary, resourcePolicy } = policies;
    const role: IamRole = {
        arn: caller,
        accountId: caller.split(":")[4] ?? "",
        name: caller.split("/")[1] ?? "",
        path: "/",
        uniqueId: "AROA1",
        trustPolicy: { document: "", principalIds: {} },
        identityPolicies: identity.map((each, index) => ({
            name: `policy-${index}`,
            kind: "inline",
            document: JSON.stringify(each),
        })),
        ...(boundary ? { permissionsBoundary: { arn: "boundary", document: JSON.stringify(boundary) } } : {}),
        maxSessionDuration: 3600,
        tags: {},
    };
    const principalIds = Object.fromEntries(
        CALLERS.flatMap((arn) => [
            [arn, "AROA1"],
            [`${arn}-2`, "AROA2"],
        ]),
    );
    return {
        principal: caller === SERVICE ? { type: "service", service: caller } : { type: "session", role, sessionName },
        action,
        resource: {
            ...resource,
            ...(resourcePolicy ? { policy: { document: JSON.stringify(resourcePolicy), principalIds } } : {}),
        },
        context: new RequestContext(context),
    };
}
