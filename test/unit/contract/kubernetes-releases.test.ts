import assert from "node:assert/strict";

import {
    addonNames,
    addonVersion,
    addonVersions,
    kubernetesReleases,
    kubernetesVersions,
    minorOf,
    nodeKubernetesVersions,
} from "../../../contract/kubernetes-releases.ts";

const day = 24 * 60 * 60 * 1000;
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / day;

describe("contract/kubernetes-releases", () => {
    it("has the minors in order and without a gap, so that each has a next one", () => {
        for (const versions of [kubernetesVersions, nodeKubernetesVersions]) {
            const first = minorOf(versions[0] ?? "");
            assert.deepEqual(
                versions,
                versions.map((_, index) => `1.${first + index}`),
            );
        }
        assert.deepEqual(kubernetesVersions, ["1.34", "1.35", "1.36"]);
    });

    it("has days that are days, 14 months of standard support and 12 of extended", () => {
        for (const [minor, release] of Object.entries(kubernetesReleases)) {
            const { released, endOfStandardSupport, endOfExtendedSupport, addons } = release;
            for (const date of [released, endOfStandardSupport, endOfExtendedSupport, addons?.pinnedOn ?? released]) {
                assert.equal(new Date(date).toISOString().slice(0, 10), date, minor);
            }
            assert.ok(Math.abs(daysBetween(released, endOfStandardSupport) - 425) <= 3, `${minor}: standard`);
            assert.ok(
                Math.abs(daysBetween(endOfStandardSupport, endOfExtendedSupport) - 365) <= 1,
                `${minor}: extended`,
            );
        }
    });

    it("pins kube-proxy of the minor itself, and every add-on at an exact version", () => {
        for (const minor of kubernetesVersions) {
            for (const name of addonNames) {
                const versions = addonVersions(minor, name);
                assert.equal(addonVersion(minor, name), versions[0]);
                assert.equal(new Set(versions).size, versions.length, `${name} for ${minor}`);
                for (const version of versions) {
                    assert.match(version, /^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
                    assert.ok(name !== "kube-proxy" || version.startsWith(`v${minor}.`), `${version} for ${minor}`);
                }
            }
        }
    });

    it("takes a pair that is in the table, and no other", () => {
        assert.equal(addonVersion("1.35", "coredns", "v1.14.3-eksbuild.3"), "v1.14.3-eksbuild.3");
        assert.throws(
            () => addonVersion("1.36", "coredns", "v1.13.2-eksbuild.1"),
            /^Error: addons\.coredns: v1\.13\.2-eksbuild\.1 does not fit Kubernetes 1\.36 \(fitting: v1\.14\.3-eksbuild\.3\)$/,
        );
        assert.throws(
            () => addonVersion("1.33", "coredns"),
            /no add-ons pinned for 1\.33 \(pinned: 1\.34, 1\.35, 1\.36\)/,
        );
    });
});
