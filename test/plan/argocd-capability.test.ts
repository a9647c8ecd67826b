import assert from "node:assert/strict";

import { capabilityTrust } from "../../components/argocd/capability.ts";
import { hubOutputsSchema, spokeOutputsSchema } from "../../contract/stack-outputs.ts";
import type { ProgramRun } from "../../sandbox/plan/program.ts";
import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";
import { difference, hubWith, inputsOf } from "./argocd-hub.ts";
import { changedConfig, committedStacks } from "./stacks.ts";

const clusterArn = (account: string, name: string) => `arn:aws:eks:eu-west-1:${account}:cluster/${name}`;
const capabilityRole = "arn:aws:iam::111111111111:role/fleet/hub-01-eks-argocd";

const capability = {
    install: "capability",
    capability: {
        identityCenterArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        roles: { ADMIN: [{ type: "SSO_GROUP", id: "g-1" }], VIEWER: [{ type: "SSO_USER", id: "u-1" }] },
        vpcEndpointIds: ["vpce-0a1b2c3d"],
    },
};

let managed: Promise<ProgramRun> | undefined;

/** The hub with the capability, run once. */
function managedHub(): Promise<ProgramRun> {
    managed ??= hubWith(capability);
    return managed;
}

function registrationOf(run: ProgramRun): any {
    const version = run.resources.find(({ type }) => type.endsWith(":SecretVersion"));
    return JSON.parse(String(version?.inputs.secretString));
}

describe("plan: a hub whose Argo CD is an EKS capability", function () {
    this.timeout(60_000);
    it("gets the capability instead of a release, its role instead of the pods'", async () => {
        const { hub } = await committedStacks();
        const pods = ["argocd-application-controller", "argocd-applicationset-controller", "argocd-server"];
        assert.deepEqual(difference(await managedHub(), hub), {
            more: [
                "aws:eks/accessPolicyAssociation:AccessPolicyAssociation hub-argocd-admin",
                "aws:eks/capability:Capability hub-argocd-capability",
                "aws:iam/role:Role hub-argocd-role",
                "fleet:argocd:ArgoCdCapability hub-argocd",
                "kubernetes:core/v1:Secret hub-argocd-hub-cluster",
            ],
            less: [
                ...pods.map(
                    (pod) => `aws:eks/podIdentityAssociation:PodIdentityAssociation hub-argocd-identity-pods-${pod}`,
                ),
                "aws:iam/role:Role hub-argocd-identity-pods-role",
                "aws:iam/rolePolicy:RolePolicy hub-argocd-identity-pods-permissions",
                "fleet:argocd:ArgoCd hub-argocd",
                "fleet:identity:HubArgocdIdentity hub-argocd-identity",
                "fleet:identity:PodIdentityRole hub-argocd-identity-pods",
                "kubernetes:core/v1:Secret hub-argocd-webhook",
                "kubernetes:helm.sh/v3:Release hub-argocd-release",
                "random:index/randomPassword:RandomPassword hub-argocd-webhook",
            ].toSorted(),
        });
    });

    it("tells AWS who signs in, and keeps everything when it goes", async () => {
        assert.deepEqual(inputsOf(await managedHub(), "hub-argocd-capability"), {
            clusterName: "hub-01",
            capabilityName: "argocd",
            type: "ARGOCD",
            roleArn: capabilityRole,
            deletePropagationPolicy: "RETAIN",
            configuration: {
                argoCd: {
                    namespace: "argocd",
                    awsIdc: {
                        idcInstanceArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
                        idcRegion: "eu-west-1",
                    },
                    rbacRoleMappings: [
                        { role: "ADMIN", identities: [{ type: "SSO_GROUP", id: "g-1" }] },
                        { role: "VIEWER", identities: [{ type: "SSO_USER", id: "u-1" }] },
                    ],
                    networkAccess: { vpceIds: ["vpce-0a1b2c3d"] },
                },
            },
        });
    });

    it("gives the role nothing in AWS, trusts only the service, and lets it in to the hub", async () => {
        const run = await managedHub();
        const role = inputsOf(run, "hub-argocd-role");
        assert.deepEqual(JSON.parse(role.assumeRolePolicy), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "EksCapabilities",
                    Effect: "Allow",
                    Principal: { Service: "capabilities.eks.amazonaws.com" },
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                },
            ],
        });
        assert.deepEqual(JSON.parse(role.assumeRolePolicy), capabilityTrust);
        assert.deepEqual([role.name, role.path, role.maxSessionDuration], ["hub-01-eks-argocd", "/fleet/", 3600]);
        const policies = run.resources.filter(
            ({ type, inputs }) => /rolePolicy/.test(type) && inputs.role === role.name,
        );
        assert.deepEqual(policies, []);
        assert.deepEqual(inputsOf(run, "hub-argocd-admin"), {
            clusterName: "hub-01",
            principalArn: capabilityRole,
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
        });
    });

    it("knows the hub by its ARN everywhere", async () => {
        const run = await managedHub();
        const hub = clusterArn("111111111111", "hub-01");
        assert.equal(inputsOf(run, "hub-argocd-hub-cluster").stringData.server, hub);
        const root = inputsOf(run, "hub-root-application").spec;
        assert.equal(root.destination.server, hub);
        assert.equal(root.source.helm.valuesObject.hubServer, hub);
        assert.equal(root.source.helm.valuesObject.argocdInstall, "capability");
        assert.deepEqual(inputsOf(run, "hub-root-project").spec.destinations, [{ server: hub, namespace: "argocd" }]);
        const { server, auth } = registrationOf(run);
        assert.deepEqual({ server, auth }, { server: hub, auth: { type: "accessEntry" } });
    });

    it("lets a spoke admit the capability's own role by an access entry alone", async () => {
        const { dev } = await committedStacks();
        const hub = await managedHub();
        assert.deepEqual(
            [hubOutputsSchema.parse(hub.outputs).argocdInstall, hub.outputs.argocdRoleArn],
            ["capability", capabilityRole],
        );
        const config = await changedConfig("dev", {
            "fleet:hub": { stack: "organization/fleet/hub", access: "capability" },
        });
        const spoke = await runStack("dev", config, { hubOutputs: hub.outputs });
        assert.deepEqual(difference(spoke, dev), {
            more: ["fleet:identity:CapabilityAccess spoke-hub-access"],
            less: ["aws:iam/role:Role spoke-hub-access-role", "fleet:identity:SpokeAccessRole spoke-hub-access"],
        });
        assert.equal(inputsOf(spoke, "spoke-hub-access-admin-entry").principalArn, capabilityRole);
        assert.equal(inputsOf(spoke, "spoke-hub-access-admin-policy").principalArn, capabilityRole);
        assert.equal(spokeOutputsSchema.parse(spoke.outputs).spokeRoleArn, capabilityRole);
        const { server, auth } = registrationOf(spoke);
        assert.deepEqual(
            { server, auth },
            { server: clusterArn("222222222222", "dev-01"), auth: { type: "accessEntry" } },
        );
    });

    it("E-REF-007: a spoke that expects another way in is refused", async () => {
        const hub = await managedHub();
        await assert.rejects(
            runStack("dev", await readStackFile("dev"), { hubOutputs: hub.outputs }),
            /E-REF-007 fleet:hub\.access: .* by capability \(got "role"; allowed: "capability"\)\. Fix: set it\./,
        );
        const { hub: helm } = await committedStacks();
        const config = await changedConfig("dev", {
            "fleet:hub": { stack: "organization/fleet/hub", access: "capability" },
        });
        await assert.rejects(
            runStack("dev", config, { hubOutputs: helm.outputs }),
            /E-REF-007 .* by helm \(got "capability"; allowed: "role"\)/,
        );
    });
});
