import assert from "node:assert/strict";

import { spokeAccessTrust } from "../../components/identity/spoke-access-role.ts";
import { UNKNOWN as unknown } from "../../sandbox/engine/kit/types.ts";
import { verdictOf } from "./support/verdict.ts";

const hubRole = "arn:aws:iam::111111111111:role/fleet/hub-01-argocd";
const hubCluster = "arn:aws:eks:eu-west-1:111111111111:cluster/hub-01";
const config = { hubs: [{ accountId: "111111111111", region: "eu-west-1", clusterName: "hub-01" }] };

type Document = { Version: string; Statement: Record<string, any>[] };

/** The trust policy that the component makes, after one change. */
function trust(change: (statement: Record<string, any>, document: Document) => void = () => {}): Document {
    const document = JSON.parse(JSON.stringify(spokeAccessTrust(hubRole, hubCluster))) as Document;
    const [statement] = document.Statement;
    assert.ok(statement);
    change(statement, document);
    return document;
}

function verdict(policy: unknown, props: Record<string, unknown> = {}, rules: object = config) {
    const assumeRolePolicy = typeof policy === "string" || policy === unknown ? policy : JSON.stringify(policy);
    return verdictOf(
        "spoke-trust-exact-hub",
        {
            type: "aws:iam/role:Role",
            name: "access",
            props: { name: "dev-01-argocd-spoke", assumeRolePolicy, ...props },
        },
        rules,
    );
}

const tagFix = {
    cluster: `Fix: allow ${hubCluster}.`,
    namespace: "Fix: allow argocd.",
    serviceAccount: "Fix: allow argocd-application-controller, argocd-applicationset-controller, argocd-server.",
};

/** One change of the happy path each, and the message in full. */
const violations: [title: string, change: (statement: Record<string, any>) => void, message: string][] = [
    [
        "another role of the hub's account",
        (statement) => (statement.Principal = { AWS: "arn:aws:iam::111111111111:role/argocd" }),
        `access: HubArgocd trusts arn:aws:iam::111111111111:role/argocd. Fix: trust ${hubRole} and nobody else.`,
    ],
    [
        "the hub's whole account",
        (statement) => (statement.Principal = { AWS: "arn:aws:iam::111111111111:root" }),
        `access: HubArgocd trusts arn:aws:iam::111111111111:root. Fix: trust ${hubRole} and nobody else.`,
    ],
    [
        "the same role name in any account",
        (statement) => (statement.Principal = { AWS: "arn:aws:iam::*:role/fleet/hub-01-argocd" }),
        `access: HubArgocd trusts arn:aws:iam::*:role/fleet/hub-01-argocd. Fix: trust ${hubRole} and nobody else.`,
    ],
    [
        "everybody",
        (statement) => (statement.Principal = "*"),
        `access: HubArgocd trusts *. Fix: trust ${hubRole} and nobody else.`,
    ],
    [
        "the hub and somebody else",
        (statement) => (statement.Principal = { AWS: [hubRole, "arn:aws:iam::999999999999:root"] }),
        `access: HubArgocd trusts ${hubRole}, arn:aws:iam::999999999999:root. Fix: trust ${hubRole} and nobody else.`,
    ],
    [
        "the hub and a service",
        (statement) => (statement.Principal = { AWS: hubRole, Service: "ec2.amazonaws.com" }),
        `access: HubArgocd trusts ${hubRole}, ec2.amazonaws.com. Fix: trust ${hubRole} and nobody else.`,
    ],
    [
        "nobody",
        (statement) => delete statement.Principal,
        `access: HubArgocd trusts nobody. Fix: trust ${hubRole} and nobody else.`,
    ],
    [
        "every action of STS",
        (statement) => (statement.Action = "sts:*"),
        "access: HubArgocd allows sts:*. Fix: allow sts:AssumeRole and sts:TagSession only.",
    ],
    [
        "the hub's role on another cluster",
        (statement) =>
            (statement.Condition.StringEquals["aws:PrincipalTag/eks-cluster-arn"] = hubCluster.replace("hub-01", "x")),
        "access: HubArgocd does not hold aws:PrincipalTag/eks-cluster-arn to the hub's " +
            `(got ${hubCluster.replace("hub-01", "x")}). ${tagFix.cluster}`,
    ],
    [
        "pods of another namespace",
        (statement) =>
            (statement.Condition.StringEquals["aws:PrincipalTag/kubernetes-namespace"] = ["argocd", "default"]),
        "access: HubArgocd does not hold aws:PrincipalTag/kubernetes-namespace to the hub's (got argocd, default). " +
            tagFix.namespace,
    ],
    [
        "another service account",
        (statement) =>
            statement.Condition.StringEquals["aws:PrincipalTag/kubernetes-service-account"].push("argocd-repo-server"),
        "access: HubArgocd does not hold aws:PrincipalTag/kubernetes-service-account to the hub's (got " +
            "argocd-application-controller, argocd-applicationset-controller, argocd-server, argocd-repo-server). " +
            tagFix.serviceAccount,
    ],
    [
        "a tag that is not asked for",
        (statement) => delete statement.Condition.StringEquals["aws:PrincipalTag/kubernetes-namespace"],
        "access: HubArgocd does not hold aws:PrincipalTag/kubernetes-namespace to the hub's (got no condition that binds). " +
            tagFix.namespace,
    ],
    [
        "turned-around principals",
        (statement) => (statement.NotPrincipal = { AWS: "arn:aws:iam::999999999999:root" }),
        "access: HubArgocd says who or what is left out. Fix: name who and what is allowed.",
    ],
];

describe("policy: spoke-trust-exact-hub", () => {
    it("passes what the component makes, as JSON and as an object", async () => {
        assert.deepEqual(await verdict(trust()), { violations: [] });
        assert.deepEqual(await verdict("", { assumeRolePolicy: trust() }), { violations: [] });
    });

    it("passes one service account, keys in any case, and conditions that narrow further", async () => {
        const narrowed = trust(({ Condition }) => {
            Condition.StringEquals["aws:principaltag/Kubernetes-Service-Account"] = "argocd-server";
            delete Condition.StringEquals["aws:PrincipalTag/kubernetes-service-account"];
            Condition.Bool = { "aws:SecureTransport": "true" };
        });
        assert.deepEqual(await verdict(narrowed), { violations: [] });
    });

    it("passes an additional refusal", async () => {
        const refusing = trust((_, document) => {
            document.Statement.push({ Effect: "Deny", Principal: "*", Action: "sts:*" });
        });
        assert.deepEqual(await verdict(refusing), { violations: [] });
    });

    it("passes the second of two hubs, but not half of each", async () => {
        const other = { accountId: "999999999999", region: "eu-west-1", clusterName: "hub-02" };
        const rules = { hubs: [other, ...config.hubs] };
        assert.deepEqual(await verdict(trust(), {}, rules), { violations: [] });
        const mixed = trust(
            (statement) => (statement.Principal.AWS = "arn:aws:iam::999999999999:role/fleet/hub-02-argocd"),
        );
        const result = await verdict(mixed, {}, rules);
        assert.ok(result !== "not applicable" && result.violations.length === 1);
    });

    for (const [title, change, message] of violations) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(await verdict(trust(change)), { violations: [message] });
        });
    }

    it("refuses conditions that pass without the tag, or by pattern", async () => {
        for (const operator of ["StringEqualsIfExists", "StringNotEquals", "ForAllValues:StringEquals"]) {
            const loose = trust(
                (statement) => (statement.Condition = { [operator]: statement.Condition.StringEquals }),
            );
            const result = await verdict(loose);
            assert.ok(result !== "not applicable" && result.violations.length === 3, operator);
        }
        const pattern = trust(({ Condition }) => {
            Condition.StringLike = { "aws:PrincipalTag/kubernetes-namespace": "argo*" };
            delete Condition.StringEquals["aws:PrincipalTag/kubernetes-namespace"];
        });
        const result = await verdict(pattern);
        assert.ok(result !== "not applicable" && result.violations.length === 1);
    });

    it("passes conditions that bind by other operators: an exact StringLike, ForAllValues with Null", async () => {
        const like = trust((statement) => (statement.Condition = { StringLike: statement.Condition.StringEquals }));
        assert.deepEqual(await verdict(like), { violations: [] });
        const present = trust((statement) => {
            const tags = statement.Condition.StringEquals as Record<string, unknown>;
            const asked = Object.keys(tags).map((tag) => [tag, "false"]);
            statement.Condition = { "ForAllValues:StringEquals": tags, Null: Object.fromEntries(asked) };
        });
        assert.deepEqual(await verdict(present), { violations: [] });
    });

    it("refuses a second statement that opens another door", async () => {
        const open = trust((_, document) => {
            document.Statement.push({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" });
        });
        const result = await verdict(open);
        assert.ok(result !== "not applicable");
        assert.equal(result.violations[0], `access: statement 1 trusts *. Fix: trust ${hubRole} and nobody else.`);
    });

    it("refuses a trust policy that is none", async () => {
        assert.deepEqual(await verdict("not JSON"), {
            violations: [
                "access: the trust policy is no policy document. Fix: give it one statement that trusts the hub.",
            ],
        });
    });

    it("judges a role of another name that trusts the hub's Argo CD", async () => {
        const open = trust((statement) => delete statement.Condition);
        const result = await verdict(open, { name: "innocent" });
        assert.ok(result !== "not applicable" && result.violations.length === 3);
    });

    it("refuses what is not known yet", async () => {
        assert.deepEqual(await verdict(unknown), {
            violations: [
                "access: cannot be judged, because assumeRolePolicy is not known yet. " +
                    "Fix: build it from constants, not from another resource's outputs.",
            ],
        });
        const result = await verdict(trust(), { name: unknown });
        assert.ok(result !== "not applicable" && result.violations[0]?.includes("because name is not known yet"));
        const nested = trust((statement) => (statement.Principal.AWS = unknown));
        const inside = await verdict("", { assumeRolePolicy: nested });
        assert.ok(inside !== "not applicable" && inside.violations[0]?.includes("Principal.AWS is not known yet"));
    });

    it("does not apply to other roles and other types", async () => {
        const service = {
            Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
        };
        assert.equal(await verdict(service, { name: "dev-01-node" }), "not applicable");
        const vpc = { type: "aws:ec2/vpc:Vpc", name: "vpc", props: {} };
        assert.equal(await verdictOf("spoke-trust-exact-hub", vpc), "not applicable");
    });
});
