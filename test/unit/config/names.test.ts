import assert from "node:assert/strict";

import { hub, problemOf, problems, spoke, type Tree } from "./fixture.ts";

describe("config: names that are too long for what is made of them", () => {
    it("E-NOD-005: a node group's, with what the provider appends", () => {
        const rename = (name: string) => (raw: Tree) => {
            raw.cluster.compute.nodeGroups = { [name]: raw.cluster.compute.nodeGroups.general };
        };
        const text = "allowed: up to 36 lower-case letters, digits and inner hyphens). Fix: shorten or rename it.";
        for (const name of ["a".repeat(37), "Spot_Nodes", "-a", ""]) {
            assert.equal(
                problemOf(rename(name)),
                `E-NOD-005 fleet:cluster.compute.nodeGroups.${name === "" ? '""' : name}: not the name of a node group ` +
                    `(got "${name}"; ${text}`,
            );
        }
        const longest = spoke();
        rename("a".repeat(36))(longest);
        longest.tenant = "-";
        assert.deepEqual(
            problems(longest).map((line) => line.split(" ")[0]),
            ["E-LBL-001"],
        );
    });
});

describe("config: names in a map", () => {
    it("are refused with the code of what is wrong with them", () => {
        const label = problemOf((raw) => {
            raw.cluster.compute.nodeGroups.general.labels = { "kubernetes.io/role": "x" };
        });
        assert.match(
            label,
            /^E-LBL-002 fleet:cluster\.compute\.nodeGroups\.general\.labels\.kubernetes\.io\/role: a res/,
        );
        const role = problemOf((raw) => {
            raw.argocd = {
                install: "capability",
                capability: {
                    identityCenterArn: "arn:aws:sso:::instance/ssoins-1234567890abcdef",
                    roles: { ADMIN: [{ type: "SSO_GROUP", id: "g" }], OWNER: [{ type: "SSO_GROUP", id: "g" }] },
                },
            };
        }, hub());
        assert.equal(
            role,
            "E-CFG-001 fleet:argocd.capability.roles.OWNER: unknown key; allowed: ADMIN, EDITOR, VIEWER.",
        );
    });
});
