import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { at, gitops, kustomize, only } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

interface Container {
    image: string;
    readinessProbe?: object;
    livenessProbe?: object;
    resources: { requests: Record<string, string>; limits: Record<string, string> };
    securityContext: object;
}

const folder = (...parts: string[]) => path.join(gitops, "apps", ...parts);

describe("gitops/apps", () => {
    needsTools();

    const overlays = readdirSync(folder("overlays")).flatMap((environment) =>
        readdirSync(folder("overlays", environment)).map((app) => ({ environment, app })),
    );

    it("has an overlay of every app in every environment, and a component for every app", () => {
        const apps = readdirSync(folder("base"));
        assert.deepEqual(
            readdirSync(folder("components")),
            apps.map((app) => `${app}.yaml`),
        );
        assert.deepEqual(
            overlays,
            ["dev", "prod", "staging"].flatMap((environment) => apps.map((app) => ({ environment, app }))),
        );
    });

    it("runs another tag of podinfo in each environment", async () => {
        const tags = await Promise.all(
            ["dev", "staging", "prod"].map(async (environment) => {
                const deployment = only(await kustomize(`apps/overlays/${environment}/podinfo`), "Deployment");
                return at<Container[]>(deployment, "spec.template.spec.containers")[0]?.image;
            }),
        );
        assert.equal(new Set(tags).size, 3, tags.join(", "));
    });

    for (const { environment, app } of overlays) {
        it(`builds ${app} for ${environment}: pinned, restricted, probed, bounded and isolated`, async () => {
            const objects = await kustomize(`apps/overlays/${environment}/${app}`);
            assert.deepEqual(objects.map(({ kind }) => kind).toSorted(), [
                "Deployment",
                "NetworkPolicy",
                "PodDisruptionBudget",
                "Service",
                "ServiceAccount",
            ]);
            for (const { metadata } of objects) {
                assert.equal(metadata.name, app);
                assert.equal(metadata.namespace, app);
            }
            const deployment = only(objects, "Deployment");
            const pod = at<{ containers: Container[]; securityContext: object }>(deployment, "spec.template.spec");
            assert.equal(at(pod.securityContext, "runAsNonRoot"), true);
            assert.deepEqual(at(pod.securityContext, "seccompProfile"), { type: "RuntimeDefault" });
            for (const container of pod.containers) {
                assert.match(container.image, /:\d+\.\d+\.\d+$/);
                assert.ok(container.readinessProbe && container.livenessProbe);
                assert.deepEqual(Object.keys(container.resources.requests).toSorted(), ["cpu", "memory"]);
                assert.ok(container.resources.limits["memory"]);
                assert.deepEqual(container.securityContext, {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                });
            }
            const labels = at<object>(deployment, "spec.template.metadata.labels");
            const selected = at<object>(only(objects, "PodDisruptionBudget"), "spec.selector.matchLabels");
            for (const [key, value] of Object.entries(selected)) {
                assert.equal(Reflect.get(labels, key), value, "the PodDisruptionBudget selects the pods");
            }
        });
    }
});
