import { cisEks } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { addon } from "../../rule/tokens.ts";
import { fromJson, isOn, map } from "../../rule/values.ts";

/** NetworkPolicies are enforced. */
export const eksCniNetworkPolicy = resourceRule(
    {
        name: "eks-cni-network-policy",
        description: "Turn the enforcement of NetworkPolicies on in the VPC CNI.",
        severity: "high",
        framework: cisEks("4.3.1, 5.4.4", "Ensure CNI plugin supports network policies"),
        why: "Until it is on, every NetworkPolicy is decoration: any pod reaches Argo CD's Redis (CVE-2024-31989).",
        remediationSteps: `Set the vpc-cni add-on's configurationValues to {"enableNetworkPolicy": "true"}.`,
        bad: { type: addon, props: { addonName: "vpc-cni" } },
        good: { type: addon, props: { addonName: "vpc-cni", configurationValues: '{"enableNetworkPolicy":"true"}' } },
    },
    [addon],
    ({ props, fail, skip }) => {
        if (props["addonName"] !== "vpc-cni") {
            skip("is about the add-on vpc-cni");
        }
        if (!isOn(map(fromJson(props["configurationValues"]))["enableNetworkPolicy"])) {
            fail('NetworkPolicies are not enforced. Fix: set configurationValues.enableNetworkPolicy to "true".');
        }
    },
);
