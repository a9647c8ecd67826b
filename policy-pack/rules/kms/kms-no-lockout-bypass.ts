import { awsDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { key } from "../../rule/tokens.ts";
import { isOn } from "../../rule/values.ts";
import { keyPolicyTypes } from "../../iam/key-policy.ts";

/** AWS checks that somebody can still change the key's policy. */
export const kmsNoLockoutBypass = resourceRule(
    {
        name: "kms-no-lockout-bypass",
        description: "Leave AWS' check against locking yourself out of a key on.",
        severity: "high",
        framework: awsDocs("kms/API_PutKeyPolicy", "BypassPolicyLockoutSafetyCheck"),
        why: "A key whose policy nobody can change is lost, and with it everything it encrypts.",
        remediationSteps: "Remove bypassPolicyLockoutSafetyCheck.",
        bad: { type: key, props: { bypassPolicyLockoutSafetyCheck: true } },
        good: { type: key, props: {} },
    },
    keyPolicyTypes,
    ({ props, fail }) => {
        if (isOn(props["bypassPolicyLockoutSafetyCheck"])) {
            fail("its policy may lock everybody out. Fix: remove bypassPolicyLockoutSafetyCheck.");
        }
    },
);
