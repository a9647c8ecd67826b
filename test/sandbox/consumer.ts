import assert from "node:assert/strict";
import { ConsumerProject } from "./support/consumer-project.ts";
import { measured } from "./support/figures.ts";
import type { Fleet } from "./support/fleet.ts";

const NAMESPACE = "storefront";
const DEPLOYER = "arn:aws:iam::222222222222:role/fleet-deployer";

interface Deployment {
    status: { readyReplicas?: number };
}

export function consumerTests(fleet: Fleet): void {
    describe("another team's program (examples/consumer)", () => {
        const project = new ConsumerProject(fleet);
        const namespaces = "/api/v1/namespaces";

        before(async () => {
            // What the platform team does for the team.
            await fleet.kube("dev-01").create(namespaces, {
                apiVersion: "v1",
                kind: "Namespace",
                metadata: { name: NAMESPACE },
            });
            await project.create(DEPLOYER);
            await project.choose("organization/fleet/dev");
        });
        after(async () => {
            await project.remove();
            const dev = fleet.kube("dev-01");
            const left = await dev.get<{ items: unknown[] }>(`/apis/apps/v1${path("deployments")}`);
            assert.deepEqual(left.items, []);
            await dev.delete(`${namespaces}/${NAMESPACE}`);
        });

        it("reads dev's outputs and deploys into it", async () => {
            await measured("pulumi up of another team's program", () =>
                project.pulumi("up", "--yes", "--skip-preview"),
            );
            const dev = fleet.kube("dev-01");
            const { data } = await dev.get<{ data: object }>(`/api/v1${path("configmaps")}/storefront`);
            assert.deepEqual(data, { cluster: "dev-01", environment: "dev" });
            const { status } = await dev.get<Deployment>(`/apis/apps/v1${path("deployments")}/storefront`);
            assert.equal(status.readyReplicas, 1);
            const outputs: unknown = JSON.parse(await project.pulumi("stack", "output", "--json"));
            assert.deepEqual(outputs, { cluster: "dev-01", deployment: "storefront" });
        });

        it("changes nothing the second time", async () => {
            await project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
        });

        it("is told which output of which stack is missing, and what to do", async () => {
            // A cluster outside AWS has no region.
            await project.choose("organization/fleet/onprem");
            const output = await project.failure("preview");
            assert.match(
                output,
                /E-REF-002 organization\/fleet\/onprem: the stack has no output (region|clusterArn)\. Fix: run `pulumi up -s onprem`/,
            );
            assert.doesNotMatch(output, /at .*\.ts:\d+/);
            await project.choose("organization/fleet/dev");
        });

        it("is told that a stack is not deployed", async () => {
            await project.choose("organization/fleet/nowhere");
            const output = await project.failure("preview");
            assert.match(output, /organization\/fleet\/nowhere/);
            await project.choose("organization/fleet/dev");
        });

        function path(resource: string): string {
            return `/namespaces/${NAMESPACE}/${resource}`;
        }
    });
}
