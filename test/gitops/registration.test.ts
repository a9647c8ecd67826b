import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

import { awsFactNames, clusterFactsSchema, clusterLabelsSchema } from "../../contract/cluster-secret.ts";
import { fleetMemberSchema } from "../../contract/fleet-member.ts";
import {
    externalSecretsNamespace,
    externalSecretsServiceAccount,
    vaultAudience,
    vaultAuthPath,
    vaultRegistrationsPath,
    vaultRegistrationsRole,
} from "../../contract/names.ts";
import { registrationSchema } from "../../contract/registration-secret.ts";
import { outsideRegistrationOf, registrationOf } from "./support/facts.ts";
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

describe("gitops/charts/fleet: the Vault of clusters outside AWS", () => {
    needsTools();

    it("is a store for Argo CD's namespace that reads this hub's registrations as External Secrets itself", async () => {
        const store = only(await fleetChart("hub-02"), "ClusterSecretStore", "vault");
        assert.deepEqual(at(store, "spec"), {
            conditions: [{ namespaces: ["argocd"] }],
            provider: {
                vault: {
                    server: "https://vault.example.com",
                    path: vaultRegistrationsPath("hub-02"),
                    version: "v2",
                    auth: {
                        kubernetes: {
                            mountPath: vaultAuthPath("hub-02"),
                            role: vaultRegistrationsRole,
                            serviceAccountRef: {
                                name: externalSecretsServiceAccount,
                                namespace: externalSecretsNamespace,
                                audiences: [vaultAudience, "https://kubernetes.default.svc"],
                            },
                        },
                    },
                },
            },
        });
    });

    it("is nothing that anything waits for", async () => {
        const objects = await fleetChart("hub-01");
        const waves = objects.map(({ metadata }) =>
            Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0),
        );
        const { metadata } = only(objects, "ClusterSecretStore", "vault");
        assert.equal(Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"]), Math.max(...waves));
        assert.equal(waves.filter((wave) => wave === Math.max(...waves)).length, 1);
        assert.equal(metadata.annotations?.["argocd.argoproj.io/ignore-healthcheck"], "true");
    });

    it("is absent where the hub has no Vault", async () => {
        const stores = (await fleetChart("hub-01", { vaultAddress: "" })).filter(
            ({ kind }) => kind === "ClusterSecretStore",
        );
        assert.deepEqual(
            stores.map(({ metadata }) => metadata.name),
            ["aws"],
        );
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

    const onprem = devWith(
        { clusterName: "onprem-01", secretManagerSecretName: "vault:registrations-hub-01/onprem-01" },
        "onprem-01.yaml",
    );

    it("reads the registration of a cluster outside AWS from Vault, under the cluster's own name", async () => {
        fleetMemberSchema.parse(onprem.member);
        const secret = await externalSecret(onprem);
        assert.deepEqual(at(secret, "spec.secretStoreRef"), { kind: "ClusterSecretStore", name: "vault" });
        assert.equal(at<{ remoteRef: { key: string } }[]>(secret, "spec.data")[0]?.remoteRef.key, "onprem-01");
        const { clusterName } = dev.member;
        assert.equal(at(await externalSecret(dev), "spec.secretStoreRef.name"), "aws", clusterName);
    });

    it("makes a cluster secret with a token, and without the facts of AWS, for a cluster outside AWS", async () => {
        const registration = registrationSchema.parse(outsideRegistrationOf(onprem.member));
        const secret = await clusterSecret(onprem, registration);
        assert.equal(secret.server, "https://onprem-01.example.com:6443");
        assert.deepEqual(secret.metadata.annotations, registration.facts);
        assert.deepEqual(
            awsFactNames.filter((name) => name in secret.metadata.annotations),
            [],
        );
        assert.deepEqual(secret.config, {
            bearerToken: "t0ken",
            tlsClientConfig: { insecure: false, caData: "LS0tLS0=" },
        });
    });

    const outside = outsideRegistrationOf(onprem.member);
    const refusedOutside: [string, MemberFile, object, RegExp][] = [
        [
            "a token that is not in Vault",
            dev,
            { ...outside, name: "dev-01", facts: registrationOf(dev.member, dev.hub).facts },
            /type is "token", which does not go with the store aws/,
        ],
        [
            "a role that is in Vault",
            onprem,
            { ...outside, auth: registrationOf(dev.member, dev.hub).auth },
            /type is "aws", which does not go with the store vault/,
        ],
        [
            "another cluster's registration in Vault",
            onprem,
            { ...outside, name: "onprem-02" },
            /is that of cluster "onprem-02"/,
        ],
        [
            "a cluster outside AWS that claims to be the hub",
            onprem,
            { ...outside, server: "https://kubernetes.default.svc" },
            /only the hub \(hub-01\) is reached in-cluster/,
        ],
    ];
    for (const [title, member, registration, message] of refusedOutside) {
        it(`refuses ${title}`, async () => {
            await assert.rejects(clusterSecret(member, registration), message);
        });
    }

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
            "a path in Vault that is another cluster's",
            devWith({ secretManagerSecretName: "vault:registrations-hub-01/prod-01" }),
            /registration in Vault is "vault:registrations-hub-01\/prod-01", wanted vault:registrations-hub-01\/dev-01/,
        ],
        [
            "a path in Vault that leaves the mount",
            devWith({ secretManagerSecretName: "vault:registrations-hub-01/../dev-01" }),
            /secretManager/,
        ],
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
