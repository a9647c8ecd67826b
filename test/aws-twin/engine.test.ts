import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { providerRoute } from "../../sandbox/aws-twin/routes.ts";
import { Twin } from "../../sandbox/aws-twin/twin.ts";
import { createRouter } from "../../sandbox/daemon/router.ts";
import { Engine, ENGINE_SETUP_TIMEOUT_MS, type Project } from "../engine/support/engine.ts";
import { FakeClusters } from "./support/fake-clusters.ts";
import { DEV, HUB } from "./support/world.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const TOKEN = "the-daemon's-token";

/** The components of a stack, without those that need a Kubernetes or Vault provider. */
const COMPONENTS = `
        import { Network } from "${REPOSITORY}/components/network/network.ts";
        import { EksCluster } from "${REPOSITORY}/components/cluster/eks-cluster.ts";
        import { HubArgocdIdentity } from "${REPOSITORY}/components/identity/hub-argocd-identity.ts";
        import { HubExternalSecretsIdentity } from "${REPOSITORY}/components/identity/hub-external-secrets-identity.ts";
        import { SpokeAccessRole } from "${REPOSITORY}/components/identity/spoke-access-role.ts";
        import { RegistrationSecret } from "${REPOSITORY}/components/registration/registration-secret.ts";
`;

/** Text of a program with an aws provider for one account, and the names that `body` uses. */
function program(account: string, body: string, imports = ""): string {
    return `
        import * as aws from "@pulumi/aws";
        ${imports}
        const provider = new aws.Provider("p", {
            region: "eu-west-1",
            allowedAccountIds: ["${account}"],
            assumeRoles: [{ roleArn: "arn:aws:iam::${account}:role/fleet-deployer" }],
            defaultTags: { tags: { fleet: "hub-01" } },
        });
        ${body}`;
}

/** A cluster's stack without what is inside the cluster. */
function stack(account: string, cluster: string, second: number, rest: string): string {
    return program(
        account,
        `
        const here = { clusterName: "${cluster}", accountId: "${account}", region: "eu-west-1" };
        const deployRoleArn = "arn:aws:iam::${account}:role/fleet-deployer";
        const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
        const network = new Network("net", { ...here, cidr: "10.${second}.0.0/16", availabilityZones: zones, nat: "single" }, { provider });
        const cluster = new EksCluster("eks", {
            ...here, deployRoleArn, kubernetesVersion: "1.35", serviceCidr: "172.20.0.0/16",
            subnetIds: network.privateSubnetIds,
            endpoint: { public: true, publicCidrs: ["203.0.113.0/24"] },
            compute: { nodeGroups: { system: {
                instanceTypes: ["r7g.large"], amiType: "AL2023_ARM_64_STANDARD", capacityType: "ON_DEMAND",
                diskSizeGiB: 50, minSize: 1, desiredSize: 2, maxSize: 4, labels: {}, taints: [],
            } } },
            access: [], addons: {}, logRetentionDays: 90, supportType: "STANDARD",
            deletionProtection: false, protect: false,
        }, { provider, dependsOn: [network] });
        const onCluster = { provider, dependsOn: [cluster.controlPlane] };
        const registration = {
            ...here, environment: "test", kubernetesVersion: "1.35", vpcId: network.vpcId,
            git: { url: "https://example.com/x.git", revision: "main", path: "gitops" } as any,
            server: cluster.endpoint, caData: cluster.caData, capabilities: { vault: "false" } as any,
            hubClusterName: "hub-01", deployRoleArn, protect: false,
            hubExternalSecretsRoleArn: "arn:aws:iam::${HUB}:role/fleet/hub-01-external-secrets",
        };
        ${rest}`,
        COMPONENTS,
    );
}

const HUB_PROGRAM = stack(
    HUB,
    "hub-01",
    0,
    `
    const trust = { ...here, spokeAccountIds: ["${DEV}"] };
    new HubArgocdIdentity("argocd", trust, onCluster);
    const secrets = new HubExternalSecretsIdentity("secrets", trust, onCluster);
    new RegistrationSecret("registration", { ...registration, auth: { type: "inCluster" } }, { provider, dependsOn: [secrets] });`,
);

const DEV_PROGRAM = stack(
    DEV,
    "dev-01",
    1,
    `
    const access = new SpokeAccessRole("access", {
        clusterName: "dev-01", accountId: "${DEV}",
        hubArgocdRoleArn: "arn:aws:iam::${HUB}:role/fleet/hub-01-argocd",
        hubClusterArn: "arn:aws:eks:eu-west-1:${HUB}:cluster/hub-01",
    }, onCluster);
    const auth = access.roleArn.apply((roleArn) => ({ type: "aws" as const, clusterName: "dev-01", roleArn }));
    new RegistrationSecret("registration", { ...registration, auth }, { provider, dependsOn: [access] });`,
);

describe("The AWS twin behind the real engine", function () {
    this.timeout(300_000);
    const folder = mkdtempSync(path.join(tmpdir(), "fleet-twin-"));
    const clusters = new FakeClusters();
    let twin: Twin;
    let server: Server;
    let engine: Engine;
    let hub: Project;
    let dev: Project;

    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        twin = new Twin({ stateFile: path.join(folder, "twin.json"), clusters, clock: () => new Date() });
        server = createRouter([{ prefix: "/provider/aws", private: true, handler: providerRoute(twin) }], TOKEN);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        writeFileSync(path.join(folder, "daemon.json"), JSON.stringify({ port, token: TOKEN }));
        process.env["FLEET_SANDBOX_DIR"] = folder;
        engine = await Engine.start();
        hub = await engine.project(HUB_PROGRAM, "typescript");
        dev = await engine.project(DEV_PROGRAM, "typescript");
    });
    after(async () => {
        delete process.env["FLEET_SANDBOX_DIR"];
        await engine.close();
        server.closeAllConnections();
        server.close();
        rmSync(folder, { recursive: true });
    });

    async function run(project: Project, ...args: string[]): Promise<string> {
        const { ok, output } = await project.run(...args);
        assert.equal(ok, true, output);
        return output;
    }

    it("previews a stack without touching the state", async () => {
        const before = twin.hash();
        await run(hub, "preview", "--stack=dev");
        assert.equal(twin.hash(), before);
        assert.deepEqual(twin.inventory(), []);
    });

    it("creates a hub and a spoke that trusts it", async () => {
        await run(hub, "up", "--stack=dev", "--yes", "--skip-preview");
        await run(dev, "up", "--stack=dev", "--yes", "--skip-preview");
        assert.deepEqual(new Set(clusters.running.keys()), new Set([`${HUB}.hub-01`, `${DEV}.dev-01`]));
        const role = twin.role(`arn:aws:iam::${DEV}:role/fleet/dev-01-argocd-spoke`);
        const argocd = `arn:aws:iam::${HUB}:role/fleet/hub-01-argocd`;
        assert.deepEqual(role?.trustPolicy.principalIds, { [argocd]: twin.role(argocd)?.uniqueId });
        assert.equal(twin.cluster(DEV, "eu-west-1", "dev-01")?.accessEntries.length, 2);
        assert.equal(twin.secrets(DEV, "eu-west-1")[0]?.versions.length, 1);
    });

    it("finds nothing to change in a second run, nor after a refresh", async () => {
        const before = twin.hash();
        await run(hub, "up", "--stack=dev", "--yes", "--expect-no-changes");
        await run(hub, "refresh", "--stack=dev", "--yes", "--expect-no-changes");
        await run(dev, "preview", "--stack=dev", "--refresh", "--expect-no-changes");
        assert.equal(twin.hash(), before);
    });

    it("imports what exists by the ids of the real provider", async () => {
        const type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
        const [attachment] = (await hub.resources()).filter((resource) => resource.type === type);
        const project = await engine.project(
            program(
                HUB,
                `new aws.iam.RolePolicyAttachment("again", {
                    role: "${String(attachment?.inputs?.["role"])}", policyArn: "${String(attachment?.inputs?.["policyArn"])}",
                }, { provider, import: "${attachment?.id}", retainOnDelete: true });`,
            ),
        );
        assert.match(await run(project, "up", "--stack=dev", "--yes"), /1 imported/);
    });

    it("says what it does not know, and where the daemon should be", async () => {
        const bucket = await engine.project(program(HUB, `new aws.s3.Bucket("b", {}, { provider });`));
        assert.match(
            (await bucket.preview()).output,
            /does not know the resource type aws:s3\/bucket:Bucket; it knows/,
        );
        const account = await engine.project(
            program(HUB, `new aws.ec2.Eip("e", {}, { provider });`).replace(
                `[{ roleArn: "arn:aws:iam::${HUB}`,
                `[{ roleArn: "arn:aws:iam::${DEV}`,
            ),
        );
        assert.match((await account.preview()).output, new RegExp(`AWS account ID not allowed: ${DEV}`));
        process.env["FLEET_SANDBOX_DIR"] = path.join(folder, "elsewhere");
        const { ok, output } = await hub.preview();
        process.env["FLEET_SANDBOX_DIR"] = folder;
        assert.equal(ok, false);
        assert.match(output, /no sandbox runs in .*elsewhere/);
    });

    it("leaves nothing behind when the creation of a cluster is interrupted", async () => {
        clusters.gate = new Promise(() => {});
        const project = await engine.project(
            HUB_PROGRAM.replaceAll("hub-01", "hub-02").replace("10.0.0.0/16", "10.9.0.0/16"),
            "typescript",
        );
        const running = project.spawn("up", "--stack=dev", "--yes", "--skip-preview");
        while (!twin.inventory().some(({ status }) => status === "CREATING")) {
            const ended = await Promise.race([running.outcome, setTimeout(50)]);
            assert.equal(ended, undefined, "pulumi ended before it created the cluster");
        }
        running.kill("SIGINT");
        await running.outcome;
        clusters.gate = undefined;
        assert.equal(twin.cluster(HUB, "eu-west-1", "hub-02"), undefined);
        assert.equal(clusters.running.has(`${HUB}.hub-02`), false);
        await run(project, "up", "--stack=dev", "--yes", "--skip-preview");
        await run(project, "destroy", "--stack=dev", "--yes", "--skip-preview");
    });

    it("destroys everything, and deletion windows hold what AWS would hold", async () => {
        await run(dev, "destroy", "--stack=dev", "--yes", "--skip-preview");
        await run(hub, "destroy", "--stack=dev", "--yes", "--skip-preview");
        assert.deepEqual([...clusters.running.keys()], []);
        const left = twin.inventory();
        assert.deepEqual(new Set(left.map(({ type }) => type.split(":").at(-1))), new Set(["Key", "Secret"]));
        assert.equal(
            left.every(({ status }) => status.startsWith("PENDING_DELETION until ")),
            true,
        );
        assert.equal(twin.advance(29).length, 0);
        assert.equal(twin.advance(1).length, left.length);
        assert.deepEqual(twin.inventory(), []);
    });
});
