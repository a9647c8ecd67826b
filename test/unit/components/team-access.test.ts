import assert from "node:assert/strict";

import type { ClusterAccess } from "../../../components/cluster/team-access.ts";
import { cluster, clusterType } from "./eks-fixture.ts";

const entryType = "aws:eks/accessEntry:AccessEntry";
const associationType = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const platform = "arn:aws:iam::222222222222:role/platform";
const developers =
    "arn:aws:iam::222222222222:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Dev_0123456789abcdef";

const standard = { clusterName: "dev-01", type: "STANDARD" };

const access: ClusterAccess[] = [
    { principalArn: platform, access: "admin" },
    { principalArn: developers, access: "view" },
    { principalArn: developers, access: "edit", namespaces: ["shop", "shop-jobs"] },
];

describe("components/cluster: access for teams", () => {
    it("makes an entry for each role and an association for each level", async () => {
        const { resources } = await cluster({ access });
        const made = resources.filter(({ parent }) => parent.endsWith("::eks-access"));
        assert.deepEqual(
            made
                .map(({ name, type, inputs }) => ({ name, kind: type, ...inputs }))
                .toSorted((a, b) => a.name.localeCompare(b.name)),
            [
                {
                    name: "eks-access-AWSReservedSSO_Dev_0123456789abcdef-edit",
                    kind: associationType,
                    clusterName: "dev-01",
                    principalArn: developers,
                    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
                    accessScope: { type: "namespace", namespaces: ["shop", "shop-jobs"] },
                },
                {
                    name: "eks-access-AWSReservedSSO_Dev_0123456789abcdef-entry",
                    kind: entryType,
                    principalArn: developers,
                    ...standard,
                },
                {
                    name: "eks-access-AWSReservedSSO_Dev_0123456789abcdef-view",
                    kind: associationType,
                    clusterName: "dev-01",
                    principalArn: developers,
                    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                    accessScope: { type: "cluster" },
                },
                {
                    name: "eks-access-platform-admin",
                    kind: associationType,
                    clusterName: "dev-01",
                    principalArn: platform,
                    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                    accessScope: { type: "cluster" },
                },
                { name: "eks-access-platform-entry", kind: entryType, principalArn: platform, ...standard },
            ],
        );
    });

    it("makes nobody an administrator of the cluster who administers namespaces", async () => {
        const run = await cluster({ access: [{ principalArn: platform, access: "admin", namespaces: ["shop"] }] });
        assert.deepEqual(run.only(associationType, "eks-access-platform-admin").inputs, {
            clusterName: "dev-01",
            principalArn: platform,
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy",
            accessScope: { type: "namespace", namespaces: ["shop"] },
        });
    });

    it("waits for the cluster, and associates after the entry", async () => {
        const run = await cluster({ access });
        const entry = run.only(entryType, "eks-access-platform-entry");
        assert.ok(entry.dependencies.includes(run.only(clusterType).urn));
        assert.ok(run.only(associationType, "eks-access-platform-admin").dependencies.includes(entry.urn));
    });

    it("is known at the first preview", async () => {
        const run = await cluster({ access }, true);
        const { inputs } = run.only(associationType, "eks-access-platform-admin");
        assert.deepEqual([inputs.principalArn, inputs.clusterName], [platform, "dev-01"]);
    });

    it("is nothing when nobody is named", async () => {
        const { resources } = await cluster();
        assert.deepEqual(
            resources.filter(({ type }) => type === "fleet:cluster:TeamAccess"),
            [],
        );
    });
});
