import assert from "node:assert/strict";

import { hubOutputsSchema } from "../../contract/stack-outputs.ts";
import type { ProgramRun } from "../../sandbox/plan/program.ts";
import { runStack } from "../../sandbox/plan/runner.ts";
import { decideAttempt, type Attempt } from "../iam/planned/attempt.ts";
import { allow, PlannedSource } from "../iam/planned/source.ts";
import { changedConfig, committedStacks } from "./stacks.ts";

let both: Promise<{ hub: ProgramRun; dev: ProgramRun }> | undefined;

/** A hub with a chart registry and a distributed spoke, planned once, at their first preview. */
function stacks(): Promise<{ hub: ProgramRun; dev: ProgramRun }> {
    both ??= planned();
    return both;
}

async function planned() {
    const hubConfig = await changedConfig("hub", { "fleet:chartRegistry": { charts: ["fleet", "projects"] } });
    const { outputs: hubOutputs } = await runStack("hub", hubConfig);
    const config = await changedConfig("dev", {
        "fleet:distributed": true,
        "fleet:addonRoles": { loadBalancerController: true, externalSecrets: { prefixes: ["argocd/dev-01/"] } },
    });
    return {
        hub: await runStack("hub", hubConfig, { preview: true }),
        dev: await runStack("dev", config, { hubOutputs, preview: true }),
    };
}

const names = ({ resources }: ProgramRun) => resources.map(({ name }) => name);
const repository = "arn:aws:ecr:eu-west-1:111111111111:repository/fleet/hub-01/fleet";
const download = "ecr:GetDownloadUrlForLayer";
const hubReader = "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets";
const spokeReader = "arn:aws:iam::222222222222:role/fleet/dev-01-external-secrets";

describe("plan: the chart registry", () => {
    it("is off unless asked for, and then adds to a hub exactly this", async () => {
        const { hub: without } = await committedStacks();
        const { hub } = await stacks();
        assert.deepEqual(
            names(hub)
                .filter((name) => !names(without).includes(name))
                .toSorted(),
            [
                "hub-chart-registry",
                "hub-chart-registry-fleet",
                "hub-chart-registry-fleet-lifecycle",
                "hub-chart-registry-fleet-readers",
                "hub-chart-registry-permissions",
                "hub-chart-registry-projects",
                "hub-chart-registry-projects-lifecycle",
                "hub-chart-registry-projects-readers",
                "hub-parameters-chartRegistryUrl",
            ],
        );
        assert.ok(!("chartRegistryUrl" in without.outputs));
        const url = hubOutputsSchema.shape.chartRegistryUrl.parse(hub.outputs.chartRegistryUrl);
        assert.equal(url, "111111111111.dkr.ecr.eu-west-1.amazonaws.com/fleet/hub-01");
    });

    it("gives a spoke a reader only when the spoke is distributed", async () => {
        const { hub, dev } = await stacks();
        assert.ok(names(dev).includes("spoke-chart-reader-permissions"));
        const central = await runStack("dev", await changedConfig("dev", {}), {
            hubOutputs: { ...(await committedStacks()).hub.outputs, chartRegistryUrl: hub.outputs.chartRegistryUrl },
        });
        assert.deepEqual(
            names(central).filter((name) => name.includes("chart")),
            [],
        );
    });

    it("lets the two readers pull, by the planned documents", async () => {
        const { hub, dev } = await stacks();
        const source = new PlannedSource([hub, dev]);
        for (const caller of [hubReader, spokeReader]) {
            for (const action of ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", download]) {
                assert.ok(
                    decideAttempt(source, { caller, action, resource: repository }).allowed,
                    `${caller} ${action}`,
                );
            }
            const token = { caller, action: "ecr:GetAuthorizationToken", resource: "*" };
            assert.ok(decideAttempt(source, token).allowed, caller);
        }
    });

    it("lets nobody else pull and no reader do more", async () => {
        const { hub, dev } = await stacks();
        const source = new PlannedSource([hub, dev]);
        const strangers = [
            "arn:aws:iam::222222222222:role/fleet/dev-01-load-balancer",
            "arn:aws:iam::222222222222:role/other/dev-01-external-secrets",
            "arn:aws:iam::999999999999:role/fleet/dev-01-external-secrets",
            "arn:aws:iam::111111111111:role/admin",
        ];
        // At worst their own account lets them do everything.
        for (const arn of strangers) source.addRole(arn, allow("*", "*"));
        const all = [
            ...strangers,
            "arn:aws:iam::111111111111:role/fleet/hub-01-argocd",
            "arn:aws:iam::111111111111:role/fleet-deployer",
            "arn:aws:iam::222222222222:role/fleet-deployer",
            "arn:aws:iam::222222222222:role/fleet/dev-01-argocd",
        ];
        const attempts: Attempt[] = [
            ...all.map((caller) => ({ caller, action: download, resource: repository })),
            // Who pushes in the hub's account needs manifests too; other accounts get none.
            ...all
                .filter((caller) => !caller.includes(":111111111111:"))
                .map((caller) => ({ caller, action: "ecr:BatchGetImage", resource: repository })),
            ...[hubReader, spokeReader].flatMap((caller) => [
                ...["ecr:PutImage", "ecr:BatchDeleteImage", "ecr:SetRepositoryPolicy"].map((action) => ({
                    caller,
                    action,
                    resource: repository,
                })),
                { caller, action: download, resource: repository.replace("hub-01/fleet", "hub-02/fleet") },
                { caller, action: download, resource: repository.replace("fleet/hub-01/fleet", "shop/app") },
            ]),
        ];
        for (const attempt of attempts) {
            assert.equal(decideAttempt(source, attempt).allowed, false, JSON.stringify(attempt));
        }
    });
});
