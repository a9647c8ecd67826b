import assert from "node:assert/strict";
import type { AccessEntryRecord } from "../../sandbox/aws-twin/iam/source.ts";
import { ACCESS_POLICIES } from "../../sandbox/aws-twin/endpoints/access-policies.ts";
import { type Credentials, request, TestClient } from "./client.ts";
import { SPOKE_ROLE } from "./chain-policies.ts";
import { FakeSource } from "./fleet.ts";

const PREFIX = "arn:aws:eks::aws:cluster-access-policy/";

/** A session of the spoke role, and its access entry for tests to change. */
async function spoke(): Promise<{
    client: TestClient;
    source: FakeSource;
    entry: AccessEntryRecord;
    session: Credentials;
}> {
    const source = new FakeSource();
    const client = new TestClient(source);
    const hub = await client.podCredentials("argocd", "argocd-application-controller");
    const session = await client.assumeRole(hub, SPOKE_ROLE, { RoleSessionName: "a@b" });
    const entry = source.clusters[1]?.accessEntries.find(({ principalArn }) => principalArn === SPOKE_ROLE);
    assert.ok(entry);
    return { client, source, entry, session };
}

describe("EKS authentication", () => {
    it("names the session as EKS does: without the role's path, and @ as -", async () => {
        const { client, session, source } = await spoke();
        const { user } = await client.authenticate(client.eksToken(session, "dev-01"));
        assert.deepEqual(user, {
            username: "arn:aws:sts::222222222222:assumed-role/dev-01-argocd-spoke/a-b",
            uid: `aws-iam-authenticator:222222222222:${source.role(SPOKE_ROLE)?.uniqueId}`,
            groups: [],
            extra: {
                accessKeyId: [session.AccessKeyId],
                arn: ["arn:aws:sts::222222222222:assumed-role/dev-01-argocd-spoke/a@b"],
                canonicalArn: ["arn:aws:iam::222222222222:role/dev-01-argocd-spoke"],
                principalId: [source.role(SPOKE_ROLE)?.uniqueId],
                sessionName: ["a@b"],
            },
        });
    });

    it("uses the entry's own user name and groups", async () => {
        const { client, session, entry } = await spoke();
        entry.userName = "argocd:{{SessionName}}:{{SessionNameRaw}}";
        entry.kubernetesGroups = ["deployers"];
        const { user } = await client.authenticate(client.eksToken(session, "dev-01"));
        assert.equal(user?.username, "argocd:a-b:a@b");
        assert.deepEqual(user.groups, ["deployers"]);
    });

    const REFUSED: [title: string, prepare: (world: Awaited<ReturnType<typeof spoke>>) => string, says: RegExp][] = [
        [
            "a token for another cluster",
            ({ client, session }) => client.eksToken(session, "prod-01"),
            /another cluster than dev-01/,
        ],
        ["a token of another kind", () => "eyJhbGciOi.x.y", /not an EKS token/],
        ["a token that holds no URL", () => "k8s-aws-v1.AAAA", /holds no URL/],
        [
            "a URL with another action",
            ({ client, session }) =>
                changed(client.eksToken(session, "dev-01"), "GetCallerIdentity", "GetAccessKeyInfo"),
            /not a GetCallerIdentity call/,
        ],
        [
            "a URL with a parameter that does not belong there",
            ({ client, session }) =>
                changed(client.eksToken(session, "dev-01"), "&X-Amz-Expires", "&Extra=1&X-Amz-Expires"),
            /has the parameter "Extra"/,
        ],
        [
            "a URL that does not sign the cluster's name",
            ({ client, session }) => changed(client.eksToken(session, "dev-01"), "host%3Bx-k8s-aws-id", "host"),
            /does not sign the header x-k8s-aws-id/,
        ],
        [
            "a token older than 15 minutes",
            ({ client, session }) => {
                const token = client.eksToken(session, "dev-01");
                client.now = new Date(client.now.getTime() + 15 * 60_000 + 1000);
                return token;
            },
            /Signature expired/,
        ],
        [
            "a role without an access entry",
            ({ client, session, source }) => {
                source.clusters[1]?.accessEntries.splice(0);
                return client.eksToken(session, "dev-01");
            },
            /cluster dev-01 has no access entry for arn:aws:iam::222222222222:role\/fleet\/dev-01-argocd-spoke/,
        ],
        [
            "a role recreated after its access entry",
            ({ client, session, entry }) => {
                entry.principalId = "AROAOLD";
                return client.eksToken(session, "dev-01");
            },
            /for an earlier role of that name \(AROAOLD/,
        ],
    ];
    for (const [title, prepare, says] of REFUSED) {
        it(`refuses ${title} and says so`, async () => {
            const world = await spoke();
            const status = await world.client.authenticate(prepare(world));
            assert.equal(status.authenticated, false);
            assert.match(status.error ?? "", says);
        });
    }

    it("serves only clusters that exist", async () => {
        const { client } = await spoke();
        const answer = await client.endpoints.eks(request("POST", "/eks/222222222222/eu-west-1/gone/authenticate", {}));
        assert.equal(answer.status, 404);
    });
});

/** The token with its URL changed, its signature as it was. */
function changed(token: string, from: string, to: string): string {
    const url = Buffer.from(token.replace("k8s-aws-v1.", ""), "base64url").toString();
    assert.ok(url.includes(from));
    return `k8s-aws-v1.${Buffer.from(url.replace(from, to)).toString("base64url")}`;
}

describe("EKS authorization", () => {
    type Scope = AccessEntryRecord["policies"][number]["scope"];
    const CLUSTER: Scope = { type: "cluster" };
    const CASES: [policy: string, scope: Scope, attributes: Record<string, string>, allowed: boolean][] = [
        ["ClusterAdmin", CLUSTER, { verb: "create", resource: "pods", namespace: "shop" }, true],
        ["ClusterAdmin", CLUSTER, { verb: "delete", group: "argoproj.io", resource: "rollouts" }, true],
        [
            "ClusterAdmin",
            { type: "namespace", namespaces: ["shop"] },
            { verb: "get", resource: "pods", namespace: "other" },
            false,
        ],
        ["ClusterAdmin", { type: "namespace", namespaces: ["shop"] }, { verb: "get", resource: "nodes" }, false],
        [
            "ClusterAdmin",
            { type: "namespace", namespaces: ["shop-*"] },
            { verb: "get", resource: "pods", namespace: "shop-a" },
            true,
        ],
        ["View", CLUSTER, { verb: "list", resource: "pods", namespace: "shop" }, true],
        ["View", CLUSTER, { verb: "get", resource: "pods", subresource: "log", namespace: "shop" }, true],
        ["View", CLUSTER, { verb: "create", resource: "pods", namespace: "shop" }, false],
        ["View", CLUSTER, { verb: "get", resource: "secrets", namespace: "shop" }, false],
        ["View", CLUSTER, { verb: "get", group: "argoproj.io", resource: "rollouts", namespace: "shop" }, false],
        ["Edit", CLUSTER, { verb: "create", resource: "secrets", namespace: "shop" }, true],
        ["Edit", CLUSTER, { verb: "create", resource: "pods", subresource: "exec", namespace: "shop" }, true],
        [
            "Edit",
            CLUSTER,
            { verb: "create", group: "rbac.authorization.k8s.io", resource: "roles", namespace: "shop" },
            false,
        ],
        [
            "Admin",
            CLUSTER,
            { verb: "create", group: "rbac.authorization.k8s.io", resource: "roles", namespace: "shop" },
            true,
        ],
        ["Admin", CLUSTER, { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterroles" }, false],
        ["AdminView", CLUSTER, { verb: "watch", group: "argoproj.io", resource: "rollouts", namespace: "shop" }, true],
        ["AdminView", CLUSTER, { verb: "patch", resource: "configmaps", namespace: "shop" }, false],
        ["SecretReader", CLUSTER, { verb: "get", resource: "secrets", namespace: "shop" }, true],
        ["SecretReader", CLUSTER, { verb: "get", resource: "configmaps", namespace: "shop" }, false],
    ];
    for (const [policy, scope, attributes, allowed] of CASES) {
        const where = scope.type === "cluster" ? "" : ` in ${scope.namespaces.join()}`;
        it(`AmazonEKS${policy}Policy${where} ${allowed ? "allows" : "leaves open"} ${Object.values(attributes).join(" ")}`, async () => {
            const { client, entry, session } = await spoke();
            entry.policies = [{ policyArn: `${PREFIX}AmazonEKS${policy}Policy`, scope }];
            const { user } = await client.authenticate(client.eksToken(session, "dev-01"));
            const status = await client.authorize(user, attributes);
            assert.equal(status.allowed, allowed);
            // Only RBAC may still allow it: the webhook never denies.
            assert.equal(status.denied, false);
            assert.ok(status.reason.includes(`AmazonEKS${policy}Policy`), status.reason);
        });
    }

    it("has no opinion once the access entry is gone, even for a token that is still cached", async () => {
        const { client, source, session } = await spoke();
        const { user } = await client.authenticate(client.eksToken(session, "dev-01"));
        source.clusters[1]?.accessEntries.splice(0);
        const status = await client.authorize(user, { verb: "get", resource: "pods" });
        assert.equal(status.allowed, false);
        assert.match(status.reason, /no access entry for this principal any more/);
    });

    it("has no opinion on users that EKS did not authenticate", async () => {
        const { client } = await spoke();
        const user = { username: "system:serviceaccount:a:b", uid: "1", groups: [], extra: {} };
        assert.equal((await client.authorize(user, { verb: "get", resource: "pods" })).allowed, false);
    });

    it("fails on an access policy that it does not know, and names it", async () => {
        const { client, entry, session } = await spoke();
        const { user } = await client.authenticate(client.eksToken(session, "dev-01"));
        entry.policies = [{ policyArn: `${PREFIX}AmazonEKSMadeUpPolicy`, scope: CLUSTER }];
        await assert.rejects(
            client.authorize(user, { verb: "get", resource: "pods" }),
            /AmazonEKSMadeUpPolicy" is not known/,
        );
    });

    it("logs a repeated decision once, with its count", async () => {
        const { client, session } = await spoke();
        const { user } = await client.authenticate(client.eksToken(session, "dev-01"));
        for (let times = 0; times < 3; times += 1) await client.authorize(user, { verb: "get", resource: "pods" });
        const logged = client.decisions.list().filter(({ action }) => action === "kubernetes:get");
        assert.deepEqual(
            logged.map(({ count, allowed }) => [count, allowed]),
            [[3, true]],
        );
    });

    it("knows the policies of the documentation", () => {
        const names = Object.keys(ACCESS_POLICIES).map((arn) => arn.replace(`${PREFIX}AmazonEKS`, ""));
        assert.deepEqual(names.toSorted(), [
            "AdminPolicy",
            "AdminViewPolicy",
            "AutoNodePolicy",
            "ClusterAdminPolicy",
            "EditPolicy",
            "SecretReaderPolicy",
            "ViewPolicy",
        ]);
    });
});
