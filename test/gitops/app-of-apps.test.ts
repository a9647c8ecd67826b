import assert from "node:assert/strict";

import { git } from "./support/facts.ts";
import { at, helm, type KubernetesObject, only } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

describe("gitops/charts/app-of-apps", () => {
    needsTools();

    const context = {
        cluster: { name: "dev-01", environment: "dev", flags: { enable_shop: "true" } },
        group: "apps",
        project: "apps",
        repo: { url: git.url, revision: "main", path: "gitops" },
    };
    const shop = { namespace: "shop", path: "overlays/{environment}/shop" };

    async function component(settings: object): Promise<KubernetesObject> {
        const values = { ...context, components: { shop: { ...shop, ...settings } } };
        return only(await helm("charts/app-of-apps", { values }), "Application", "dev-01-shop");
    }

    it("takes a wave of 0 and a cascade as they are said", async () => {
        const application = await component({ wave: 0, cascade: true });
        assert.equal(application.metadata.annotations?.["argocd.argoproj.io/sync-wave"], "0");
        assert.deepEqual(application.metadata.finalizers, ["resources-finalizer.argocd.argoproj.io"]);
    });

    it("prefers what a component says to the defaults, a false and a 0 included", async () => {
        const componentDefaults = { wave: 5, cascade: true, namespaceLabels: { team: "shop", tier: "web" } };
        const own = { ...shop, wave: 0, cascade: false, namespaceLabels: { tier: "batch" } };
        const [application] = await helm("charts/app-of-apps", {
            values: { ...context, componentDefaults, components: { shop: own } },
        });
        assert.equal(application?.metadata.annotations?.["argocd.argoproj.io/sync-wave"], "0");
        assert.equal(application.metadata.finalizers, undefined);
        const labels = at(application, "spec.syncPolicy.managedNamespaceMetadata.labels");
        assert.equal(at(labels, "team"), "shop");
        assert.equal(at(labels, "tier"), "batch");
    });

    it("fills the environment into the path and prefers the component's own revision", async () => {
        const application = await component({ revision: "v2" });
        assert.equal(at(application, "spec.source.path"), "gitops/apps/overlays/dev/shop");
        assert.equal(at(application, "spec.source.targetRevision"), "v2");
    });

    it("renders nothing for a component whose flag is off", async () => {
        const cluster = { ...context.cluster, flags: { enable_shop: "false" } };
        assert.deepEqual(
            await helm("charts/app-of-apps", { values: { ...context, cluster, components: { shop } } }),
            [],
        );
    });

    const refused: [string, object, RegExp][] = [
        ["a component without its flag", { components: { cart: { ...shop } } }, /dev-01 has no label enable_cart/],
        ["a component called like a root", { components: { "apps-root": { ...shop } } }, /apps-root/],
        [
            "a component that names its own project",
            { components: { shop: { ...shop, project: "platform" } } },
            /project/,
        ],
        [
            "a path that leaves the repository's folder",
            { components: { shop: { ...shop, path: "a/../../b" } } },
            /path/,
        ],
        ["a flag that is no flag", { cluster: { ...context.cluster, flags: { enable_shop: "yes" } } }, /enable_shop/],
    ];
    for (const [title, values, message] of refused) {
        it(`refuses ${title}`, async () => {
            await assert.rejects(helm("charts/app-of-apps", { values: { ...context, ...values } }), message);
        });
    }
});
