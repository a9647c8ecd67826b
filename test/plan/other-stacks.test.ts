import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";

import { ConfigError } from "../../config/problems.ts";
import { messageOf } from "../../sandbox/plan/error-message.ts";
import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";
import { committedStacks, stackNames, type StackName } from "./stacks.ts";

type Tree = { [key: string]: any };
type Changes = { [Name in StackName]?: (config: Tree) => void };

const repository = path.resolve(import.meta.dirname, "../..");

describe("plan: a stack beside the others", function () {
    this.timeout(60_000);
    let root: string;

    before(() => {
        root = mkdtempSync(path.join(tmpdir(), "fleet-stacks-"));
    });
    after(() => rmSync(root, { recursive: true }));

    /** Writes the four stacks, changed, and returns the problems of one of them. */
    async function problemsOf(stack: StackName, changes: Changes, folder = "."): Promise<string[]> {
        const file = (name: string) => path.join(root, folder, `Pulumi.${name}.yaml`);
        cpSync(path.join(repository, "Pulumi.yaml"), path.join(root, "Pulumi.yaml"));
        const configs: Tree = {};
        for (const name of stackNames) {
            configs[name] = structuredClone(await readStackFile(name)) as Tree;
            changes[name]?.(configs[name] as Tree);
            writeFileSync(file(name), stringify({ config: configs[name] }));
        }
        return problems(stack, configs[stack] as Tree);
    }

    async function problems(stack: string, config: Tree): Promise<string[]> {
        const { outputs: hubOutputs } = (await committedStacks()).hub;
        const failure: unknown = await runStack(stack, config, { root, hubOutputs }).then(
            () => undefined,
            (error: unknown) => error,
        );
        if (failure === undefined) {
            return [];
        }
        assert.ok(failure instanceof ConfigError, messageOf(failure));
        return failure.problems.map(({ code, key, text }) => `${code} ${key}: ${text}`);
    }

    it("finds nothing wrong with the committed four", async () => {
        for (const name of stackNames) {
            assert.deepEqual(await problemsOf(name, {}), [], name);
        }
    });

    const cases: [title: string, stack: StackName, changes: Changes, line: string][] = [
        [
            "E-NET-004: a VPC inside another stack's",
            "dev",
            { dev: (config) => (config["fleet:network"].cidr = "10.2.128.0/17") },
            "E-NET-004 fleet:network.cidr: 10.2.128.0/17 overlaps stack staging (10.2.0.0/16); routes between hub and " +
                "spokes need disjoint ranges. Fix: use another, for example 10.1.0.0/17.",
        ],
        [
            "E-NET-004: a VPC around two others",
            "dev",
            {
                staging: (config) => (config["fleet:network"].cidr = "10.1.0.0/17"),
                prod: (config) => (config["fleet:network"].cidr = "10.1.128.0/17"),
            },
            "E-NET-004 fleet:network.cidr: 10.1.0.0/16 overlaps stack prod (10.1.128.0/17), stack staging (10.1.0.0/17); " +
                "routes between hub and spokes need disjoint ranges. Fix: use another, for example 10.2.0.0/16.",
        ],
        [
            "E-NET-005: Services in another stack's VPC",
            "prod",
            { prod: (config) => (config["fleet:cluster"].serviceCidr = "10.2.64.0/20") },
            "E-NET-005 fleet:cluster.serviceCidr: 10.2.64.0/20 overlaps the VPC of stack staging (10.2.0.0/16), which " +
                "pods could not reach. Fix: choose disjoint ranges.",
        ],
        [
            "E-NAME-003: another stack's cluster name",
            "dev",
            { dev: (config) => (config["fleet:cluster"].name = "staging-01") },
            'E-NAME-003 fleet:cluster.name: "staging-01" is also the cluster of stack staging. ' +
                "Fix: give each its own name.",
        ],
        [
            "E-NAME-004: another stack's cluster name but for an underscore and case",
            "dev",
            { staging: (config) => (config["fleet:cluster"].name = "Dev_01") },
            'E-NAME-004 fleet:cluster.name: "dev-01" and "Dev_01" of stack staging differ in case, hyphens or underscores ' +
                "only. Fix: choose names that people tell apart.",
        ],
        [
            "E-ACC-002: production in its hub's account",
            "prod",
            {
                hub: (config) => config["fleet:spokeAccounts"].push("111111111111"),
                prod: (config) => (config["fleet:account"].id = "111111111111"),
            },
            'E-ACC-002 fleet:account.id: "111111111111" is also the account of stack hub: whoever administers production ' +
                "there administers the hub. Fix: use another account, or set fleet:sharedAccount to true.",
        ],
        [
            "E-ACC-004: an account that the hub does not list",
            "dev",
            { dev: (config) => (config["fleet:account"].id = "555555555555") },
            'E-ACC-004 fleet:account.id: "555555555555" is not among fleet:spokeAccounts of stack hub (222222222222, ' +
                "333333333333, 444444444444). Fix: add it to Pulumi.hub.yaml and run `pulumi up -s hub` first.",
        ],
        [
            "E-REF-006: a spoke as hub",
            "dev",
            { dev: (config) => (config["fleet:hub"].stack = "organization/fleet/prod") },
            "E-REF-006 fleet:hub.stack: stack prod is a spoke (hubs: hub). " +
                "Fix: name a hub, for example <organization>/fleet/hub.",
        ],
        [
            "E-REF-006: itself as hub",
            "dev",
            { dev: (config) => (config["fleet:hub"].stack = "organization/fleet/dev") },
            "E-REF-006 fleet:hub.stack: stack dev is a spoke (hubs: hub). " +
                "Fix: name a hub, for example <organization>/fleet/hub.",
        ],
    ];
    for (const [title, stack, changes, line] of cases) {
        it(title, async () => {
            assert.deepEqual(await problemsOf(stack, changes), [line]);
        });
    }

    it("reads the files of a project that keeps them in stackConfigDir", async () => {
        mkdirSync(path.join(root, "cfg"));
        const clash: Changes = { dev: (config) => (config["fleet:cluster"].name = "staging-01") };
        await problemsOf("dev", clash, "cfg");
        writeFileSync(
            path.join(root, "Pulumi.yaml"),
            stringify({ name: "fleet", runtime: "nodejs", stackConfigDir: "cfg" }),
        );
        for (const name of stackNames) {
            rmSync(path.join(root, `Pulumi.${name}.yaml`), { force: true });
        }
        const config = structuredClone(await readStackFile("dev")) as Tree;
        clash.dev?.(config);
        assert.match((await problems("dev", config)).join(), /^E-NAME-003/);
        rmSync(path.join(root, "cfg"), { recursive: true });
    });

    it("lets production share its hub's account when the file says so", async () => {
        const changes: Changes = {
            hub: (config) => config["fleet:spokeAccounts"].push("111111111111"),
            prod: (config) => {
                config["fleet:account"].id = "111111111111";
                config["fleet:sharedAccount"] = true;
            },
        };
        assert.deepEqual(await problemsOf("prod", changes), []);
    });

    it("lets development share its hub's account without asking", async () => {
        const changes: Changes = {
            hub: (config) => config["fleet:spokeAccounts"].push("111111111111"),
            dev: (config) => (config["fleet:account"].id = "111111111111"),
        };
        assert.deepEqual(await problemsOf("dev", changes), []);
    });

    it("knows nothing of a hub in another project", async () => {
        const changes: Changes = { dev: (config) => (config["fleet:hub"].stack = "organization/other/prod") };
        assert.deepEqual(await problemsOf("dev", changes), []);
    });

    it("is not held up by another stack's mistakes, and still compared with what is good there", async () => {
        const changes: Changes = {
            staging: (config) => {
                config["fleet:regoin"] = 7;
                config["fleet:account"] = null;
                config["fleet:network"].cidr = "10.1.0.0/16";
            },
            prod: (config) => (config["fleet:network"] = "none"),
        };
        assert.deepEqual(
            (await problemsOf("dev", changes)).map((line) => line.slice(0, 9)),
            ["E-NET-004"],
        );
    });

    it("passes over files that are no YAML, empty, or not a fleet's", async () => {
        await problemsOf("dev", {});
        writeFileSync(path.join(root, "Pulumi.staging.yaml"), "config:\n\t- [");
        writeFileSync(path.join(root, "Pulumi.prod.yaml"), "");
        writeFileSync(path.join(root, "Pulumi.ci.yaml"), "config: { aws:region: eu-west-1 }");
        const warnings: unknown[] = [];
        const { warn } = console;
        console.warn = (warning: unknown) => void warnings.push(warning);
        try {
            assert.deepEqual(await problems("dev", { ...(await readStackFile("dev")) }), []);
        } finally {
            console.warn = warn;
        }
        assert.match(
            warnings.join("\n"),
            /^warning: \[runtime\] Pulumi\.staging\.yaml cannot be read; this stack is not compared with it: Tabs are not allowed/,
        );
        rmSync(path.join(root, "Pulumi.ci.yaml"));
    });
});
