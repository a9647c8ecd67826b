import assert from "node:assert/strict";
import type { PolicyDocument, PolicyStatement } from "../../../components/identity/policy-document.ts";
import type { AwsConsole, StackResource } from "./aws-console.ts";

/** AWS as the console shows it to the administrators of both accounts. */
export interface Consoles {
    hub: AwsConsole;
    dev: AwsConsole;
}

/** One hop of the way from the hub to dev-01, and how to take it away. */
export interface Hop {
    /** What is taken away. */
    title: string;
    /** What it is for: reading the registration, or reaching the cluster's API. */
    of: "registration" | "cluster";
    /** Takes it away, for dev-01 alone; gives the function that puts it back. */
    takeAway(aws: Consoles): Promise<() => Promise<void>>;
    /** The denial that follows: its action, and what its explanation says. */
    denied: { action: string; says: string[] };
}

const DEV_ACCOUNT = "222222222222";
const SPOKE_ROLE = `arn:aws:iam::${DEV_ACCOUNT}:role/fleet/dev-01-argocd-spoke`;
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "aws:iam/role:Role";
/** A statement that is good for every account but that of dev-01. */
const forOthers = (statement: PolicyStatement): PolicyStatement => ({
    ...statement,
    Resource: [statement.Resource ?? []].flat().filter((arn) => !arn.includes(DEV_ACCOUNT)),
});

const argocdPolicy = ({ hub }: Consoles) => hub.resource(ROLE_POLICY, "hub-01-argocd");
const secretsPolicy = ({ hub }: Consoles) => hub.resource(ROLE_POLICY, "hub-01-external-secrets");
const spokeRole = ({ dev }: Consoles) => dev.resource(ROLE, "dev-01-argocd-spoke");
const accessEntry = ({ dev }: Consoles) => dev.resource("aws:eks/accessEntry:AccessEntry", "dev-01-argocd-spoke");
const accessPolicy = ({ dev }: Consoles) =>
    dev.resource("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "dev-01-argocd-spoke");

export const hops: Hop[] = [
    {
        title: "the permission of the hub's External Secrets to read the secret",
        of: "registration",
        takeAway: (aws) =>
            rewritten(aws.hub, secretsPolicy(aws), "policy", "ReadRegistrations", (read) => [forOthers(read)]),
        denied: {
            action: "secretsmanager:GetSecretValue",
            says: [
                'no Allow in the identity policy "permissions" of arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets',
                "nearest statement ReadRegistrations: Resource wanted",
            ],
        },
    },
    {
        title: "the secret's resource policy",
        of: "registration",
        takeAway: ({ dev }) =>
            removed(dev, dev.resource("aws:secretsmanager/secretPolicy:SecretPolicy", "hub-01/dev-01")),
        denied: {
            action: "secretsmanager:GetSecretValue",
            says: [
                `no Allow in the resource policy of arn:aws:secretsmanager:eu-west-1:${DEV_ACCOUNT}:secret:fleet/hub-01/dev-01-`,
            ],
        },
    },
    {
        title: "the hub's External Secrets in the key policy",
        of: "registration",
        takeAway: ({ dev }) =>
            rewritten(
                dev,
                dev.resource("aws:kms/key:Key", "registration-key"),
                "policy",
                "HubExternalSecrets",
                () => [],
            ),
        denied: {
            action: "kms:Decrypt",
            says: [`no Allow in the key policy of arn:aws:kms:eu-west-1:${DEV_ACCOUNT}:key/`, "Principal wanted"],
        },
    },
    {
        title: "the permission of the hub's Argo CD to assume the spoke's role",
        of: "cluster",
        takeAway: (aws) =>
            rewritten(aws.hub, argocdPolicy(aws), "policy", "AssumeSpokeRoles", (assume) => [forOthers(assume)]),
        denied: {
            action: "sts:AssumeRole",
            says: [
                'no Allow in the identity policy "permissions" of arn:aws:iam::111111111111:role/fleet/hub-01-argocd',
                "nearest statement AssumeSpokeRoles: Resource wanted",
            ],
        },
    },
    {
        title: "the permission of the hub's Argo CD to take its session tags along",
        of: "cluster",
        takeAway: (aws) =>
            rewritten(aws.hub, argocdPolicy(aws), "policy", "AssumeSpokeRoles", (assume) => [
                { ...assume, Action: "sts:AssumeRole" },
                { ...forOthers(assume), Sid: "TagSessions", Action: "sts:TagSession" },
            ]),
        denied: {
            action: "sts:TagSession",
            says: [
                'no Allow in the identity policy "permissions" of arn:aws:iam::111111111111:role/fleet/hub-01-argocd',
            ],
        },
    },
    {
        title: "the trust of the spoke's role in the hub's Argo CD",
        of: "cluster",
        takeAway: (aws) =>
            rewritten(aws.dev, spokeRole(aws), "assumeRolePolicy", "HubArgocd", (trust) => [
                { ...trust, Principal: { AWS: "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets" } },
            ]),
        denied: {
            action: "sts:AssumeRole",
            says: [`no Allow in the trust policy of ${SPOKE_ROLE}`, "nearest statement HubArgocd: Principal wanted"],
        },
    },
    {
        title: "the match of the session tags with the trust's condition",
        of: "cluster",
        takeAway: (aws) =>
            rewritten(aws.dev, spokeRole(aws), "assumeRolePolicy", "HubArgocd", (trust) => [
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
        denied: {
            action: "sts:AssumeRole",
            says: [
                `no Allow in the trust policy of ${SPOKE_ROLE}`,
                "Condition StringEquals aws:PrincipalTag/kubernetes-service-account wanted argocd-somebody-else, " +
                    "got argocd-application-controller",
            ],
        },
    },
    {
        title: "the spoke role's access entry",
        of: "cluster",
        async takeAway(aws) {
            const [entry, policy] = [accessEntry(aws), accessPolicy(aws)];
            await aws.dev.delete(entry);
            return async () => {
                await aws.dev.create(entry);
                // It went with the entry.
                await aws.dev.create(policy);
            };
        },
        denied: {
            action: "eks:AccessKubernetesApi",
            says: [`cluster dev-01 has no access entry for ${SPOKE_ROLE}`],
        },
    },
    {
        title: "the access policy of that entry",
        of: "cluster",
        takeAway: (aws) => removed(aws.dev, accessPolicy(aws)),
        denied: { action: "kubernetes:", says: [`the access entry for ${SPOKE_ROLE} has no access policy`] },
    },
];

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
