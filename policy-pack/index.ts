import { createRequire } from "node:module";
import { PolicyPack, type PolicyPackConfig } from "@pulumi/policy";

import { eksEndpointRestricted } from "./rules/eks/eks-endpoint-restricted.ts";
import { spokeTrustExactHub } from "./rules/iam/spoke-trust-exact-hub.ts";

/** Every rule there is. A rule that is not listed does not run. */
const policies = [eksEndpointRestricted, spokeTrustExactHub];

/** What the rules are told unless `--policy-pack-config` says otherwise. */
const config = createRequire(import.meta.url)("./policy-config.json") as PolicyPackConfig;

new PolicyPack(
    "fleet",
    {
        description: "What a stack of the fleet must never plan",
        enforcementLevel: "mandatory",
        policies,
    },
    config,
);
