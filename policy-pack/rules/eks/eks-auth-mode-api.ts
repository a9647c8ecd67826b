import { cisEks } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { cluster } from "../../rule/tokens.ts";
import { map } from "../../rule/values.ts";

/** Who may do what in the cluster is said by access entries, and by them alone. */
export const eksAuthModeApi = resourceRule(
    {
        name: "eks-auth-mode-api",
        description: "Let access entries alone decide who enters the cluster.",
        severity: "high",
        framework: cisEks("4.1.7", "Avoid granting permissions outside of access entries"),
        why:
            "The aws-auth ConfigMap is a second door that no plan shows, and the creator of a cluster is its " +
            "administrator for ever unless told otherwise.",
        remediationSteps:
            'Set accessConfig to {authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false}.',
        bad: { type: cluster, props: { accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" } } },
        good: {
            type: cluster,
            props: { accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false } },
        },
    },
    [cluster],
    ({ props, fail }) => {
        const access = map(props["accessConfig"]);
        if (access["authenticationMode"] !== "API") {
            fail('the aws-auth ConfigMap lets people in too. Fix: set accessConfig.authenticationMode to "API".');
        }
        const creator: unknown = access["bootstrapClusterCreatorAdminPermissions"];
        if (creator !== false && creator !== "false") {
            fail(
                "whoever creates the cluster stays its administrator. " +
                    "Fix: set accessConfig.bootstrapClusterCreatorAdminPermissions to false and add an access entry.",
            );
        }
    },
);
