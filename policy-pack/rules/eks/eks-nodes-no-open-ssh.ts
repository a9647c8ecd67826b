import { eksGuide } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { nodeGroup } from "../../rule/tokens.ts";
import { list, map } from "../../rule/values.ts";

/** SSH to nodes is off, or open to a security group. */
export const eksNodesNoOpenSsh = resourceRule(
    {
        name: "eks-nodes-no-open-ssh",
        description: "Leave remoteAccess out, or name the security groups SSH may come from.",
        severity: "high",
        framework: eksGuide("protecting-the-infrastructure", "Minimize access to worker nodes"),
        why: "With a key and no security group EKS opens port 22 of every node to 0.0.0.0/0.",
        remediationSteps: "Remove remoteAccess and use Session Manager, or set remoteAccess.sourceSecurityGroupIds.",
        bad: { type: nodeGroup, props: { remoteAccess: { ec2SshKey: "key" } } },
        good: { type: nodeGroup, props: { remoteAccess: { ec2SshKey: "key", sourceSecurityGroupIds: ["sg-1"] } } },
    },
    [nodeGroup],
    ({ props, fail }) => {
        const access: unknown = props["remoteAccess"];
        if (access !== undefined && access !== null && list(map(access)["sourceSecurityGroupIds"]).length === 0) {
            fail("SSH to the nodes is open to everybody. Fix: remove remoteAccess, or set its sourceSecurityGroupIds.");
        }
    },
);
