import assert from "node:assert/strict";

import { repositorySecretName } from "../../components/argocd/repository-credentials.ts";
import type { ProgramRun } from "../../sandbox/plan/program.ts";
import { renderPlan } from "../../sandbox/plan/render.ts";
import { planReport } from "../../sandbox/plan/report.ts";
import { runStack } from "../../sandbox/plan/runner.ts";
import { changedConfig } from "./stacks.ts";

describe("plan: secrets of Argo CD", function () {
    this.timeout(60_000);
    const canaries = ["canary-app-9a1", "canary-ssh-9a2", "canary-token-9a3", "canary-sso-9a4"];
    const [app, ssh, token, sso] = canaries.map((secure) => ({ secure }));
    const argocd = {
        chart: { version: "10.9.0" },
        ssoClientSecret: sso,
        repositories: [
            { url: "https://github.com/example-org", githubApp: { id: 1, installationId: 2, privateKey: app } },
            { url: "git@github.com:example-org/one.git", ssh: { privateKey: ssh } },
            { url: "https://git.example.com", token: { username: "fleet", password: token } },
        ],
    };

    /** As the engine runs it: the canaries are what the ciphertexts stand for. */
    async function run(preview = false): Promise<ProgramRun> {
        const config = await changedConfig("hub", { "fleet:argocd": argocd });
        return runStack("hub", config, { preview, decrypt: (ciphertext) => ciphertext });
    }

    /** As `npm run plan` runs it: nobody can decrypt. */
    async function planned(keys: object): Promise<ProgramRun> {
        return runStack("hub", await changedConfig("hub", { "fleet:argocd": keys }));
    }

    function assertNoCanary(text: string): void {
        assert.deepEqual(
            canaries.filter((canary) => text.includes(canary)),
            [],
        );
    }

    it("become Secrets of Argo CD before the root Application, each of them secret in Pulumi's state", async () => {
        const { resources } = await run();
        const urls = argocd.repositories.map(({ url }) => url);
        const made = resources.filter(
            ({ type, parent }) => type === "kubernetes:core/v1:Secret" && parent.endsWith("::hub-repositories"),
        );
        assert.equal(made.length, urls.length);
        const secrets = urls.flatMap((url) =>
            made.filter(({ inputs }) => (inputs.stringData as { url: string }).url === url),
        );
        assert.deepEqual(
            secrets.map(({ inputs }) => inputs.metadata),
            urls.map((url) => ({
                name: repositorySecretName(url),
                namespace: "argocd",
                labels: { "argocd.argoproj.io/secret-type": "repo-creds" },
            })),
        );
        assert.deepEqual(
            secrets.map(({ inputs }) => inputs.stringData),
            [
                {
                    type: "git",
                    url: "https://github.com/example-org",
                    githubAppID: "1",
                    githubAppInstallationID: "2",
                    githubAppPrivateKey: canaries[0],
                },
                { type: "git", url: "git@github.com:example-org/one.git", sshPrivateKey: canaries[1] },
                { type: "git", url: "https://git.example.com", username: "fleet", password: canaries[2] },
            ],
        );
        const root = resources.find(({ name }) => name === "hub-root-project");
        for (const { secretInputs, urn, name } of secrets) {
            assert.deepEqual(secretInputs, ["stringData"], name);
            assert.ok(root?.dependencies.includes(urn), name);
        }
    });

    it("include SSO's, which Argo CD reads from a Secret that exists before its pods", async () => {
        const { resources } = await run();
        const secret = resources.find(({ name }) => name === "hub-argocd-sso");
        assert.deepEqual(secret?.secretInputs, ["stringData"]);
        assert.deepEqual(secret?.inputs.stringData, { clientSecret: canaries[3] });
        assert.deepEqual(secret?.inputs.metadata, {
            name: "argocd-sso",
            namespace: "argocd",
            labels: { "app.kubernetes.io/part-of": "argocd" },
        });
        const release = resources.find(({ name }) => name === "hub-argocd-release");
        assert.ok(release?.dependencies.includes(secret?.urn ?? ""));
    });

    it("are nowhere else: not in another input, not in an output, not in the report of a plan", async () => {
        for (const preview of [false, true]) {
            const done = await run(preview);
            const open = done.resources.map(({ inputs, secretInputs }) =>
                Object.entries(inputs).filter(([key]) => !secretInputs.includes(key)),
            );
            assertNoCanary(JSON.stringify([open, done.outputs]));
            const config = await changedConfig("hub", { "fleet:argocd": argocd });
            const verdicts = { evaluations: {}, violations: [], remediated: [] };
            const report = planReport({ name: "none", version: "0", rules: [] }, [
                { name: "hub", config, run: done, verdicts },
            ]);
            assertNoCanary(JSON.stringify(report));
            assertNoCanary(renderPlan(report, { color: false, width: 120 }));
        }
    });

    it("are planned without being decrypted", async () => {
        const { resources } = await planned(argocd);
        assertNoCanary(JSON.stringify(resources.map(({ inputs }) => inputs)));
        assert.ok(resources.some(({ name }) => name === "hub-argocd-sso"));
    });

    it("are refused as plain text before anything is registered", async () => {
        const plain = JSON.parse(JSON.stringify(argocd).replace(/\{"secure":("[^"]*")\}/g, "$1")) as object;
        await assert.rejects(planned(plain), (error: Error) => {
            assert.match(error.message, /E-CFG-004 fleet:argocd\.ssoClientSecret/);
            assert.match(error.message, /4 problems; nothing was created/);
            assertNoCanary(error.message);
            return true;
        });
    });

    it("have a Secret per URL, however alike two are", () => {
        const urls = ["https://git.example.com/a-b", "https://git.example.com/a/b", "git@git.example.com:a/b.git"];
        const names = urls.map(repositorySecretName);
        assert.equal(new Set(names).size, urls.length);
        const long = repositorySecretName(`https://git.example.com/${"very-long/".repeat(20)}`);
        for (const name of [...names, long]) {
            assert.match(name, /^repo-[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9a-f]{8}$/);
            assert.ok(name.length <= 63, name);
        }
    });
});
