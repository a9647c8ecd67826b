import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { CredentialStore } from "../../sandbox/aws-twin/endpoints/credential-store.ts";
import { awsEndpoints } from "../../sandbox/aws-twin/endpoints/index.ts";
import { DecisionLog } from "../../sandbox/aws-twin/iam/decision-log.ts";
import type { Handler } from "../../sandbox/daemon/http.ts";
import { chainPolicies, DEPLOYER_ROLE, OPERATOR_ROLE, SPOKE_ROLE } from "./chain-policies.ts";
import { FakeSource } from "./fleet.ts";

const SHIM = path.resolve(import.meta.dirname, "..", "..", "sandbox", "bin-shims", "aws.mjs");

function clock(): Date {
    return new Date();
}

interface Outcome {
    code: number;
    stdout: string;
    stderr: string;
}

describe("the sandbox's aws", () => {
    let server: Server;
    let origin = "";
    let endpoints: ReturnType<typeof awsEndpoints>;

    before(async () => {
        endpoints = awsEndpoints({
            source: new FakeSource(chainPolicies()),
            credentials: new CredentialStore({ clock }),
            decisions: new DecisionLog({ clock }),
            clock,
            verifyToken: () => Promise.resolve({ authenticated: false }),
            operator: { roleArn: OPERATOR_ROLE, token: "operator-token" },
        });
        server = createServer((incoming, outgoing) => {
            const chunks: Buffer[] = [];
            incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
            incoming.on("end", () => {
                const url = new URL(incoming.url ?? "/", origin);
                const handler: Handler = url.pathname === "/operator/credentials" ? endpoints.operator : endpoints.api;
                void handler({
                    method: incoming.method ?? "",
                    url,
                    headers: incoming.headers,
                    body: Buffer.concat(chunks),
                }).then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body));
            });
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = server.address();
        assert.ok(typeof address === "object" && address !== null);
        origin = `http://127.0.0.1:${address.port}`;
    });
    after(() => server.close());

    function aws(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
        const all = {
            AWS_CONTAINER_CREDENTIALS_FULL_URI: `${origin}/operator/credentials`,
            AWS_CONTAINER_AUTHORIZATION_TOKEN: "operator-token",
            AWS_ENDPOINT_URL: origin,
            ...env,
        };
        return new Promise((resolve) => {
            const child = execFile(process.execPath, [SHIM, ...args], { env: all }, (_error, stdout, stderr) =>
                resolve({ code: child.exitCode ?? -1, stdout, stderr }),
            );
        });
    }

    const TOKEN = ["eks", "get-token", "--cluster-name", "dev-01", "--region", "eu-west-1", "--output", "json"];

    it("makes a token that the cluster's webhook knows as the deployer", async () => {
        const env = { KUBERNETES_EXEC_INFO: '{"apiVersion":"client.authentication.k8s.io/v1"}' };
        const { code, stdout, stderr } = await aws([...TOKEN, "--role-arn", DEPLOYER_ROLE], env);
        assert.equal(code, 0, stderr);
        const credential: { apiVersion: string; kind: string; status: Record<string, string> } = JSON.parse(stdout);
        assert.deepEqual(
            [credential.kind, credential.apiVersion],
            ["ExecCredential", "client.authentication.k8s.io/v1"],
        );
        const minutes = (Date.parse(credential.status["expirationTimestamp"] ?? "") - Date.now()) / 60_000;
        assert.ok(minutes > 12 && minutes <= 14, String(minutes));
        const review = { apiVersion: "authentication.k8s.io/v1", spec: { token: credential.status["token"] } };
        const answer = await endpoints.eks({
            method: "POST",
            url: new URL("/eks/222222222222/eu-west-1/dev-01/authenticate", origin),
            headers: {},
            body: Buffer.from(JSON.stringify(review)),
        });
        const { status }: { status: { user?: { username: string }; error?: string } } = JSON.parse(
            answer.body.toString(),
        );
        assert.equal(
            status.user?.username,
            "arn:aws:sts::222222222222:assumed-role/fleet-deployer/EKSGetTokenAuth",
            status.error,
        );
    });

    it("passes on why a role may not be assumed", async () => {
        const { code, stdout, stderr } = await aws([...TOKEN, "--role-arn", SPOKE_ROLE]);
        assert.equal(code, 254);
        assert.equal(stdout, "");
        assert.match(
            stderr,
            /^aws: An error occurred \(AccessDenied\) when calling the AssumeRole operation: User: arn:aws:sts/,
        );
    });

    it("tells who the caller is", async () => {
        const { stdout } = await aws(["sts", "get-caller-identity"], { AWS_REGION: "eu-west-1" });
        const { Arn }: { Arn: string } = JSON.parse(stdout);
        assert.equal(Arn, "arn:aws:sts::999999999999:assumed-role/fleet-operator/operator");
    });

    it("passes on why a secret cannot be read", async () => {
        const { code, stderr } = await aws([
            "secretsmanager",
            "get-secret-value",
            "--secret-id=x",
            "--region=eu-west-1",
        ]);
        assert.equal(code, 254);
        assert.match(stderr, /\(AccessDeniedException\) when calling the GetSecretValue operation/);
    });

    const MISUSE: [args: string[], env: Record<string, string>, says: RegExp][] = [
        [["s3", "ls"], {}, /"aws s3 ls" is not in the sandbox's aws: it has eks get-token, sts get-caller-identity/],
        [["eks", "get-token", "--profile", "x"], {}, /"--profile" is not supported here \(supported: --cluster-name/],
        [["eks", "get-token"], {}, /--cluster-name is required/],
        [["eks", "get-token", "--cluster-name"], {}, /--cluster-name needs a value/],
        [["eks", "get-token", "--cluster-name", "x"], {}, /no region/],
        [[...TOKEN.slice(0, -1), "yaml"], {}, /--output "yaml" is not supported/],
        [TOKEN, { AWS_CONTAINER_CREDENTIALS_FULL_URI: "" }, /AWS_CONTAINER_CREDENTIALS_FULL_URI is not set/],
        [TOKEN, { AWS_ENDPOINT_URL: "" }, /AWS_ENDPOINT_URL is not set/],
    ];
    for (const [args, env, says] of MISUSE) {
        it(`explains itself: aws ${args.join(" ")} ${Object.keys(env).join("")}`.trim(), async () => {
            const { code, stdout, stderr } = await aws(args, env);
            assert.equal(code, 252);
            assert.equal(stdout, "");
            assert.match(stderr, says);
        });
    }
});
