import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { OutputParameters, parameterText } from "../../../components/parameters/output-parameters.ts";
import { runMocked } from "../../harness/pulumi.ts";

const outputs = { region: "eu-west-1", vpcId: pulumi.output("vpc-1"), natPublicIps: pulumi.output(["198.51.100.1"]) };

const parameters = (readerAccounts: string[]) =>
    runMocked(() => {
        new OutputParameters("p", { clusterName: "dev-01", outputs, readerAccounts });
    });

describe("components/parameters: OutputParameters", () => {
    it("are a standard parameter per output", async () => {
        const run = await parameters([]);
        assert.deepEqual(run.inventory(), [
            "aws:ssm/parameter:Parameter p-natPublicIps",
            "aws:ssm/parameter:Parameter p-region",
            "aws:ssm/parameter:Parameter p-vpcId",
            "fleet:parameters:OutputParameters p",
        ]);
        assert.deepEqual(run.only("aws:ssm/parameter:Parameter", "p-natPublicIps").inputs, {
            name: "/fleet/dev-01/natPublicIps",
            description: "Output natPublicIps of the stack of cluster dev-01",
            type: "String",
            tier: "Standard",
            value: '["198.51.100.1"]',
        });
    });

    it("are advanced and shared, each of them, with each reader's account once, inside the organization", async () => {
        const run = await parameters(["333333333333", "333333333333"]);
        assert.deepEqual(run.inventory(), [
            "aws:ram/principalAssociation:PrincipalAssociation p-reader-333333333333",
            "aws:ram/resourceAssociation:ResourceAssociation p-share-natPublicIps",
            "aws:ram/resourceAssociation:ResourceAssociation p-share-region",
            "aws:ram/resourceAssociation:ResourceAssociation p-share-vpcId",
            "aws:ram/resourceShare:ResourceShare p-share",
            "aws:ssm/parameter:Parameter p-natPublicIps",
            "aws:ssm/parameter:Parameter p-region",
            "aws:ssm/parameter:Parameter p-vpcId",
            "fleet:parameters:OutputParameters p",
        ]);
        const share = run.only("aws:ram/resourceShare:ResourceShare").inputs;
        assert.deepEqual(share, { name: "fleet-dev-01-outputs", allowExternalPrincipals: false });
        assert.equal(run.only("aws:ssm/parameter:Parameter", "p-region").inputs.tier, "Advanced");
        const { resourceArn } = run.only("aws:ram/resourceAssociation:ResourceAssociation", "p-share-region").inputs;
        assert.equal(resourceArn, "arn:aws:ssm:eu-west-1:222222222222:parameter/fleet/dev-01/region");
    });

    it("hold text as it is, and everything else as JSON", () => {
        assert.equal(parameterText("eu-west-1"), "eu-west-1");
        assert.equal(parameterText(""), '""');
        assert.equal(parameterText(1), "1");
        assert.equal(parameterText([]), "[]");
    });
});
