import assert from "node:assert/strict";

import { rules } from "../../policy-pack/rules.ts";
import { UNKNOWN } from "../../sandbox/engine/kit/types.ts";
import { sharedPack } from "./support/analyzer.ts";
import { secret } from "./support/requests.ts";

const types = [...new Set(rules.flatMap(({ text }) => [text.bad, text.good].flat().map(({ type }) => type)))];
const keys = [
    ...new Set(rules.flatMap(({ text }) => [text.bad, text.good].flat().flatMap(({ props }) => namesIn(props)))),
];

function namesIn(value: unknown): string[] {
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => [...(Array.isArray(value) ? [] : [key]), ...namesIn(item)])
        : [];
}

/** Numbers from a seed, so that a failure can be repeated (mulberry32). */
function dice(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
}

function randomValue(roll: () => number, depth: number): unknown {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
    const leaf = () =>
        pick([
            null,
            true,
            false,
            0,
            -1,
            3600,
            "",
            "*",
            "true",
            "{",
            "[]",
            "0.0.0.0/0",
            '{"Statement":[1]}',
            "arn:aws:iam::1:root",
            UNKNOWN,
        ]);
    const kind = depth > 3 ? 0 : Math.floor(roll() * 6);
    if (kind < 2) {
        return leaf();
    }
    if (kind === 2) {
        return Array.from({ length: Math.floor(roll() * 3) }, () => randomValue(roll, depth + 1));
    }
    if (kind === 3) {
        return secret(randomValue(roll, depth + 1));
    }
    return Object.fromEntries(
        Array.from({ length: Math.floor(roll() * 4) }, () => [pick(keys), randomValue(roll, depth + 1)]),
    );
}

describe("policy: random resources", function () {
    this.timeout(180_000);

    // POLICY_FUZZ=10000 for the long run; npm test takes a fifth of it.
    const count = Number(process.env["POLICY_FUZZ"] ?? 2000);

    it(`${count} of them, of types that rules match, fail no rule`, async () => {
        const pack = await sharedPack();
        const roll = dice(20_261_121);
        for (let batch = 0; batch < count / 100; batch++) {
            const resources = Array.from({ length: 100 }, (_, index) => ({
                type: types[Math.floor(roll() * types.length)] ?? "",
                name: `random-${batch}-${index}`,
                props: Object.fromEntries(
                    Array.from({ length: 1 + Math.floor(roll() * 6) }, () => [
                        keys[Math.floor(roll() * keys.length)] ?? "",
                        randomValue(roll, 0),
                    ]),
                ),
            }));
            // A rule that throws fails the call, and with it this test.
            const answers = await Promise.all(resources.map((resource) => pack.resource(resource)));
            const stack = await pack.stack(resources);
            const undecided = [...answers, stack].flatMap(({ findings }) =>
                findings.filter(({ message }) => message.includes("can't run policy")),
            );
            assert.deepEqual(undecided, []);
        }
    });
});
