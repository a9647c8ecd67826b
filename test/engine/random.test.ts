import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Operation, Props, ProviderInstance } from "../../sandbox/engine/kit/types.ts";
import { bcrypt } from "../../sandbox/engine/random/bcrypt.ts";
import { randomDefinition } from "../../sandbox/engine/random/definition.ts";
import { ENGINE_SETUP_TIMEOUT_MS, Engine } from "./support/engine.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const STRING = "random:index/randomString:RandomString";
const ID = "random:index/randomId:RandomId";

function operation(type: string): Operation {
    return {
        urn: `urn:pulumi:s::p::${type}::x`,
        type,
        timeout: 0,
        signal: new AbortController().signal,
        log: () => {},
    };
}

describe("The random provider's stand-in", () => {
    let provider: ProviderInstance;
    before(async () => {
        provider = await randomDefinition("0.0.0").configure({});
    });

    const create = (type: string, inputs: Props) => provider.create({ ...operation(type), inputs, preview: false });
    const check = async (type: string, newInputs: Props): Promise<string[]> => {
        const request = { urn: "", type, oldInputs: {}, newInputs, randomSeed: new Uint8Array() };
        const { failures } = await provider.check(request);
        return failures.map(({ property, reason }) => `${property}: ${reason}`);
    };
    const replaced = async (type: string, oldInputs: Props, newInputs: Props): Promise<string[]> => {
        const request = { urn: "", type, id: "x", oldInputs, oldOutputs: {}, newInputs, ignoreChanges: [] };
        return (await provider.diff(request)).replace;
    };

    it("makes passwords with the documented defaults, a fixed id and a bcrypt hash", async () => {
        const { id, outputs } = await create(PASSWORD, { length: 40 });
        const { result, bcryptHash, ...settings } = outputs;
        assert.equal(id, "none");
        assert.ok(typeof result === "string" && typeof bcryptHash === "string");
        assert.match(result, /^[A-Za-z0-9!@#$%&*()\-_=+[\]{}<>:?]{40}$/);
        const [, , cost, saltAndHash] = bcryptHash.split("$");
        assert.equal(cost, "10");
        assert.equal(saltAndHash?.length, 53);
        assert.deepEqual(settings, {
            length: 40,
            lower: true,
            upper: true,
            numeric: true,
            number: true,
            special: true,
            minLower: 0,
            minUpper: 0,
            minNumeric: 0,
            minSpecial: 0,
        });
    });

    it("hashes as every other bcrypt does", () => {
        // The first vectors of crypt_blowfish 1.3 (wrapper.c): salt "CCCCCCCCCCCCCCCCCCCCC.".
        const salt = Buffer.from("10410410410410410410410410410410", "hex");
        assert.equal(bcrypt("U*U", 5, salt), "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
        assert.equal(bcrypt("U*U*", 5, salt), "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK");
    });

    it("keeps to minima, switched-off classes and a given alphabet of specials", async () => {
        for (let round = 0; round < 50; round++) {
            const { outputs } = await create(STRING, {
                length: 8,
                upper: false,
                minNumeric: 3,
                minSpecial: 2,
                overrideSpecial: "_.",
            });
            const result = outputs["result"];
            assert.ok(typeof result === "string");
            assert.match(result, /^[a-z0-9_.]{8}$/);
            assert.ok(result.replaceAll(/[^0-9]/g, "").length >= 3, result);
            assert.ok(result.replaceAll(/[^_.]/g, "").length >= 2, result);
        }
    });

    it("gives one random id in four notations, each with the prefix, and the bare one as id", async () => {
        const { id, outputs } = await create(ID, { byteLength: 5, prefix: "x-" });
        const bytes = Buffer.from(id, "base64url");
        assert.equal(bytes.length, 5);
        assert.equal(outputs["hex"], `x-${bytes.toString("hex")}`);
        assert.equal(outputs["b64Url"], `x-${id}`);
        assert.equal(outputs["b64Std"], `x-${bytes.toString("base64")}`);
        assert.equal(outputs["dec"], `x-${BigInt(`0x${bytes.toString("hex")}`)}`);
    });

    it("shows nothing it has not made yet in a preview", async () => {
        const request = { ...operation(PASSWORD), inputs: { length: 8 }, preview: true };
        const { outputs } = await provider.create(request);
        assert.equal(outputs["result"], UNKNOWN);
        assert.equal(outputs["bcryptHash"], UNKNOWN);
    });

    it("replaces when a keeper or a setting changes, not when a default is spelled out", async () => {
        const before = { length: 8, keepers: { rotation: "1" } };
        assert.deepEqual(await replaced(PASSWORD, before, { ...before, keepers: { rotation: "2" } }), ["keepers"]);
        assert.deepEqual(await replaced(PASSWORD, before, { ...before, length: 9 }), ["length"]);
        assert.deepEqual(await replaced(PASSWORD, before, { ...before, special: true, minUpper: 0 }), []);
        assert.deepEqual(await replaced(ID, { byteLength: 4 }, { byteLength: 4, keepers: {} }), []);
        assert.deepEqual(await replaced(ID, { byteLength: 4 }, { byteLength: 4, prefix: "p" }), ["prefix"]);
    });

    it("refuses what does not fit, and names it", async () => {
        assert.match(
            (await check(PASSWORD, { length: 8, size: 3 })).join(),
            /^size: is not a property .* takes .*length/,
        );
        assert.match((await check(PASSWORD, {})).join(), /^length: is required/);
        assert.match((await check(PASSWORD, { length: "8" })).join(), /^length: must be a whole number/);
        assert.match((await check(PASSWORD, { length: 3, minUpper: 4 })).join(), /length is 3; .* here 4/);
        const off = { lower: false, upper: false, numeric: false, special: false };
        assert.match((await check(STRING, { length: 3, ...off })).join(), /are all off/);
        assert.match((await check(ID, { byteLength: 0 })).join(), /at least 1/);
        assert.deepEqual(await check(PASSWORD, { length: UNKNOWN, minUpper: 4 }), []);
        await assert.rejects(check("random:index/randomPet:RandomPet", {}), /does not know .*RandomPet; it knows/);
        await assert.rejects(provider.invoke("random:index:f", {}), /has no function random:index:f/);
    });

    it("refuses an import, but reads back what it made", async () => {
        const empty = { oldInputs: {}, oldOutputs: {} };
        await assert.rejects(provider.read({ ...operation(ID), id: "abc", ...empty }), /"abc" cannot be imported/);
        const state = { oldInputs: { byteLength: 2 }, oldOutputs: { byteLength: 2, hex: "abcd" } };
        const found = await provider.read({ ...operation(ID), id: "abc", ...state });
        assert.deepEqual(found, { id: "abc", inputs: state.oldInputs, outputs: state.oldOutputs });
    });
});

describe("The random provider's stand-in under the real engine", function () {
    this.timeout(60_000);
    let engine: Engine;
    before(async function () {
        this.timeout(ENGINE_SETUP_TIMEOUT_MS);
        engine = await Engine.start();
    });
    after(() => engine.close());

    it("keeps a password and its hash encrypted, and the password itself until a keeper changes", async () => {
        const program = (rotation: string): string => `
            import { createHash } from "node:crypto";
            import * as random from "@pulumi/random";
            const password = new random.RandomPassword("p", { length: 24, keepers: { rotation: "${rotation}" } });
            const digest = password.result.apply((text: string) => createHash("sha256").update(text).digest("hex"));
            export const fingerprint = digest;
            export const hash = password.bcryptHash;
        `;
        const project = await engine.project(program("1"), "typescript");
        const outputs = async (): Promise<Record<string, string>> => {
            const { output } = await project.run("stack", "output", "--stack=dev", "--show-secrets", "--json");
            return JSON.parse(output) as Record<string, string>;
        };
        assert.equal((await project.up()).ok, true);
        const first = await outputs();
        const [resource] = await project.resources();
        const state = await project.stateText();
        assert.ok(first["hash"]?.startsWith("$2a$10$"));
        assert.ok(!state.includes("$2a$10$"), "the hash is in state in plain text");
        const plain = JSON.stringify(resource?.outputs?.["result"] ?? "");
        assert.match(plain, /ciphertext/);
        assert.notEqual(createHash("sha256").update(plain).digest("hex"), first["fingerprint"]);

        const again = await project.up();
        assert.match(again.output, /2 unchanged|3 unchanged/);
        await project.write(program("2"));
        assert.match((await project.up()).output, /1 replaced/);
        assert.notEqual((await outputs())["fingerprint"], first["fingerprint"]);
    });
});
