import assert from "node:assert/strict";
import path from "node:path";

import { Engine, ENGINE_SETUP_TIMEOUT_MS, type Project } from "./support/engine.ts";

const CONFIG = path.resolve(import.meta.dirname, "../../config");

/** A stack that only states its cluster's version, after the check that the fleet's program does first. */
const program = (kubernetesVersion: string) => `
    import * as pulumi from "@pulumi/pulumi";
    import { requireKubernetesMove } from "${CONFIG}/kubernetes-move.ts";
    import { readLastOutputs } from "${CONFIG}/last-outputs.ts";
    export default async function () {
        const cluster = { name: "dev-01", kubernetesVersion: "${kubernetesVersion}" };
        requireKubernetesMove(pulumi.getStack(), { cluster }, await readLastOutputs());
        return { clusterName: cluster.name, kubernetesVersion: cluster.kubernetesVersion };
    }
`;

describe("a stack's own last outputs, with the real engine", function () {
    this.timeout(300_000);
    let engine: Engine;
    let project: Project;

    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        engine = await Engine.start();
        project = await engine.project(program("1.35"), "typescript");
    });
    after(() => engine.close());

    it("are none before the first up, in a preview too", async () => {
        const preview = await project.preview();
        assert.ok(preview.ok, preview.output);
        const up = await project.up();
        assert.ok(up.ok, up.output);
    });

    it("refuse a downgrade and a skipped minor in preview and up, without a stack trace, and keep what they were", async () => {
        await project.write(program("1.34"));
        for (const { ok, output } of [await project.preview(), await project.up()]) {
            assert.equal(ok, false);
            assert.match(output, /E-K8S-003 fleet:cluster\.kubernetesVersion: 1\.35 → 1\.34: EKS cannot downgrade/);
            assert.doesNotMatch(output, /\bat \S+ \(|node_modules/);
        }
        await project.write(program("1.37"));
        assert.match((await project.preview()).output, /E-K8S-004 .* 1\.35 → 1\.37: one minor at a time/);
    });

    it("let the next minor pass, and leave nothing in the state but the engine's own provider", async () => {
        await project.write(program("1.36"));
        const up = await project.up();
        assert.ok(up.ok, up.output);
        const state = JSON.parse(await project.stateText()) as { deployment: { resources: { type: string }[] } };
        assert.deepEqual(
            state.deployment.resources.map(({ type }) => type),
            ["pulumi:pulumi:Stack", "pulumi:providers:pulumi"],
        );
    });
});
