import assert from "node:assert/strict";

import { kubernetesMoveProblem, requireKubernetesMove } from "../../../config/kubernetes-move.ts";
import { ConfigError } from "../../../config/problems.ts";

const wanted = (kubernetesVersion: string) => ({ cluster: { name: "dev-01", kubernetesVersion } });
const deployed = (kubernetesVersion: string) => ({ clusterName: "dev-01", kubernetesVersion });
const line = (after: string, before: string) => {
    const { code, key, text } = kubernetesMoveProblem(wanted(after), deployed(before)) ?? {};
    return `${code} ${key}: ${text}`;
};

describe("config: a change of the Kubernetes version", () => {
    it("E-K8S-003: downgrade", () => {
        assert.equal(
            line("1.34", "1.35"),
            'E-K8S-003 fleet:cluster.kubernetesVersion: 1.35 → 1.34: EKS cannot downgrade. Fix: set "1.35".',
        );
    });

    it("E-K8S-004: skipped minors", () => {
        assert.equal(
            line("1.36", "1.34"),
            "E-K8S-004 fleet:cluster.kubernetesVersion: 1.34 → 1.36: one minor at a time. " +
                'Fix: set "1.35" and deploy it first.',
        );
    });

    it("takes no change, and the next minor", () => {
        for (const after of ["1.34", "1.35"]) {
            assert.equal(kubernetesMoveProblem(wanted(after), deployed("1.34")), undefined);
        }
        requireKubernetesMove("dev", wanted("1.35"), deployed("1.34"));
    });

    it("takes any version for the first deployment, and for a cluster of another name", () => {
        assert.equal(kubernetesMoveProblem(wanted("1.34"), {}), undefined);
        assert.equal(kubernetesMoveProblem(wanted("1.34"), { ...deployed("1.36"), clusterName: "dev-00" }), undefined);
    });

    it("is refused like everything else in the stack's file", () => {
        assert.throws(
            () => requireKubernetesMove("dev", wanted("1.34"), deployed("1.36")),
            (error) =>
                error instanceof ConfigError &&
                error.message.startsWith("Pulumi.dev.yaml has 1 problem; nothing was created.\n  E-K8S-003 "),
        );
    });
});
