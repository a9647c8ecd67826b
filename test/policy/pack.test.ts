import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";

import { misspellings } from "../../policy-pack/config-check.ts";
import { rules } from "../../policy-pack/rules.ts";
import { readStackFile, type StackConfig } from "../../sandbox/plan/runner.ts";
import { stackNames } from "../plan/stacks.ts";
import { sharedPack } from "./support/analyzer.ts";

const folder = new URL("../../policy-pack/", import.meta.url);

const levels = ["advisory", "mandatory", "remediate", "disabled"];

function configFiles(): string[] {
    return readdirSync(new URL("config/", folder));
}

function readConfig(file: string): Record<string, string | Record<string, unknown>> {
    return JSON.parse(readFileSync(new URL(`config/${file}`, folder), "utf8")) as Record<string, string>;
}

describe("policy: the pack", () => {
    let info: AnalyzerInfo.AsObject;

    before(async () => {
        info = (await sharedPack()).info.toObject();
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

    it("gives every setting a level, because one without means advisory on the wire", () => {
        for (const file of configFiles()) {
            for (const [name, setting] of Object.entries(readConfig(file))) {
                const level = typeof setting === "string" ? setting : setting["enforcementLevel"];
                assert.ok(levels.includes(String(level)), `${file} ${name}`);
            }
        }
    });

    it("is configured for rules and settings that exist: Pulumi itself would accept any name", () => {
        for (const file of configFiles()) {
            const config = Object.entries(readConfig(file)).map(
                ([name, setting]) => [name, typeof setting === "string" ? [] : Object.keys(setting)] as const,
            );
            assert.deepEqual(misspellings(new Map(config), rules), [], file);
        }
    });

    it("corrects by itself only where the rule can", () => {
        const levelsOf = Object.entries(readConfig("fleet.json"));
        const corrected = levelsOf.filter(([, setting]) => setting === "remediate").map(([name]) => name);
        const able = rules.filter((rule) => "remediateResource" in rule).map(({ name }) => name);
        assert.deepEqual(corrected.toSorted(), able.toSorted());
    });

    it("knows the same fleet as the stacks' files", async () => {
        const fleet = readConfig("fleet.json") as Record<string, Record<string, unknown>>;
        const stacks = await Promise.all(stackNames.map(async (name) => ({ name, config: await readStackFile(name) })));
        const account = (config: StackConfig) => (config["fleet:account"] as { id: string }).id;
        const ranges = stacks.map(({ name, config }) => [name, (config["fleet:network"] as { cidr: string }).cidr]);
        assert.deepEqual(fleet["vpc-cidr-registry"]?.["ranges"], Object.fromEntries(ranges));
        assert.deepEqual(
            fleet["provider-account-pinned"]?.["accounts"],
            stacks.map(({ config }) => account(config)),
        );
        const [hub] = stacks;
        assert.ok(hub);
        assert.deepEqual(fleet["hub-role-assume-allowlist"]?.["spokeAccounts"], hub.config["fleet:spokeAccounts"]);
        const hubs = [
            {
                accountId: account(hub.config),
                region: hub.config["fleet:region"],
                clusterName: (hub.config["fleet:cluster"] as { name: string }).name,
            },
        ];
        for (const rule of ["spoke-trust-exact-hub", "registration-secret-readers", "registration-key-readers"]) {
            assert.deepEqual(fleet[rule]?.["hubs"], hubs, rule);
        }
    });
});
