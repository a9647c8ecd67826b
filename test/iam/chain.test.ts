import assert from "node:assert/strict";
import { type AccessStatus, ApiError, TestClient, type TokenStatus } from "./client.ts";
import {
    ARGOCD_ROLE,
    type ChainPolicies,
    chainPolicies,
    KEY_ARN,
    SECRET_ARN,
    SECRETS_ROLE,
    SPOKE_ROLE,
} from "./chain-policies.ts";
import { FakeSource } from "./fleet.ts";
import { mutations } from "./mutations.ts";

/** Hub Argo CD pod to a request on the spoke's API server. */
async function reachSpoke(client: TestClient): Promise<{ token: TokenStatus; access: AccessStatus }> {
    const hub = await client.podCredentials("argocd", "argocd-application-controller");
    const spoke = await client.assumeRole(hub, SPOKE_ROLE);
    const token = await client.authenticate(client.eksToken(spoke, "dev-01"));
    const access = await client.authorize(token.user, { verb: "create", resource: "pods", namespace: "shop" });
    return { token, access };
}

/** Hub External Secrets pod to the registration secret. */
async function readRegistration(client: TestClient): Promise<Record<string, unknown>> {
    const credentials = await client.podCredentials("external-secrets", "external-secrets");
    // The member file names the secret without its six random characters.
    return client.secretsManager(credentials, "GetSecretValue", { SecretId: SECRET_ARN.slice(0, -7) });
}

const HOPS: {
    policy: keyof ChainPolicies;
    label: string;
    run: (client: TestClient) => Promise<unknown>;
    /** Statements that this chain does not need. */
    except?: string[];
}[] = [
    { policy: "argocdTrust", label: `trust policy of ${ARGOCD_ROLE}`, run: reachSpoke },
    { policy: "argocdIdentity", label: `identity policy "assume-spokes" of ${ARGOCD_ROLE}`, run: reachSpoke },
    { policy: "spokeTrust", label: `trust policy of ${SPOKE_ROLE}`, run: reachSpoke },
    { policy: "secretsTrust", label: `trust policy of ${SECRETS_ROLE}`, run: readRegistration },
    {
        policy: "secretsIdentity",
        label: `identity policy "read-registrations" of ${SECRETS_ROLE}`,
        run: readRegistration,
    },
    { policy: "secretPolicy", label: `resource policy of ${SECRET_ARN}`, run: readRegistration },
    { policy: "keyPolicy", label: `key policy of ${KEY_ARN}`, run: readRegistration, except: ["Administration"] },
];

describe("the trust chain over the endpoints", () => {
    it("takes a hub pod to the spoke's API server as the spoke role's session", async () => {
        const { token, access } = await reachSpoke(new TestClient(new FakeSource()));
        assert.equal(token.user?.username, "arn:aws:sts::222222222222:assumed-role/dev-01-argocd-spoke/test");
        assert.deepEqual(token.user.groups, []);
        assert.equal(access.allowed, true);
    });

    it("takes hub External Secrets to the registration secret of another account", async () => {
        const value = await readRegistration(new TestClient(new FakeSource()));
        assert.equal(value["SecretString"], '{"name":"dev-01"}');
        assert.equal(value["ARN"], SECRET_ARN);
    });

    for (const hop of HOPS) {
        for (const mutation of mutations(chainPolicies()[hop.policy], hop.except)) {
            it(`is broken by ${hop.policy}: ${mutation.change}, and the denial says so`, async () => {
                const source = new FakeSource({ ...chainPolicies(), [hop.policy]: mutation.policy });
                const client = new TestClient(source);
                await assert.rejects(hop.run(client), (error) => {
                    assert.ok(error instanceof ApiError);
                    assert.match(error.code, /^AccessDenied(Exception)?$/);
                    assert.ok(error.message.includes(`no Allow in the ${hop.label}`), error.message);
                    assert.ok(error.message.includes(mutation.says), `${mutation.says} is not in: ${error.message}`);
                    return true;
                });
                const last = client.decisions.list().at(-1);
                assert.equal(last?.allowed, false);
                assert.ok(last.explanation.includes(mutation.says));
            });
        }
    }

    it("is broken by an explicit deny, even where every Allow stands", async () => {
        const policies = chainPolicies();
        policies.secretPolicy.Statement.push({
            Sid: "Freeze",
            Effect: "Deny",
            Principal: "*",
            Action: "secretsmanager:*",
            Resource: "*",
        });
        await assert.rejects(
            readRegistration(new TestClient(new FakeSource(policies))),
            /denied by statement Freeze of the resource policy/,
        );
    });

    it("is broken by a recreated hub role until the spoke's trust policy is written again", async () => {
        const source = new FakeSource();
        const policies = chainPolicies();
        const before = source.role(ARGOCD_ROLE)?.uniqueId;
        source.addRole(ARGOCD_ROLE, policies.argocdTrust, { "assume-spokes": policies.argocdIdentity });
        const client = new TestClient(source);
        await assert.rejects(reachSpoke(client), new RegExp(`Principal wanted .* \\(pinned to ${before}\\)`));
        const spoke = source.role(SPOKE_ROLE);
        assert.ok(spoke);
        spoke.trustPolicy = source.pin(policies.spokeTrust);
        assert.equal((await reachSpoke(client)).access.allowed, true);
    });

    it("is broken when the role of an association does not trust the pod's namespace", async () => {
        const client = new TestClient(new FakeSource());
        await assert.rejects(
            client.podCredentials("default", "argocd-server"),
            /Condition StringEquals aws:RequestTag\/kubernetes-namespace wanted argocd, got default/,
        );
    });
});
