import assert from "node:assert/strict";

import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";

import { diffConfig, providerConfig } from "../../sandbox/engine/kit/config.ts";
import { oneLine } from "../../sandbox/engine/kit/errors.ts";
import { Operations } from "../../sandbox/engine/kit/lifetime.ts";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import type { Props } from "../../sandbox/engine/kit/types.ts";
import { containsUnknown, decode, encode, sameValue } from "../../sandbox/engine/kit/values.ts";
import { runtimeOptions } from "../../sandbox/engine/language/program.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

type Json = Parameters<typeof structPb.Struct.fromJavaScript>[0];
const fromEngine = (value: Json): Props => decode(structPb.Struct.fromJavaScript(value));

describe("Values between engine and provider", () => {
    it("arrive without secret wrappers, and with every kind of unknown as UNKNOWN", () => {
        const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: { inner: ["x"] } };
        assert.deepEqual(fromEngine({ a: [secret], b: null, c: 1.5 }), { a: [{ inner: ["x"] }], b: null, c: 1.5 });
        const unknowns = {
            text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
            flag: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
            list: ["6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
        };
        assert.deepEqual(fromEngine(unknowns), { text: UNKNOWN, flag: UNKNOWN, list: [UNKNOWN] });
    });

    it("go back with unknowns as the engine's sentinel and without undefined", () => {
        const sent = encode({ a: [UNKNOWN], b: { c: UNKNOWN }, d: null, e: undefined } as unknown as Props);
        const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
        assert.deepEqual(sent.toJavaScript(), { a: [sentinel], b: { c: sentinel }, d: null });
    });

    it("cannot be archives, functions, dates or NaN; the error names the property", () => {
        const archive = { [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7" };
        assert.throws(() => fromEngine({ a: [{ code: archive }] }), /property "a\[0\]\.code" is an archive/);
        for (const value of [() => 1, new Date(), Number.NaN]) {
            assert.throws(() => encode({ a: { b: [value] } } as unknown as Props), /at property "a\.b\[0\]"/);
        }
    });

    it("are compared in depth, and searched for unknowns", () => {
        assert.ok(sameValue({ a: [1, { b: null }] }, { a: [1, { b: null }] }));
        assert.ok(!sameValue({ a: [1, 2] }, { a: [2, 1] }));
        assert.ok(!sameValue([], {}));
        assert.ok(!sameValue("x", UNKNOWN));
        assert.ok(containsUnknown({ a: [{ b: UNKNOWN }] }));
        assert.ok(!containsUnknown({ a: ["b"] }));
    });
});

describe("A provider's configuration", () => {
    it("has lists and objects parsed, texts that look like numbers or JSON left alone, and no engine keys", () => {
        const config = providerConfig({
            ids: '["111111111111"]',
            tags: '{"a":"b"}',
            account: "111111111111",
            template: "{{ not json }}",
            flag: "true",
            version: "1.2.3",
            __internal: {},
        });
        assert.deepEqual(config, {
            ids: ["111111111111"],
            tags: { a: "b" },
            account: "111111111111",
            template: "{{ not json }}",
            flag: "true",
        });
    });

    it("replaces the provider on the named inputs only, and never for a value that is not known yet", () => {
        const replaceOn = ["region"];
        assert.deepEqual(diffConfig({ region: "a", x: "1" }, { region: "a", x: "2" }, replaceOn), {
            changed: ["x"],
            replace: [],
        });
        assert.deepEqual(diffConfig({ region: "a" }, { region: "b" }, replaceOn).replace, ["region"]);
        assert.deepEqual(diffConfig({ region: "a" }, { region: UNKNOWN }, replaceOn), {
            changed: ["region"],
            replace: [],
        });
    });
});

describe("A provider's operations", () => {
    it("are aborted by a cancellation, also when they begin after it", async () => {
        const operations = new Operations();
        const first = operations.run((signal) => new Promise((resolve) => signal.addEventListener("abort", resolve)));
        assert.equal(operations.idle, false);
        operations.cancel();
        await first;
        assert.equal(operations.idle, true);
        assert.equal(await operations.run(async (signal) => signal.aborted), true);
    });

    it("fail with one line, whatever was thrown", () => {
        assert.equal(oneLine(new Error("a\n   b\r\nc")), "a b c");
        assert.equal(oneLine("text"), "text");
    });
});

describe("The language host's runtime options", () => {
    const options = (given: Json) =>
        runtimeOptions(new languagePb.ProgramInfo().setOptions(structPb.Struct.fromJavaScript(given)));

    it("are nodeargs, split as a shell would, and typescript", () => {
        assert.deepEqual(options({ nodeargs: `--import "my loader" --title='a b'`, typescript: false }), {
            nodeArgs: ["--import", "my loader", "--title=a b"],
            typescript: false,
        });
        assert.deepEqual(options({}), { nodeArgs: [], typescript: true });
    });

    it("are refused by name when they are unknown", () => {
        assert.throws(() => options({ nodeArgs: "x" }), /runtime option "nodeArgs" is not known .* nodeargs/);
    });
});
