import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { Engine, ENGINE_SETUP_TIMEOUT_MS, type Project } from "./support/engine.ts";

const COMPONENTS = path.resolve(import.meta.dirname, "../../components");

const canary = "canary-77c0";

/** Argo CD's repository credentials, for a cluster that does not answer: `up` fails at the first Secret. */
const program = `
    import * as kubernetes from "@pulumi/kubernetes";
    import * as pulumi from "@pulumi/pulumi";
    import { RepositoryCredentials } from "${COMPONENTS}/argocd/repository-credentials.ts";

    const password = new pulumi.Config().require("password");
    const cluster = { server: "https://127.0.0.1:9", "certificate-authority-data": "Y2E=" };
    const kubeconfig = pulumi.secret(JSON.stringify({
        apiVersion: "v1", kind: "Config", "current-context": "c",
        clusters: [{ name: "c", cluster }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        users: [{ name: "u", user: { token: password } }],
    }));
    const provider = new kubernetes.Provider("cluster", { kubeconfig });
    const url = "https://git.example.com/a.git";
    new RepositoryCredentials("credentials", {
        repositories: [{ url, token: { username: "git", password } }],
    }, { providers: [provider] });
`;

describe("secrets of the configuration, with the real engine", function () {
    this.timeout(300_000);
    let engine: Engine;
    let project: Project;

    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        engine = await Engine.start();
        project = await engine.project(program, "typescript");
        const { ok, output } = await project.run("config", "set", "--secret", "--stack=dev", "password", canary);
        assert.ok(ok, output);
    });
    after(() => engine.close());

    it("are in neither form of a preview", async () => {
        for (const form of ["--json", "--diff"]) {
            const { output } = await project.run("preview", "--stack=dev", form);
            assert.match(output, /credentials-/);
            assert.ok(!output.includes(canary), output);
        }
    });

    it("are in no output, event or state of an up that reaches the provider", async () => {
        const events = path.join(project.folder, "events.json");
        // The flag is one of the CLI's debugging aids.
        process.env["PULUMI_DEBUG_COMMANDS"] = "true";
        const { output } = await project.up("--event-log", events);
        delete process.env["PULUMI_DEBUG_COMMANDS"];
        assert.match(output, /127\.0\.0\.1:9/);
        assert.ok(!output.includes(canary), output);
        assert.match(readFileSync(events, "utf8"), /core\/v1:Secret/);
        assert.match(await project.stateText(), /providers:kubernetes/);
        // The backend's files and the project's, with the events and the stack's file.
        const files = readdirSync(engine.root, { recursive: true, encoding: "utf8" })
            .filter((file) => /^(backend|contract-\d+)[/\\]/.test(file) && !/node_modules/.test(file))
            .map((file) => path.join(engine.root, file))
            .filter((file) => statSync(file).isFile());
        assert.ok(files.includes(events));
        for (const file of files) {
            assert.ok(!readFileSync(file, "utf8").includes(canary), file);
        }
    });
});
