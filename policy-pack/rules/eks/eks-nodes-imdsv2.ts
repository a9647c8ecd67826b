import { eksGuide } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { launchTemplate } from "../../rule/tokens.ts";
import { map, number } from "../../rule/values.ts";

/** Pods cannot read the node's credentials. */
export const eksNodesImdsv2 = resourceRule(
    {
        name: "eks-nodes-imdsv2",
        description: "Require IMDSv2 with a hop limit of 1 on nodes.",
        severity: "high",
        framework: eksGuide("identity-and-access-management", "Restrict access to the instance profile"),
        why: "A pod that reaches the metadata service has the node's role: it can pull every image and move interfaces.",
        remediationSteps:
            'Set metadataOptions to {httpTokens: "required", httpPutResponseHopLimit: 1}. At level remediate the plan is corrected for you.',
        bad: { type: launchTemplate, props: { metadataOptions: { httpTokens: "optional" } } },
        good: {
            type: launchTemplate,
            props: { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 } },
        },
    },
    [launchTemplate],
    ({ props, fail }) => {
        const options = map(props["metadataOptions"]);
        if (options["httpEndpoint"] === "disabled") {
            return;
        }
        if (options["httpTokens"] !== "required") {
            fail('IMDSv1 answers. Fix: set metadataOptions.httpTokens to "required".');
        }
        if (number(options["httpPutResponseHopLimit"]) !== 1) {
            fail("pods reach the metadata service. Fix: set metadataOptions.httpPutResponseHopLimit to 1.");
        }
    },
    (props) => {
        const options = map(props["metadataOptions"]);
        const good = options["httpTokens"] === "required" && number(options["httpPutResponseHopLimit"]) === 1;
        if (good || options["httpEndpoint"] === "disabled") {
            return false;
        }
        props["metadataOptions"] = { ...options, httpTokens: "required", httpPutResponseHopLimit: 1 };
        return true;
    },
);
