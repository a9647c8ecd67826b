import assert from "node:assert/strict";

import { eksClusterArn, hubServer } from "../../contract/names.ts";
import { registrationSchema } from "../../contract/registration-secret.ts";
import { git, registrationOf, rootValues } from "./support/facts.ts";
import { clusterSecret, memberFiles, type MemberFile } from "./support/fleet.ts";
import { at, helm, type KubernetesObject } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

const arn = hubServer("capability", { region: "eu-west-1", accountId: "111111111111", clusterName: "hub-01" });
const local = "https://kubernetes.default.svc";

/** What a member's stack publishes when the hub's Argo CD is an EKS capability. */
function registration({ member, hub }: MemberFile, changes: object = {}) {
    const registered = registrationOf(member, hub);
    const { aws_region, aws_account_id, aws_cluster_name } = registered.facts as Record<string, string>;
    const server = eksClusterArn(aws_region ?? "", aws_account_id ?? "", aws_cluster_name ?? "");
    return registrationSchema.parse({ ...registered, server, auth: { type: "accessEntry" }, ...changes });
}

async function member(name: string): Promise<MemberFile> {
    const found = (await memberFiles()).find(({ member: { clusterName } }) => clusterName === name);
    assert.ok(found, name);
    return found;
}

/** Every server that objects name. */
function servers(objects: readonly KubernetesObject[]): string[] {
    return [...JSON.stringify(objects).matchAll(/"server":"([^"]*)"/g)].map(([, server]) => server ?? "");
}

describe("gitops: a hub whose Argo CD is an EKS capability", () => {
    needsTools();

    it("is known by its ARN to every Application of the bootstrap, and to no other name", async () => {
        const values = { ...rootValues, hubServer: arn, argocdInstall: "capability" };
        const found = servers(await helm("bootstrap", { valueFiles: ["bootstrap/hubs/hub-01.yaml"], values }));
        assert.ok(found.length >= 4);
        assert.deepEqual(new Set(found), new Set([arn]));
    });

    it("is known by its ARN to projects, roots and registrations", async () => {
        const projects = await helm("charts/projects", {
            valueFiles: ["projects/teams.yaml"],
            values: { repoURL: git.url, hubServer: arn },
        });
        assert.deepEqual(new Set(servers(projects)), new Set([arn, `!${arn}`]));
        const roots = await helm("charts/application-sets", {
            valueFiles: ["versions/apps.yaml"],
            values: { hub: "hub-01", hubServer: arn, group: "apps", project: "apps" },
        });
        assert.deepEqual(servers(roots), [arn]);
    });

    it("gets cluster secrets with the ARN of each cluster, and no way to sign in but its own", async () => {
        for (const name of ["hub-01", "dev-01"]) {
            const file = await member(name);
            const secret = await clusterSecret(file, registration(file));
            assert.equal(secret.name, name);
            assert.match(secret.server, new RegExp(`^arn:aws:eks:eu-west-1:[0-9]{12}:cluster/${name}$`));
            assert.deepEqual(secret.config, { tlsClientConfig: { insecure: false } });
        }
    });

    it("refuses a registration by access entry at any other address", async () => {
        const dev = await member("dev-01");
        for (const server of ["https://dev-01.example.com", local, arn]) {
            await assert.rejects(
                clusterSecret(dev, registration(dev, { server })),
                /registration of dev-01: server is .* the EKS capability knows clusters by their ARN/,
                server,
            );
        }
    });

    it("refuses a server that is neither the hub itself nor an ARN", async () => {
        await assert.rejects(
            helm("bootstrap", {
                valueFiles: ["bootstrap/hubs/hub-01.yaml"],
                values: { ...rootValues, hubServer: "https://other.example.com" },
            }),
            /hubServer/,
        );
    });
});

describe("gitops/bootstrap: where Argo CD finds its own chart", () => {
    needsTools();

    async function chartSource(values: object): Promise<Record<string, unknown>> {
        const objects = await helm("bootstrap", {
            valueFiles: ["bootstrap/hubs/hub-01.yaml"],
            values: { ...rootValues, ...values },
        });
        const application = objects.find(({ metadata }) => metadata.name === "argocd");
        const [source = {}] = at<Record<string, unknown>[]>(application, "spec.sources");
        const { helm: _, ...rest } = source;
        return rest;
    }

    it("an OCI mirror, named without its scheme as Argo CD wants it", async () => {
        assert.deepEqual(await chartSource({ chartMirror: "oci://registry.example.com/charts" }), {
            repoURL: "registry.example.com/charts",
            chart: "argo-cd",
            targetRevision: "10.9.0",
        });
    });

    it("a folder of the fleet's repository, for a network without any", async () => {
        assert.deepEqual(await chartSource({ charts: { "argo-cd": { path: "vendor/argo-cd" } } }), {
            repoURL: git.url,
            path: "vendor/argo-cd",
            targetRevision: git.revision,
        });
    });

    it("refuses a folder that leads out of the repository", async () => {
        for (const path of ["/vendor", "../vendor", "vendor/../../x"]) {
            await assert.rejects(chartSource({ charts: { "argo-cd": { path } } }), /path/, path);
        }
    });
});
