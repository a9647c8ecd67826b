import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { FleetStack, readOutput } from "../../../contract/fleet-stack.ts";
import { runMocked } from "../../harness/pulumi.ts";

const hub = "organization/fleet/hub";
const plain = { version: 1, secret: false };

function message(read: () => unknown): string {
    try {
        read();
    } catch (error) {
        assert.ok(pulumi.RunError.isInstance(error), "shown without a stack trace");
        return error.message;
    }
    throw new Error("nothing was refused");
}

describe("contract/FleetStack", () => {
    it("E-REF-002: a missing output names output, stack and fix", () => {
        assert.equal(
            message(() => readOutput(hub, "argocdRoleArn", undefined, { version: undefined, secret: false })),
            "E-REF-002 organization/fleet/hub: the stack has no output argocdRoleArn. " +
                "Fix: run `pulumi up -s hub` with this version of the program first.",
        );
    });

    it("E-REF-003: an output of another shape shows what was given", () => {
        assert.equal(
            message(() => readOutput(hub, "argocdRoleArn", "argocd", plain)),
            'E-REF-003 organization/fleet/hub: output argocdRoleArn is not the ARN of an IAM role (got "argocd"). ' +
                "Fix: run `pulumi up -s hub` with this version of the program first.",
        );
    });

    it("E-REF-004: a secret output is refused and not shown", () => {
        const text = message(() => readOutput(hub, "clusterName", "canary", { version: 1, secret: true }));
        assert.match(text, /^E-REF-004 organization\/fleet\/hub: output clusterName is secret/);
        assert.doesNotMatch(text, /canary/);
    });

    it("E-REF-005: a newer contract comes before anything else", () => {
        assert.equal(
            message(() => readOutput(hub, "clusterName", undefined, { version: 3, secret: false })),
            "E-REF-005 organization/fleet/hub: its outputs follow contract v3, this program reads v1. " +
                "Fix: update this program.",
        );
    });

    it("hands over an output that is as agreed", async () => {
        const { value } = await runMocked(() => new FleetStack(hub).output("natPublicIps"), {
            references: { [hub]: { contractVersion: 1, natPublicIps: ["198.51.100.7"] } },
        });
        assert.deepEqual(value, ["198.51.100.7"]);
    });

    it("fails the program that reads a missing output", async () => {
        const run = runMocked(() => new FleetStack(hub).output("clusterArn"), {
            references: { [hub]: { contractVersion: 1 } },
        });
        await assert.rejects(run, /E-REF-002 organization\/fleet\/hub: the stack has no output clusterArn/);
    });
});
