import assert from "node:assert/strict";
import type { PolicyDocument, PolicyStatement } from "../../../components/identity/policy-document.ts";
import { fleetRoleArn, spokeRoleName } from "../../../contract/names.ts";
import type { AwsConsole, StackResource } from "./aws-console.ts";

/** A spoke, and AWS as the administrators of its account and of the hub's see it. */
export interface Target {
    cluster: string;
    accountId: string;
    hub: AwsConsole;
    spoke: AwsConsole;
}

/** One hop of the way from the hub to a spoke, and how to take it away for that spoke alone. */
export interface Hop {
    /** What is taken away. */
    title: string;
    /** Takes it away; gives the function that puts it back. */
    takeAway(at: Target): Promise<() => Promise<void>>;
    /** The denial that follows: its action (or how it begins), and what its explanation says. */
    denied(at: Target): { action: string; says: string[] };
}

const HUB_ARGOCD = "arn:aws:iam::111111111111:role/fleet/hub-01-argocd";
const HUB_SECRETS = "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets";

const spokeRoleArn = ({ cluster, accountId }: Target) => fleetRoleArn(accountId, spokeRoleName(cluster));
const hubPolicy = ({ hub }: Target, role: string) => hub.resource("aws:iam/rolePolicy:RolePolicy", role);
const spokeRole = ({ spoke, cluster }: Target) => spoke.resource("aws:iam/role:Role", spokeRoleName(cluster));
const accessEntry = ({ spoke, cluster }: Target) =>
    spoke.resource("aws:eks/accessEntry:AccessEntry", spokeRoleName(cluster));
const accessPolicy = ({ spoke, cluster }: Target) =>
    spoke.resource("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", spokeRoleName(cluster));

/** A statement that is good for every account but the spoke's. */
const forOthers = ({ accountId }: Target, statement: PolicyStatement): PolicyStatement => ({
    ...statement,
    Resource: [statement.Resource ?? []].flat().filter((arn) => !arn.includes(accountId)),
});

/** Without one of these, External Secrets cannot read the registration. */
export const registrationHops: Hop[] = [
    {
        title: "the permission of the hub's External Secrets to read the secret",
        takeAway: (at) =>
            rewritten(at.hub, hubPolicy(at, "hub-01-external-secrets"), "policy", "ReadRegistrations", (read) => [
                forOthers(at, read),
            ]),
        denied: () => ({
            action: "secretsmanager:GetSecretValue",
            says: [
                `no Allow in the identity policy "permissions" of ${HUB_SECRETS}`,
                "nearest statement ReadRegistrations: Resource wanted",
            ],
        }),
    },
    {
        title: "the secret's resource policy",
        takeAway: ({ spoke, cluster }) =>
            removed(spoke, spoke.resource("aws:secretsmanager/secretPolicy:SecretPolicy", `hub-01/${cluster}`)),
        denied: ({ accountId, cluster }) => ({
            action: "secretsmanager:GetSecretValue",
            says: [
                `no Allow in the resource policy of arn:aws:secretsmanager:eu-west-1:${accountId}:secret:fleet/hub-01/${cluster}-`,
            ],
        }),
    },
    {
        title: "the hub's External Secrets in the key policy",
        takeAway: ({ spoke }) =>
            rewritten(
                spoke,
                spoke.resource("aws:kms/key:Key", "registration-key"),
                "policy",
                "HubExternalSecrets",
                () => [],
            ),
        denied: ({ accountId }) => ({
            action: "kms:Decrypt",
            says: [`no Allow in the key policy of arn:aws:kms:eu-west-1:${accountId}:key/`, "Principal wanted"],
        }),
    },
];

/**
 * Without one of these, Argo CD gets no further than signing in. In this order: the next can be taken away before the
 * last is put back, as they change different things.
 */
export const signInHops: Hop[] = [
    {
        title: "the permission of the hub's Argo CD to assume the spoke's role",
        takeAway: (at) =>
            rewritten(at.hub, hubPolicy(at, "hub-01-argocd"), "policy", "AssumeSpokeRoles", (assume) => [
                forOthers(at, assume),
            ]),
        denied: (at) => ({
            action: "sts:AssumeRole",
            says: [
                `no Allow in the identity policy "permissions" of ${HUB_ARGOCD}`,
                "nearest statement AssumeSpokeRoles: Resource wanted",
                `got ${spokeRoleArn(at)}`,
            ],
        }),
    },
    {
        title: "the match of its session tags with the condition of the spoke role's trust",
        takeAway: (at) =>
            rewritten(at.spoke, spokeRole(at), "assumeRolePolicy", "HubArgocd", (trust) => [
                {
                    ...trust,
                    Condition: {
                        StringEquals: {
                            ...trust.Condition?.["StringEquals"],
                            "aws:PrincipalTag/kubernetes-service-account": "argocd-somebody-else",
                        },
                    },
                },
            ]),
        denied: (at) => ({
            action: "sts:AssumeRole",
            says: [
                `no Allow in the trust policy of ${spokeRoleArn(at)}`,
                "Condition StringEquals aws:PrincipalTag/kubernetes-service-account wanted argocd-somebody-else, " +
                    "got argocd-application-controller",
            ],
        }),
    },
    {
        title: "its permission to take the session tags along",
        takeAway: (at) =>
            rewritten(at.hub, hubPolicy(at, "hub-01-argocd"), "policy", "AssumeSpokeRoles", (assume) => [
                { ...assume, Action: "sts:AssumeRole" },
                { ...forOthers(at, assume), Sid: "TagSessions", Action: "sts:TagSession" },
            ]),
        denied: (at) => ({
            action: "sts:TagSession",
            says: [
                `no Allow in the identity policy "permissions" of ${HUB_ARGOCD}`,
                "nearest statement TagSessions: Resource wanted",
                `got ${spokeRoleArn(at)}`,
            ],
        }),
    },
];

export const trustHop: Hop = {
    title: "the trust of the spoke's role in the hub's Argo CD",
    takeAway: (at) =>
        rewritten(at.spoke, spokeRole(at), "assumeRolePolicy", "HubArgocd", (trust) => [
            { ...trust, Principal: { AWS: HUB_SECRETS } },
        ]),
    denied: (at) => ({
        action: "sts:AssumeRole",
        says: [
            `no Allow in the trust policy of ${spokeRoleArn(at)}`,
            `nearest statement HubArgocd: Principal wanted ${HUB_SECRETS}`,
        ],
    }),
};

export const accessEntryHop: Hop = {
    title: "the spoke role's access entry",
    async takeAway(at) {
        const [entry, policy] = [accessEntry(at), accessPolicy(at)];
        await at.spoke.delete(entry);
        return async () => {
            await at.spoke.create(entry);
            // It went with the entry.
            await at.spoke.create(policy);
        };
    },
    denied: (at) => ({
        action: "eks:AccessKubernetesApi",
        says: [`cluster ${at.cluster} has no access entry for ${spokeRoleArn(at)}`],
    }),
};

export const accessPolicyHop: Hop = {
    title: "the access policy of that entry",
    takeAway: (at) => removed(at.spoke, accessPolicy(at)),
    denied: (at) => ({
        action: "kubernetes:",
        says: [`the access entry for ${spokeRoleArn(at)} has no access policy`],
    }),
};

/** Replaces one statement of the policy document in an input. */
async function rewritten(
    aws: AwsConsole,
    resource: StackResource,
    input: "policy" | "assumeRolePolicy",
    sid: string,
    change: (statement: PolicyStatement) => PolicyStatement[],
): Promise<() => Promise<void>> {
    const before = await aws.read(resource);
    const text = resource.inputs[input];
    assert.ok(typeof text === "string");
    const { Statement, ...document } = JSON.parse(text) as PolicyDocument;
    assert.ok(Statement.some(({ Sid }) => Sid === sid));
    const changed = Statement.flatMap((each) => (each.Sid === sid ? change(each) : [each]));
    await aws.update(resource, { [input]: JSON.stringify({ ...document, Statement: changed }) });
    return async () => {
        await aws.update(resource, {});
        assert.deepEqual((await aws.read(resource))?.inputs, before?.inputs);
    };
}

async function removed(aws: AwsConsole, resource: StackResource): Promise<() => Promise<void>> {
    await aws.delete(resource);
    return async () => {
        await aws.create(resource);
    };
}
