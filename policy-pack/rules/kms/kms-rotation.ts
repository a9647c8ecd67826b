import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { key } from "../../rule/tokens.ts";
import { isOn, text } from "../../rule/values.ts";

/** Keys are rotated every year. */
export const kmsRotation = resourceRule(
    {
        name: "kms-rotation",
        description: "Rotate KMS keys.",
        severity: "medium",
        framework: securityHub("KMS.4", "AWS KMS key rotation should be enabled"),
        why: "Rotation limits how much one key material protects, and costs nobody anything.",
        remediationSteps: "Set enableKeyRotation to true. At level remediate the plan is corrected for you.",
        bad: { type: key, props: { enableKeyRotation: false } },
        good: { type: key, props: { enableKeyRotation: true } },
    },
    [key],
    ({ props, fail, skip }) => {
        if (!rotatable(props)) {
            skip("is about symmetric keys");
        }
        if (!isOn(props["enableKeyRotation"])) {
            fail("its material never changes. Fix: set enableKeyRotation to true.");
        }
    },
    (props) => {
        if (!rotatable(props) || isOn(props["enableKeyRotation"])) {
            return false;
        }
        props["enableKeyRotation"] = true;
        return true;
    },
);

/** AWS rotates symmetric encryption keys only. */
function rotatable(props: Record<string, any>): boolean {
    const spec = text(props["customerMasterKeySpec"]);
    return spec === "" || spec === "SYMMETRIC_DEFAULT";
}
