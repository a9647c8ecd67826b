import assert from "node:assert/strict";
import { instance } from "../../sandbox/cluster/nodes.ts";
import { checkKubernetesVersion, firstAddress } from "../../sandbox/cluster/spec.ts";

describe("instance types", () => {
    it("have the vCPUs, memory and architecture that their names say", () => {
        assert.deepEqual(instance("m7g.large"), { cpu: 2, memoryGiB: 8, arch: "arm64" });
        assert.deepEqual(instance("m6i.2xlarge"), { cpu: 8, memoryGiB: 32, arch: "amd64" });
        assert.deepEqual(instance("c7gn.xlarge"), { cpu: 4, memoryGiB: 8, arch: "arm64" });
        assert.deepEqual(instance("r6a.large"), { cpu: 2, memoryGiB: 16, arch: "amd64" });
        assert.deepEqual(instance("t3.medium"), { cpu: 2, memoryGiB: 4, arch: "amd64" });
    });

    it("are refused when the sandbox cannot tell their size", () => {
        assert.throws(() => instance("p5.48xlarge"), /Instance type p5\.48xlarge is not known to the sandbox/);
    });
});

describe("a cluster's spec", () => {
    it("names the versions that run when another is asked for", () => {
        assert.throws(
            () => checkKubernetesVersion("1.32"),
            /Kubernetes 1\.32 cannot run .* 1\.33, 1\.34, 1\.35, 1\.36/,
        );
        checkKubernetesVersion("1.35");
    });

    it("gives the kubernetes Service the first address of the Service CIDR", () => {
        assert.equal(firstAddress("172.20.0.0/16"), "172.20.0.1");
        assert.throws(() => firstAddress("fd00::/108"), /Service CIDR fd00::\/108 is not an IPv4 CIDR/);
    });
});
