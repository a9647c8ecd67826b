import assert from "node:assert/strict";

import { editDistance, nearest } from "../../../config/suggest.ts";

describe("config/suggest", () => {
    it("counts insertions, deletions, substitutions and swaps as one each", () => {
        assert.equal(editDistance("region", "region"), 0);
        assert.equal(editDistance("regoin", "region"), 1);
        assert.equal(editDistance("reion", "region"), 1);
        assert.equal(editDistance("regione", "region"), 1);
        assert.equal(editDistance("rigion", "region"), 1);
        assert.equal(editDistance("", "abc"), 3);
    });

    it("finds the right key for every single slip of every key", () => {
        const keys = ["account", "argocd", "chartMirror", "cluster", "environment", "environments", "git", "hub"];
        keys.push("network", "owner", "region", "role", "spokeAccounts", "tenant", "vault");
        let right = 0;
        let total = 0;
        for (const key of keys) {
            for (let index = 0; index < key.length; index++) {
                const slips = [
                    key.slice(0, index) + key.slice(index + 1),
                    `${key.slice(0, index)}x${key.slice(index)}`,
                    `${key.slice(0, index)}x${key.slice(index + 1)}`,
                ].filter((slip) => !keys.includes(slip));
                total += slips.length;
                right += slips.filter((slip) => nearest(slip, keys) === key).length;
            }
        }
        assert.ok(right / total >= 0.95, `${right} of ${total}`);
    });

    it("suggests nothing when nothing is near", () => {
        assert.equal(nearest("organization", ["stack"]), undefined);
        assert.equal(nearest("x", []), undefined);
    });
});
