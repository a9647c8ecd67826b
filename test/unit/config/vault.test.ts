import assert from "node:assert/strict";

import { hubIdentityProblems } from "../../../config/hub-identity.ts";
import { loadConfig } from "../../../config/load.ts";
import { hub, problemOf, spoke, type Tree } from "./fixture.ts";

const address = "https://vault.example.com";

describe("config: Vault", () => {
    const paths = [
        "/fleet",
        "fleet/",
        "a//b",
        "sys",
        "auth/x",
        "identity",
        "kubernetes-dev-01",
        "registrations-hub-01",
    ];
    for (const mountPath of paths) {
        it(`E-VLT-002: the mount path ${mountPath}`, () => {
            assert.equal(
                problemOf((raw) => (raw.vault = { address, mountPath }), hub()),
                `E-VLT-002 fleet:vault.mountPath: not a free mount path (got "${mountPath}"; allowed: words with inner ` +
                    "slashes, none of Vault's own or the fleet's auth mounts). Fix: write it like fleet or teams/fleet.",
            );
        });
    }

    it("E-VLT-003: a team named twice, the stack's own included", () => {
        for (const names of [["platform"], ["shop", "shop"]]) {
            assert.equal(
                problemOf((raw) => (raw.vault = { address, tenants: names.map((name) => ({ name })) })),
                `E-VLT-003 fleet:vault.tenants: "${names.at(-1)}" is named twice, fleet:tenant included. ` +
                    "Fix: name each team once.",
            );
        }
    });

    it("E-VLT-003: a spoke's team of which the hub knows nothing", () => {
        const iam = { path: "/fleet/" };
        const vault = {
            address,
            tenants: [{ name: "shop", serviceAccount: "x" }],
            sourceCidrs: [],
            mountPath: "",
            auditFile: "",
        };
        const found = (vaultTenants: string[]) =>
            hubIdentityProblems({ iam, tenant: "platform", vault }, { iamPath: "/fleet/", vaultTenants });
        assert.deepEqual(found(["platform", "shop"]), []);
        assert.deepEqual(found(["platform"]), [
            {
                code: "E-VLT-003",
                key: "fleet:vault.tenants",
                text:
                    'the hub\'s Vault keeps no secrets of shop (got ["platform","shop"]; allowed: ["platform"]). ' +
                    "Fix: add them to the hub's fleet:vault.tenants first.",
            },
        ]);
    });

    it("fills in a store, a record and a reader", () => {
        const raw: Tree = spoke();
        raw.vault = { address, tenants: [{ name: "shop" }] };
        assert.deepEqual(loadConfig("dev", raw).vault, {
            address,
            mountPath: "fleet",
            auditFile: "stdout",
            tenants: [{ name: "shop", serviceAccount: "secret-reader" }],
            sourceCidrs: [],
        });
    });
});
