import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { ENGINE_SETUP_TIMEOUT_MS, Engine } from "./support/engine.ts";

const PROGRAM = `
import * as random from "@pulumi/random";
new random.RandomString("short", { length: 4 });
`;
const PACK = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("contract", { policies: [{
    name: "long-enough", description: "Random strings have 8 characters or more.", enforcementLevel: "mandatory",
    validateResource: (args, report) => {
        if (args.type === "random:index/randomString:RandomString" && args.props.length < 8) report("too short");
    },
}] });
`;

describe("A policy pack, run by the language host", function () {
    this.timeout(60_000);
    let engine: Engine;
    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        engine = await Engine.start();
    });
    after(() => engine.close());

    it("fails the preview on a mandatory violation, before anything exists", async () => {
        const pack = path.join(engine.root, "pack");
        await mkdir(pack);
        await symlink(path.resolve("node_modules"), path.join(pack, "node_modules"));
        await writeFile(path.join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
        await writeFile(path.join(pack, "package.json"), JSON.stringify({ version: "1.0.0" }));
        await writeFile(path.join(pack, "index.js"), PACK);
        const project = await engine.project(PROGRAM);
        const { ok, output } = await project.preview("--policy-pack", pack);
        assert.equal(ok, false);
        assert.match(output, /\[mandatory\]\s+long-enough/);
        assert.match(output, /too short/);
        assert.equal((await project.preview()).ok, true);
    });
});
