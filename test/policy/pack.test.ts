import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";

import { startAnalyzer } from "../../sandbox/plan/analyzer-process.ts";

const folder = new URL("../../policy-pack/", import.meta.url);

/** The pack as Pulumi's own runner loads and serves it. */
async function servedPack(): Promise<AnalyzerInfo.AsObject> {
    const analyzer = await startAnalyzer(fileURLToPath(folder));
    try {
        return await new Promise((resolve, reject) => {
            analyzer.client.getAnalyzerInfo(new emptyPb.Empty(), (error, info) => {
                if (error === null) {
                    resolve(info.toObject());
                } else {
                    reject(error);
                }
            });
        });
    } finally {
        await analyzer.stop();
    }
}

describe("policy: the pack", () => {
    let info: AnalyzerInfo.AsObject;

    before(async () => {
        info = await servedPack();
    });

    it("serves every rule there is a file for, under the file's name", () => {
        const files = readdirSync(new URL("rules/", folder), { recursive: true, encoding: "utf8" });
        const rules = files.filter((file) => file.endsWith(".ts")).map((file) => basename(file, ".ts"));
        assert.deepEqual(info.policiesList.map(({ name }) => name).toSorted(), rules.toSorted());
    });

    it("says of each rule what to do, how bad it is and who asks for it", () => {
        for (const { name, description, severity, framework } of info.policiesList) {
            assert.match(description, /^[A-Z].*\.$/, name);
            assert.notEqual(severity, 0, name);
            assert.ok(framework?.name && framework.reference, name);
        }
    });

    it("blocks: every setting says mandatory, because one without a level means advisory on the wire", () => {
        const settings = new Map(info.initialconfigMap);
        assert.ok(settings.has("all") && settings.has("spoke-trust-exact-hub"));
        for (const [name, { enforcementlevel }] of settings) {
            assert.equal(enforcementlevel, analyzerPb.EnforcementLevel.MANDATORY, name);
        }
    });

    it("is configured for rules that exist: Pulumi itself would accept any name", () => {
        const config = JSON.parse(readFileSync(new URL("policy-config.json", folder), "utf8")) as object;
        const known = ["all", ...info.policiesList.map(({ name }) => name)];
        assert.deepEqual(
            Object.keys(config).filter((name) => !known.includes(name)),
            [],
        );
    });
});
