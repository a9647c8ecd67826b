import assert from "node:assert/strict";
import path from "node:path";

import { git, registrationOf, rootValues } from "./support/facts.ts";
import { CrdSchemas } from "./support/crd-schema.ts";
import {
    clusterSecret,
    externalSecret,
    fleetChart,
    groupApplicationSet,
    memberFiles,
    registrationApplication,
    renderSource,
    rootApplications,
} from "./support/fleet.ts";
import { helm, type KubernetesObject, yamlObjects } from "./support/render.ts";
import { assets, needsTools } from "./support/tools.ts";

describe("gitops: custom resource definitions of the pinned versions", () => {
    needsTools();

    let schemas: CrdSchemas;
    before(async function () {
        this.timeout(60_000);
        const argocd = path.join(await assets("argocd"), "manifests/crds");
        const secrets = path.join(await assets("external-secrets"), "config/crds/bases");
        schemas = await CrdSchemas.load([
            ...["application", "applicationset", "appproject"].map((kind) => path.join(argocd, `${kind}-crd.yaml`)),
            ...["clustersecretstores", "externalsecrets"].map((kind) =>
                path.join(secrets, `external-secrets.io_${kind}.yaml`),
            ),
        ]);
    });

    function assertValid(objects: readonly KubernetesObject[]): void {
        assert.notEqual(objects.length, 0);
        for (const object of objects) {
            assert.deepEqual(schemas.problems(object), [], `${object.kind} ${object.metadata.name}`);
        }
    }

    it("accept the root, the bootstrap, the projects and the ApplicationSets", async () => {
        assertValid(await yamlObjects("bootstrap/root-app.yaml"));
        assertValid(await helm("bootstrap", { valueFiles: ["bootstrap/hubs/hub-01.yaml"], values: rootValues }));
        assertValid(
            await helm("charts/projects", {
                valueFiles: ["projects/teams.yaml"],
                values: { repoURL: git.url, hubServer: rootValues.hubServer },
            }),
        );
        assertValid(await fleetChart("hub-01"));
        assertValid([await groupApplicationSet("apps", "hub-01")]);
    });

    it("accept what every member gets: its registration, its ExternalSecret, its root and its components", async function () {
        this.timeout(60_000);
        for (const file of await memberFiles()) {
            const roots = await rootApplications(
                "apps",
                file.hub,
                await clusterSecret(file, registrationOf(file.member, file.hub)),
            );
            const components = (await Promise.all(roots.map(renderSource))).flat();
            assertValid([await registrationApplication(file), await externalSecret(file), ...roots, ...components]);
        }
    });

    it("refuse a field that they do not know and a version that is no longer served", async () => {
        const [member] = await memberFiles();
        assert.ok(member);
        const secret = await externalSecret(member);
        assert.deepEqual(
            schemas.problems({ ...secret, spec: { ...(secret.spec as object), refreshIntervall: "1m" } }),
            [".spec: unknown field refreshIntervall"],
        );
        assert.throws(
            () => schemas.problems({ ...secret, apiVersion: "external-secrets.io/v1beta1" }),
            /no served definition of external-secrets.io\/v1beta1 ExternalSecret/,
        );
    });
});
