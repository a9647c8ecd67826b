import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

import { clusterFactsSchema, clusterLabelsSchema } from "../../contract/cluster-secret.ts";
import { fleetMemberSchema } from "../../contract/fleet-member.ts";
import { registrationSchema } from "../../contract/registration-secret.ts";
import { registrationOf } from "./support/facts.ts";
import {
    clusterSecret,
    externalSecret,
    fleetChart,
    memberFiles,
    type MemberFile,
    registrationApplication,
    renderSource,
} from "./support/fleet.ts";
import { at, gitops, only, yamlFile } from "./support/render.ts";
import { needsTools } from "./support/tools.ts";

const dev: MemberFile = {
    hub: "hub-01",
    file: "dev-01.yaml",
    member: {
        tenant: "platform",
        clusterName: "dev-01",
        environment: "dev",
        secretManagerSecretName: "arn:aws:secretsmanager:eu-west-1:222222222222:secret:fleet/hub-01/dev-01",
        use_remote_argo: "false",
        enable_remote_resources: "false",
        enable_remote_addons: "false",
        use_external_secrets: "false",
        push_argo_secrets: "false",
        githubSecret: "false",
        githubSecretName: "",
        use_fleet_ack: "false",
        use_argocd_ingress: "false",
    },
};

function devWith(changes: Record<string, unknown>, file = dev.file): MemberFile {
    return { ...dev, file, member: { ...dev.member, ...changes } };
}

async function yamlNames(folder: string): Promise<string[]> {
    const here = path.join(gitops, folder);
    return existsSync(here) ? (await readdir(here)).map((file) => file.replace(/\.yaml$/, "")) : [];
}

describe("gitops/fleet", () => {
    needsTools();

    it("holds member files of the contract's shape, called after their cluster", async () => {
        const members = await memberFiles();
        assert.deepEqual(members.map(({ file }) => file).toSorted(), [
            "dev-01.yaml",
            "hub-01.yaml",
            "prod-01.yaml",
            "staging-01.yaml",
        ]);
        for (const { file, member } of members) {
            fleetMemberSchema.parse(member);
            assert.equal(file, `${member.clusterName}.yaml`);
        }
    });

    for (const tree of ["fleet", "apps"]) {
        it(`has every level that members of ${tree} stand on, and no file of a level that nobody stands on`, async () => {
            const members = (await memberFiles()).filter(
                ({ member }) => tree === "fleet" || member.environment !== "hub",
            );
            const tenants = new Set(members.map(({ member }) => member.tenant));
            for (const file of ["defaults.yaml", "tenants/defaults.yaml"]) {
                assert.ok(existsSync(path.join(gitops, tree, file)), `${tree}/${file}`);
            }
            assert.deepEqual(new Set(await yamlNames(`${tree}/tenants`)), new Set(["defaults", ...tenants]));
            for (const tenant of tenants) {
                const own = members.filter(({ member }) => member.tenant === tenant).map(({ member }) => member);
                assert.ok(existsSync(path.join(gitops, tree, "tenants", tenant, "defaults.yaml")));
                assert.deepEqual(
                    new Set(await yamlNames(`${tree}/tenants/${tenant}/environments`)),
                    new Set(own.map(({ environment }) => environment)),
                );
                for (const cluster of await yamlNames(`${tree}/tenants/${tenant}/clusters`)) {
                    assert.ok(
                        own.some(({ clusterName }) => clusterName === cluster),
                        `${tenant}/clusters/${cluster}`,
                    );
                }
            }
        });
    }

    it("gives each cluster labels of the contract, whose releases exist", async () => {
        for (const member of await memberFiles()) {
            const secret = await externalSecret(member);
            const labels = clusterLabelsSchema.parse(at(secret, "spec.target.template.metadata.labels"));
            for (const [group, release] of Object.entries(labels).filter(([key]) => key.endsWith("Release"))) {
                const file = `versions/${group.replace("Release", "")}.yaml`;
                const known = existsSync(path.join(gitops, file))
                    ? Object.keys(at<object>(await yamlFile(file), "releases"))
                    : [];
                const ownGroup = group === "fleetRelease" ? ["default"] : [];
                assert.ok(
                    ["none", ...ownGroup, ...known].includes(release ?? ""),
                    `${member.file}: ${group} ${release}`,
                );
            }
        }
    });

    it("adopts a cluster of a new name by its member file alone", async () => {
        const quokka = devWith({ clusterName: "quokka-7" }, "quokka-7.yaml");
        const application = await registrationApplication(quokka);
        assert.equal(application.metadata.name, "quokka-7-registration");
        assert.equal(at(application, "spec.project"), "platform");
        const [secret, ...rest] = await renderSource(application);
        assert.deepEqual(rest, []);
        assert.equal(secret?.metadata.name, "quokka-7");
        assert.equal(at(secret, "spec.target.name"), "quokka-7");
    });

    it("lets only Argo CD's namespace use the secret store, which has no credentials", async () => {
        const store = at<object>(only(await fleetChart("hub-01"), "ClusterSecretStore", "aws"), "spec");
        assert.deepEqual(store, {
            conditions: [{ namespaces: ["argocd"] }],
            provider: { aws: { service: "SecretsManager", region: "eu-west-1" } },
        });
    });
});

describe("gitops/charts/cluster-registration", () => {
    needsTools();

    it("keeps the cluster secret when the ExternalSecret or the registration goes", async () => {
        const secret = await externalSecret(dev);
        assert.equal(at(secret, "spec.target.creationPolicy"), "Orphan");
        assert.equal(at(secret, "spec.target.deletionPolicy"), "Retain");
    });

    it("turns every fact of the contract into an annotation, and nothing else", async () => {
        const annotations = at<object>(await externalSecret(dev), "spec.target.template.metadata.annotations");
        assert.deepEqual(Object.keys(annotations).toSorted(), Object.keys(clusterFactsSchema.shape).toSorted());
    });

    it("makes a spoke's cluster secret for sign-in by its IAM role", async () => {
        const registration = registrationSchema.parse(registrationOf(dev.member, dev.hub));
        const secret = await clusterSecret(dev, registration);
        assert.equal(secret.name, "dev-01");
        assert.equal(secret.server, "https://dev-01.example.com");
        assert.deepEqual(secret.metadata.annotations, registration.facts);
        assert.deepEqual(secret.config, {
            awsAuthConfig: {
                clusterName: "dev-01",
                roleARN: "arn:aws:iam::222222222222:role/fleet/dev-01-argocd-spoke",
            },
            tlsClientConfig: { insecure: false, caData: "LS0tLS0=" },
        });
    });

    it("makes the hub's own cluster secret without any sign-in", async () => {
        const hub = (await memberFiles()).find(({ member }) => member.clusterName === "hub-01");
        assert.ok(hub);
        const secret = await clusterSecret(hub, registrationOf(hub.member, hub.hub));
        assert.equal(secret.server, "https://kubernetes.default.svc");
        assert.deepEqual(secret.config, { tlsClientConfig: { insecure: false } });
    });

    it("makes a cluster secret with a token for a cluster outside AWS", async () => {
        const secret = await clusterSecret(dev, {
            ...registrationOf(dev.member, dev.hub),
            auth: { type: "token", token: "t0ken" },
        });
        assert.deepEqual(secret.config, {
            bearerToken: "t0ken",
            tlsClientConfig: { insecure: false, caData: "LS0tLS0=" },
        });
    });

    const good = registrationOf(dev.member, dev.hub);
    const refusedSecrets: [string, object, RegExp][] = [
        ["another contract version", { ...good, contract: "fleet.registration/v2" }, /wanted fleet.registration\/v1/],
        ["another cluster's secret", { ...good, name: "prod-01" }, /the secret is that of cluster "prod-01"/],
        [
            "an environment that differs from the stack's",
            { ...good, facts: { ...good.facts, environment: "prod" } },
            /its stack says environment "prod", its member file "dev"/,
        ],
        [
            "a secret that claims another account than the one it is in",
            { ...good, facts: { ...good.facts, aws_account_id: "444444444444" } },
            /is in account 222222222222 but claims account "444444444444"/,
        ],
        [
            "a role that is not the cluster's",
            {
                ...good,
                auth: {
                    type: "aws",
                    clusterName: "dev-01",
                    roleArn: "arn:aws:iam::222222222222:role/fleet/hub-01-argocd",
                },
            },
            /wanted arn:aws:iam::222222222222:role\/fleet\/dev-01-argocd-spoke/,
        ],
        [
            "a spoke that claims to be the hub",
            { ...good, server: "https://kubernetes.default.svc", auth: { type: "inCluster" } },
            /only the hub \(hub-01\) is reached in-cluster/,
        ],
        [
            "a spoke at its own address that signs in as the hub",
            { ...good, auth: { type: "inCluster" } },
            /only the hub/,
        ],
        [
            "an intention without the capability",
            { ...good, capabilities: { podinfo: "false" } },
            /enable_podinfo is "true", but its stack does not provide podinfo/,
        ],
    ];
    for (const [title, registration, message] of refusedSecrets) {
        it(`refuses ${title}`, async () => {
            await assert.rejects(clusterSecret(dev, registration), message);
        });
    }

    const refusedMembers: [string, MemberFile, RegExp][] = [
        ["a file that is not called after its cluster", { ...dev, file: "dev-02.yaml" }, /call the file dev-01.yaml/],
        ["a tenant called like a level", devWith({ tenant: "defaults" }), /tenant cannot be called defaults/],
        ["an unknown flag", devWith({ use_remote_argocd: "false" }), /use_remote_argocd/],
        ["a model that this tree does not deploy", devWith({ use_remote_argo: "true" }), /use_remote_argo/],
        ["a flag that is a boolean", devWith({ githubSecret: false }), /githubSecret/],
        [
            "a secret name with the pattern of an ARN gone wrong",
            devWith({ secretManagerSecretName: "arn:x" }),
            /secretManager/,
        ],
        ["a member without a tenant", devWith({ tenant: undefined }), /tenant/],
    ];
    for (const [title, member, message] of refusedMembers) {
        it(`refuses ${title}`, async () => {
            await assert.rejects(externalSecret(member), message);
        });
    }
});
