import assert from "node:assert/strict";
import { readiness } from "../../sandbox/engine/kubernetes/readiness/state.ts";

describe("The kubernetes stand-in, of a Secret", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
    const token = { ...secret, type: "kubernetes.io/service-account-token" };

    it("waits until a service account's token is in it, as the official provider does", () => {
        assert.deepEqual(readiness(token), { ready: false, message: "waiting for the service account's token" });
        assert.equal(readiness({ ...token, data: {} }).ready, false);
        assert.equal(readiness({ ...token, data: { token: "dG9rZW4=" } }).ready, true);
    });

    it("waits for nothing in any other, be it empty", () => {
        assert.equal(readiness({ ...secret, type: "Opaque" }).ready, true);
    });
});
