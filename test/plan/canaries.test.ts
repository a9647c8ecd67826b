import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { loadConfig } from "../../config/load.ts";
import fleet from "../../index.ts";
import { plannedAnswers } from "../../sandbox/plan/computed.ts";
import { messageOf } from "../../sandbox/plan/error-message.ts";
import { runProgram, type ProgramRun } from "../../sandbox/plan/program.ts";
import { readStackFile } from "../../sandbox/plan/runner.ts";
import { Dice } from "../harness/dice.ts";
import { mutate } from "../unit/config/support/mutate.ts";
import { committedStacks } from "./stacks.ts";

/** In every secret of the configuration. Whatever shows it shows a secret. */
const canary = "canary-4f1d";
const pem = `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----\n`;

type Tree = { [key: string]: any };

/** The hub with every secret that a hub can have. */
async function hub(): Promise<Tree> {
    const config = structuredClone(await readStackFile("hub")) as Tree;
    config["fleet:argocd"].ssoClientSecret = canary;
    config["fleet:argocd"].repositories = [
        { url: "https://github.com/example-org/a", token: { username: "git", password: canary } },
        { url: "git@github.com:example-org/b.git", ssh: { privateKey: pem } },
        { url: "https://github.com/example-org", githubApp: { id: "1", installationId: "2", privateKey: pem } },
    ];
    return config;
}

/** A spoke whose cluster exists already, with its kubeconfig. */
function existing(): Tree {
    const file = new URL("../../examples/existing-cluster/Pulumi.onprem.yaml", import.meta.url);
    const { config } = parse(readFileSync(file, "utf8")) as { config: Tree };
    config["fleet:kubeconfig"] = JSON.stringify({
        "current-context": "c",
        clusters: [{ name: "c", cluster: { server: "https://k.example.com", "certificate-authority-data": "Q0E=" } }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        users: [{ name: "u", user: { token: canary } }],
    });
    return config;
}

async function run(stack: string, config: Tree, preview: boolean): Promise<ProgramRun> {
    const { outputs } = (await committedStacks()).hub;
    return runProgram(fleet, {
        stack,
        config: Object.fromEntries(
            Object.entries(config).map(([key, value]) => [
                key,
                typeof value === "string" ? value : JSON.stringify(value),
            ]),
        ),
        secretKeys: ["fleet:argocd", "fleet:kubeconfig"],
        answers: plannedAnswers(
            { accountId: "111111111111", region: "eu-west-1" },
            { "organization/fleet/hub": outputs },
        ),
        preview,
    });
}

describe("plan: secrets of the configuration", function () {
    this.timeout(60_000);
    for (const preview of [false, true]) {
        for (const [stack, make] of [
            ["hub", hub],
            ["onprem", existing],
        ] as const) {
            it(`${stack}: are encrypted wherever they go, in ${preview ? "a first preview" : "an up"}`, async () => {
                const { resources, outputs } = await run(stack, await make(), preview);
                let holders = 0;
                for (const { name, inputs, secretInputs } of resources) {
                    for (const [key, value] of Object.entries(inputs)) {
                        if ((JSON.stringify(value) ?? "").includes(canary)) {
                            holders++;
                            assert.ok(secretInputs.includes(key), `${name}.${key} holds a secret in plain text`);
                        }
                    }
                    assert.ok(!name.includes(canary));
                }
                assert.ok(holders > 0, "no resource takes the secrets: the test tests nothing");
                assert.ok(!JSON.stringify(outputs).includes(canary));
            });
        }
    }

    it("appear in no refusal, whatever is wrong beside or in them", async () => {
        const dice = new Dice(20);
        let refusals = 0;
        for (const config of [await hub(), existing()]) {
            const raw = Object.fromEntries(
                Object.entries(config).map(([key, value]) => [key.slice(6), value as unknown]),
            );
            const secretKeys = new Set(["argocd", "kubeconfig"]);
            for (const changed of dice.times(700, 700, () => mutate(raw, [raw], dice))) {
                const { argocd: _, kubeconfig: __, ...plain } = changed;
                if (JSON.stringify(plain).includes(canary)) {
                    // Moved to a key that is not encrypted: no program can know that it is a secret.
                    continue;
                }
                try {
                    loadConfig("hub", changed, undefined, secretKeys);
                } catch (error) {
                    refusals++;
                    assert.ok(!messageOf(error).includes(canary), messageOf(error));
                }
            }
        }
        assert.ok(refusals > 500, `${refusals} refusals`);
    });
});
