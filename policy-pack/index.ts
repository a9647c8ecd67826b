import { createRequire } from "node:module";
import { PolicyPack, type PolicyPackConfig } from "@pulumi/policy";

import { guardServer } from "./guard.ts";
import { rules } from "./rules.ts";

/** The strictest levels, and the facts of this fleet. `--policy-pack-config` loosens it by environment. */
const config = createRequire(import.meta.url)("./config/fleet.json") as PolicyPackConfig;

const served = guardServer(rules);
new PolicyPack(
    "fleet",
    {
        description: "What a stack of the fleet must never plan",
        enforcementLevel: "mandatory",
        policies: [...rules],
    },
    config,
);
served();
