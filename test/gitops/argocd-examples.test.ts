import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

import { hardeningProblems } from "../../config/argocd-hardening.ts";
import { argocdValueFiles, mergedValues } from "../../config/argocd-values.ts";
import { at, gitops, helm, type KubernetesObject, only, repository } from "./support/render.ts";
import { mirror, needsTools } from "./support/tools.ts";

const examples = path.join(repository, "docs/argocd");
const names = readdirSync(examples).map((file) => path.basename(file, ".yaml"));

/** Value files of hub-01 and then examples, weakest first. */
function files(...more: string[]): string[] {
    return [...argocdValueFiles("hub-01").map((file) => path.join(gitops, file)), ...more.map(exampleFile)];
}

function exampleFile(name: string): string {
    return path.join(examples, `${name}.yaml`);
}

/** Codes of what a hub with these examples would be told. */
function codes(...more: string[]): string[] {
    const { values, problems } = mergedValues(
        files(...more).map((file) => ({ file, text: readFileSync(file, "utf8") })),
    );
    const around = { file: "values", environment: "hub", hasSsoClientSecret: true };
    return [...problems, ...hardeningProblems(values, around)].map(({ code }) => code);
}

describe("docs/argocd: values for a hub's file", () => {
    needsTools();
    const charts = mirror();

    function argocd(...more: string[]): Promise<KubernetesObject[]> {
        return helm(path.join(charts.folder(), "argo-cd-10.9.0.tgz"), {
            release: "argocd",
            valueFiles: files(...more),
        });
    }

    for (const name of names) {
        it(`${name}.yaml has only keys of the chart, and the page names it`, async () => {
            await argocd(name);
            assert.ok(readFileSync(path.join(repository, "docs/argocd.md"), "utf8").includes(`argocd/${name}.yaml`));
        });
    }

    it("expose nothing that nobody can sign in to", () => {
        assert.deepEqual(Object.fromEntries(names.map((name) => [name, codes(name)])), {
            gateway: ["E-ARG-007"],
            "load-balancer": ["E-ARG-007"],
            oidc: [],
            saml: [],
            shards: [],
            webhook: [],
        });
        for (const sso of ["oidc", "saml"]) {
            for (const exposure of ["gateway", "load-balancer"]) {
                assert.deepEqual(codes(sso, exposure, "webhook", "shards"), [], `${sso}, ${exposure}`);
            }
        }
    });

    it("by default make neither a load balancer nor a route, and no Dex", async () => {
        const objects = await argocd();
        assert.deepEqual(
            objects.filter(({ kind }) => /HTTPRoute|Ingress/.test(kind)),
            [],
        );
        assert.equal(at(only(objects, "Service", "argocd-server"), "spec.type"), "ClusterIP");
        assert.ok(!objects.some(({ metadata }) => metadata.name.includes("dex")));
    });

    it("put a load balancer inside the VPC, with TLS to the pods", async () => {
        const service = only(await argocd("oidc", "load-balancer"), "Service", "argocd-server");
        const annotation = (name: string) =>
            service.metadata.annotations?.[`service.beta.kubernetes.io/aws-load-balancer-${name}`];
        assert.equal(at(service, "spec.type"), "LoadBalancer");
        assert.equal(at(service, "spec.loadBalancerClass"), "service.k8s.aws/nlb");
        assert.deepEqual(at(service, "spec.loadBalancerSourceRanges"), ["10.0.0.0/8"]);
        assert.deepEqual(["scheme", "nlb-target-type", "ssl-ports", "backend-protocol"].map(annotation), [
            "internal",
            "ip",
            "https",
            "ssl",
        ]);
        assert.match(annotation("ssl-cert") ?? "", /^arn:aws:acm:/);
    });

    it("route an internal Gateway to the server's plain port", async () => {
        const route = only(await argocd("oidc", "gateway"), "HTTPRoute", "argocd-server");
        assert.deepEqual(at(route, "spec.parentRefs"), [
            { name: "internal", namespace: "gateway", sectionName: "https" },
        ]);
        assert.deepEqual(at(route, "spec.hostnames"), ["argocd.example.com"]);
        const [rule] = at<{ backendRefs: { name: string; port: number }[] }[]>(route, "spec.rules");
        assert.deepEqual(
            rule?.backendRefs.map(({ name, port }) => [name, port]),
            [["argocd-server", 80]],
        );
    });

    it("let a public Gateway post webhooks, to one exact path of two services, and nothing else", async () => {
        const routes = (await argocd("webhook")).filter(({ kind }) => kind === "HTTPRoute");
        assert.deepEqual(routes.map(({ metadata }) => metadata.name).toSorted(), [
            "argocd-applicationset-controller",
            "argocd-webhook",
        ]);
        for (const route of routes) {
            assert.equal(route.metadata.namespace, "argocd");
            const rules = at<{ matches: unknown[] }[]>(route, "spec.rules");
            assert.deepEqual(
                rules.flatMap(({ matches }) => matches),
                [{ path: { type: "Exact", value: "/api/webhook" }, method: "POST" }],
            );
        }
    });

    it("turn Dex on for SAML, with its NetworkPolicy, and tell the server where it is", async () => {
        const objects = await argocd("saml");
        only(objects, "Deployment", "argocd-dex-server");
        only(objects, "NetworkPolicy", "argocd-dex-server");
        const params = only(objects, "ConfigMap", "argocd-cmd-params-cm").data ?? {};
        assert.equal(params["server.dex.server"], "https://argocd-dex-server:5556");
    });

    it("keep a hub's clusters within its shards: twenty each, spread by consistent hashing", async () => {
        const objects = await argocd("shards");
        const [container] = at<{ env: { name: string; value?: string }[] }[]>(
            only(objects, "StatefulSet"),
            "spec.template.spec.containers",
        );
        assert.equal(at(only(objects, "StatefulSet"), "spec.replicas"), 2);
        assert.equal(container?.env.find(({ name }) => name === "ARGOCD_CONTROLLER_REPLICAS")?.value, "2");
        const params = only(objects, "ConfigMap", "argocd-cmd-params-cm").data ?? {};
        assert.equal(params["controller.sharding.algorithm"], "consistent-hashing");

        for (const hub of await readdir(path.join(gitops, "fleet/members"))) {
            const members = await readdir(path.join(gitops, "fleet/members", hub));
            const { values } = mergedValues(
                argocdValueFiles(hub).map((file) => ({ file, text: readFileSync(path.join(gitops, file), "utf8") })),
            );
            const shards = at<number>(values, "controller.replicas");
            assert.ok(shards * 20 >= members.length, `${hub}: ${members.length} clusters on ${shards} shards`);
        }
    });
});
