import assert from "node:assert/strict";

import { chartReaderPermissions, ChartReader } from "../../../components/registry/chart-reader.ts";
import {
    chartRepositoryPolicy,
    ChartRegistry,
    type ChartRegistryArgs,
    hubChartPermissions,
} from "../../../components/registry/chart-registry.ts";
import { runMocked } from "../../harness/pulumi.ts";

const args: ChartRegistryArgs = {
    accountId: "111111111111",
    region: "eu-west-1",
    clusterName: "hub-01",
    charts: ["fleet", "projects"],
    install: "helm",
    spokeAccountIds: ["222222222222", "333333333333"],
    protect: true,
};
const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const reader = "arn:aws:iam::111111111111:role/fleet/hub-01-external-secrets";
const spokeReaders = ["222222222222", "333333333333"].map((id) => `arn:aws:iam::${id}:role/fleet/*-external-secrets`);

const registry = () => runMocked(() => new ChartRegistry("charts", args).url);

describe("components/registry: ChartRegistry", () => {
    it("is a repository with two policies for each chart, and the hub's permission to pull", async () => {
        const run = await registry();
        assert.deepEqual(run.inventory(), [
            "aws:ecr/lifecyclePolicy:LifecyclePolicy charts-fleet-lifecycle",
            "aws:ecr/lifecyclePolicy:LifecyclePolicy charts-projects-lifecycle",
            "aws:ecr/repository:Repository charts-fleet",
            "aws:ecr/repository:Repository charts-projects",
            "aws:ecr/repositoryPolicy:RepositoryPolicy charts-fleet-readers",
            "aws:ecr/repositoryPolicy:RepositoryPolicy charts-projects-readers",
            "aws:iam/rolePolicy:RolePolicy charts-permissions",
            "fleet:registry:ChartRegistry charts",
        ]);
        assert.equal(run.value, "111111111111.dkr.ecr.eu-west-1.amazonaws.com/fleet/hub-01");
        const { inputs } = run.only("aws:iam/rolePolicy:RolePolicy");
        assert.deepEqual(
            [inputs.name, inputs.role, JSON.parse(String(inputs.policy))],
            ["chart-registry", "hub-01-external-secrets", hubChartPermissions(args)],
        );
    });

    it("keeps a version as it was pushed, scans it, encrypts it, and drops what has no tag after a week", async () => {
        const run = await registry();
        const repository = run.only("aws:ecr/repository:Repository", "charts-fleet");
        assert.deepEqual(repository.inputs, {
            name: "fleet/hub-01/fleet",
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "AES256" }],
        });
        assert.equal(repository.protect, true);
        const lifecycle = run.only("aws:ecr/lifecyclePolicy:LifecyclePolicy", "charts-fleet-lifecycle").inputs;
        assert.equal(lifecycle.repository, "fleet/hub-01/fleet");
        assert.deepEqual(JSON.parse(String(lifecycle.policy)), {
            rules: [
                {
                    rulePriority: 1,
                    description: "Expire what no version points to",
                    selection: {
                        tagStatus: "untagged",
                        countType: "sinceImagePushed",
                        countUnit: "days",
                        countNumber: 7,
                    },
                    action: { type: "expire" },
                },
            ],
        });
    });

    it("lets External Secrets of the hub and of spokes pull, and keeps everybody else's hands off the layers", async () => {
        const { inputs } = (await registry()).only(
            "aws:ecr/repositoryPolicy:RepositoryPolicy",
            "charts-projects-readers",
        );
        assert.equal(inputs.repository, "fleet/hub-01/projects");
        assert.deepEqual(JSON.parse(String(inputs.policy)), {
            Version: "2012-10-17",
            Statement: [
                { Sid: "Hub", Effect: "Allow", Principal: { AWS: reader }, Action: pull },
                {
                    Sid: "Spokes",
                    Effect: "Allow",
                    Principal: { AWS: ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:root"] },
                    Action: pull,
                    Condition: { ArnLike: { "aws:PrincipalArn": spokeReaders } },
                },
                {
                    Sid: "NobodyElse",
                    Effect: "Deny",
                    Principal: { AWS: "*" },
                    Action: ["ecr:GetDownloadUrlForLayer"],
                    Condition: { ArnNotLike: { "aws:PrincipalArn": [reader, ...spokeReaders] } },
                },
            ],
        });
    });

    it("names the capability's role where AWS runs Argo CD, the fleet's path, and no spoke where there is none", () => {
        const { Statement } = chartRepositoryPolicy({
            ...args,
            install: "capability",
            spokeAccountIds: [],
            iam: { path: "/p/" },
        });
        const role = "arn:aws:iam::111111111111:role/p/hub-01-eks-argocd";
        assert.deepEqual(
            Statement.map(({ Sid, Principal, Condition }) => [Sid, Principal, Condition]),
            [
                ["Hub", { AWS: role }, undefined],
                ["NobodyElse", { AWS: "*" }, { ArnNotLike: { "aws:PrincipalArn": [role] } }],
            ],
        );
    });

    it("gives the hub these permissions, on these repositories", () => {
        assert.deepEqual(hubChartPermissions(args).Statement, [
            { Sid: "SignIn", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
            {
                Sid: "PullCharts",
                Effect: "Allow",
                Action: pull,
                Resource: ["fleet", "projects"].map(
                    (chart) => `arn:aws:ecr:eu-west-1:111111111111:repository/fleet/hub-01/${chart}`,
                ),
            },
        ]);
    });
});

describe("components/registry: ChartReader", () => {
    const registryUrl = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/fleet/hub-01";

    it("adds to a spoke's External Secrets what it needs in its hub's registry", async () => {
        const run = await runMocked(() => void new ChartReader("reader", { clusterName: "dev-01", registryUrl }));
        assert.deepEqual(run.inventory(), [
            "aws:iam/rolePolicy:RolePolicy reader-permissions",
            "fleet:registry:ChartReader reader",
        ]);
        const { inputs } = run.only("aws:iam/rolePolicy:RolePolicy");
        assert.deepEqual([inputs.name, inputs.role], ["chart-registry", "dev-01-external-secrets"]);
        assert.deepEqual(JSON.parse(String(inputs.policy)), {
            Version: "2012-10-17",
            Statement: [
                { Sid: "SignIn", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
                {
                    Sid: "PullCharts",
                    Effect: "Allow",
                    Action: pull,
                    Resource: ["arn:aws:ecr:eu-west-1:111111111111:repository/fleet/hub-01/*"],
                },
            ],
        });
    });

    it("takes the URL of a registry only", () => {
        for (const url of ["", "ghcr.io/fleet/hub-01", `${registryUrl}/fleet`, `oci://${registryUrl}`]) {
            assert.throws(() => chartReaderPermissions(url), /is not a chart registry/, url);
        }
    });
});
