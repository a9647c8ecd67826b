import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { parseToolNames, toolNames, toolSpec } from "../../sandbox/tools/catalog.ts";
import { moduleFolder } from "../../sandbox/tools/go.ts";
import { compareReleases, fits } from "../../sandbox/tools/version.ts";

/** The versions that a module's go.mod requires, by module path. */
function requirements(folder: string): Map<string, string> {
    const lines = readFileSync(path.join(folder, "go.mod"), "utf8").split("\n");
    const required = lines.map((line) => /^(?:require )?\s*([^\s=]+) v(\S+)(?: \/\/.*)?$/.exec(line));
    return new Map(required.filter((match) => match !== null).map((match) => [match[1] ?? "", match[2] ?? ""]));
}

describe("the catalog of tools", () => {
    for (const name of toolNames) {
        const spec = toolSpec(name);

        it(`pins ${name} to the version in go.mod`, () => {
            assert.equal(requirements(moduleFolder(spec.module)).get(spec.pinnedBy), spec.version);
        });

        if (spec.variables) {
            it(`links ${name} with that version`, () => {
                const versions = Object.entries(spec.variables ?? {}).filter(
                    ([variable]) => !/git(Major|Minor)$/.test(variable),
                );
                assert.deepEqual(
                    versions.map(([, value]) => value.replace(/^v/, "")),
                    [spec.version],
                );
            });
        }

        if (spec.onPath && name !== "redis") {
            it(`accepts its own version of ${name} on PATH`, () => {
                assert.ok(spec.onPath && fits(spec.version, spec.onPath));
            });
        }
    }

    it("refuses an unknown tool with the list of the known ones", () => {
        assert.throws(() => parseToolNames(["kubectl", "docker"]), {
            message: `Unknown tool docker. The tools are: ${toolNames.join(", ")}.`,
        });
    });

    it("counts a tool once that is asked for twice", () => {
        assert.deepEqual(parseToolNames(["etcd", "kwok", "etcd"]), ["etcd", "kwok"]);
    });
});

describe("versions of tools", () => {
    const range = { min: "1.9.0", below: "1.10.0" };

    it("compare by number, not by letter", () => {
        assert.ok(compareReleases("1.10.0", "1.9.9") > 0);
        assert.equal(compareReleases("v3.6.16", "3.6.16"), 0);
    });

    it("fit from the lowest up to, but without, the limit", () => {
        assert.deepEqual(
            ["1.8.99", "1.9.0", "1.9.12", "1.10.0"].map((version) => fits(version, range)),
            [false, true, true, false],
        );
    });

    it("do not fit when they are pre-releases or no versions at all", () => {
        assert.deepEqual(
            ["1.9.1-rc.1", "1.9", "latest", ""].map((version) => fits(version, range)),
            [false, false, false, false],
        );
    });
});
