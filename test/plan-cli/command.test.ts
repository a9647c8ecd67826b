import assert from "node:assert/strict";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";

import { ConfigError } from "../../config/problems.ts";
import { makePlan, shown } from "../../sandbox/plan/command.ts";
import { planReportSchema } from "../../sandbox/plan/report.ts";
import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";

const repo = path.resolve(import.meta.dirname, "../..");
const style = { color: false, width: 80 };
const neverStarted = new Promise<never>(() => {});

function plan(args: string[]) {
    const command = ["--import", "tsx", path.join(repo, "sandbox/plan/main.ts"), ...args];
    return execa(process.execPath, command, { cwd: repo, reject: false, env: { FORCE_COLOR: undefined } });
}

describe("npm run plan", function () {
    this.timeout(60_000);

    it("prints JSON of the documented shape, and nothing else", async () => {
        const { stdout, stderr, exitCode } = await plan(["--json", "--stack", "dev"]);
        assert.equal(stderr, "");
        assert.equal(exitCode, 0);
        const report = planReportSchema.parse(JSON.parse(stdout));
        assert.deepEqual(
            report.stacks.map(({ name, role, clusterName }) => ({ name, role, clusterName })),
            [{ name: "dev", role: "spoke", clusterName: "dev-01" }],
        );
    });

    it("prints text of 80 columns without colours where there is no terminal", async () => {
        const { stdout, stderr, exitCode } = await plan([]);
        assert.equal(stderr, "");
        assert.equal(exitCode, 0);
        assert.equal(stripVTControlCharacters(stdout), stdout);
        assert.deepEqual(
            stdout.split("\n").filter((line) => line.length > 80 || line !== line.trimEnd()),
            [],
        );
        for (const text of ["hub  role hub, cluster hub-01", "├─ EksCluster", "known after deployment"]) {
            assert.ok(stdout.includes(text), text);
        }
    });

    it("names the stacks there are when asked for another", async () => {
        const { stdout, stderr, exitCode } = await plan(["--stack", "nowhere"]);
        assert.equal(exitCode, 1);
        assert.equal(stdout, "");
        assert.equal(stderr, "there is no Pulumi.nowhere.yaml; the stacks are hub, dev, staging, prod");
    });
});

describe("The plan of a wrong configuration", () => {
    const makeWith = async (wrong: Record<string, Record<string, unknown>>) => {
        const stacks = await Promise.all(
            ["hub", "dev", "prod"].map(async (name) => ({
                name,
                config: { ...(await readStackFile(name)), ...wrong[name] },
            })),
        );
        return makePlan(repo, stacks, neverStarted, undefined, () => {});
    };

    it("is the configuration's own message, of every stack that has one", async () => {
        const wrong = { dev: { "fleet:region": "moon-1" }, prod: { "fleet:ovner": "me" } };
        const report = await makeWith(wrong);
        assert.equal(planReportSchema.parse(report).ok, false);
        assert.deepEqual(report.stacks, []);
        const { output, errors } = shown(report, style);
        assert.equal(output, "");
        const expected = [];
        for (const [name, change] of Object.entries(wrong)) {
            const error = await runStack(name, { ...(await readStackFile(name)), ...change }).catch((thrown) => thrown);
            assert.ok(error instanceof ConfigError);
            expected.push(error.message);
        }
        assert.equal(errors, `${expected.join("\n\n")}\n`);
    });

    it("does not blame spokes for the outputs that a failed hub did not give", async () => {
        const report = await makeWith({ hub: { "fleet:role": "hub", "fleet:region": "moon-1" } });
        assert.deepEqual(
            report.errors.map(({ stack }) => stack),
            ["hub"],
        );
    });

    it("names a hub that is not among the stacks", async () => {
        const report = await makeWith({ dev: { "fleet:hub": { stack: "organization/fleet/elsewhere" } } });
        assert.deepEqual(report.errors, [
            {
                stack: "dev",
                message:
                    "Pulumi.dev.yaml names organization/fleet/elsewhere as its hub, which is not among these stacks. " +
                    "Fix: set fleet:hub.stack to a hub's (there are: organization/fleet/hub).",
            },
        ]);
    });
});
