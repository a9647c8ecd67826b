import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { launchTemplate } from "../../rule/tokens.ts";
import { isOn, list, map, text } from "../../rule/values.ts";

/** Disks of nodes are encrypted. */
export const eksNodesEbsEncrypted = resourceRule(
    {
        name: "eks-nodes-ebs-encrypted",
        description: "Encrypt every disk of a node.",
        severity: "high",
        framework: securityHub("EC2.3", "Attached EBS volumes should be encrypted at rest"),
        why: "Images, logs and the Secrets that pods mount are on these disks, and in every snapshot of them.",
        remediationSteps: 'Give every blockDeviceMappings entry ebs: {encrypted: "true"}.',
        bad: {
            type: launchTemplate,
            props: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 50 } }] },
        },
        good: {
            type: launchTemplate,
            props: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 50, encrypted: "true" } }] },
        },
    },
    [launchTemplate],
    ({ props, fail }) => {
        const mappings = list(props["blockDeviceMappings"]).map(map);
        if (mappings.length === 0) {
            fail("the image decides whether disks are encrypted. Fix: list its root disk in blockDeviceMappings.");
        }
        for (const mapping of mappings) {
            // A mapping without ebs is an instance store, which the hardware encrypts, or removes a disk.
            if (mapping["ebs"] !== undefined && !isOn(map(mapping["ebs"])["encrypted"])) {
                fail(`disk ${text(mapping["deviceName"])} is not encrypted. Fix: set its ebs.encrypted to "true".`);
            }
        }
    },
);
