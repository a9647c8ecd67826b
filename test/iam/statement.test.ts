import assert from "node:assert/strict";
import type { PolicyStatement } from "./chain-policies.ts";
import { ALLOW, decide, HERE, type Setup } from "./reader.ts";

/** Whether an Allow with this condition applies to a request with this context. */
function holds(operator: string, key: string, wanted: string | string[], context: Setup["context"] = {}): boolean {
    return decide({ identity: { ...ALLOW, Condition: { [operator]: { [key]: wanted } } }, context }).allowed;
}

describe("condition operators", () => {
    const CASES: [operator: string, key: string, wanted: string | string[], got: Setup["context"], holds: boolean][] = [
        ["StringEquals", "aws:userid", "a", { "aws:userid": "a" }, true],
        ["StringEquals", "AWS:UserId", "a", { "aws:userid": "a" }, true],
        ["StringEquals", "aws:userid", "a", { "aws:userid": "A" }, false],
        ["StringEquals", "aws:userid", "a*", { "aws:userid": "ab" }, false],
        ["StringEquals", "aws:userid", "a", {}, false],
        ["StringEqualsIfExists", "aws:userid", "a", {}, true],
        ["StringNotEquals", "aws:userid", ["a", "b"], { "aws:userid": "b" }, false],
        ["StringNotEquals", "aws:userid", "a", {}, true],
        ["StringEqualsIgnoreCase", "aws:userid", "a", { "aws:userid": "A" }, true],
        ["StringLike", "aws:userid", "a?c*", { "aws:userid": "abcd" }, true],
        ["StringLike", "aws:userid", "a?c", { "aws:userid": "ac" }, false],
        ["StringLike", "aws:userid", "a.c", { "aws:userid": "abc" }, false],
        ["StringLike", "aws:userid", "a${*}", { "aws:userid": "ab" }, false],
        ["StringLike", "aws:userid", "a${*}", { "aws:userid": "a*" }, true],
        ["StringNotLike", "aws:userid", "a*", { "aws:userid": "ab" }, false],
        [
            "StringLike",
            "aws:userid",
            "${aws:PrincipalTag/t}",
            { "aws:userid": "ab", "aws:PrincipalTag/t": "a*" },
            false,
        ],
        ["StringEquals", "aws:userid", "${aws:PrincipalTag/t}", { "aws:userid": "x", "aws:principaltag/T": "x" }, true],
        ["StringEquals", "aws:userid", "${aws:PrincipalTag/t}", { "aws:userid": "x" }, false],
        ["StringEquals", "aws:userid", "${aws:PrincipalTag/t, 'x'}", { "aws:userid": "x" }, true],
        // A variable without a value equals nothing, so the negated operator holds.
        ["StringNotEquals", "aws:userid", "${aws:PrincipalTag/t}", { "aws:userid": "x" }, true],
        [
            "ArnLike",
            "aws:SourceArn",
            "arn:aws:eks:*:1:cluster/*",
            { "aws:SourceArn": "arn:aws:eks:eu:1:cluster/a/b:c" },
            true,
        ],
        [
            "ArnLike",
            "aws:SourceArn",
            "arn:aws:eks:*:cluster/a:*",
            { "aws:SourceArn": "arn:aws:eks:eu:1:cluster/a" },
            false,
        ],
        [
            "ArnEquals",
            "aws:SourceArn",
            "arn:aws:eks:eu:1:cluster/?",
            { "aws:SourceArn": "arn:aws:eks:eu:1:cluster/a" },
            true,
        ],
        [
            "ArnNotLike",
            "aws:SourceArn",
            "arn:aws:eks:eu:1:cluster/*",
            { "aws:SourceArn": "arn:aws:eks:eu:1:cluster/a" },
            false,
        ],
        ["Bool", "aws:ViaAWSService", "true", { "aws:ViaAWSService": "True" }, true],
        ["Bool", "aws:ViaAWSService", "true", { "aws:ViaAWSService": "false" }, false],
        ["Null", "aws:userid", "true", {}, true],
        ["Null", "aws:userid", "false", {}, false],
        ["Null", "aws:userid", "false", { "aws:userid": "x" }, true],
        ["NumericLessThan", "aws:EpochTime", "10", { "aws:EpochTime": "9" }, true],
        ["NumericGreaterThanEquals", "aws:EpochTime", "10", { "aws:EpochTime": "9" }, false],
        ["NumericNotEquals", "aws:EpochTime", "10", { "aws:EpochTime": "10.0" }, false],
        [
            "DateGreaterThan",
            "aws:CurrentTime",
            "2026-01-01T00:00:00Z",
            { "aws:CurrentTime": "2026-01-01T01:00:00+01:00" },
            false,
        ],
        ["DateLessThan", "aws:CurrentTime", "1767225601", { "aws:CurrentTime": "2026-01-01T00:00:00Z" }, true],
        ["IpAddress", "aws:SourceIp", "0.0.0.0/0", { "aws:SourceIp": "10.0.3.7" }, true],
        ["IpAddress", "aws:SourceIp", "10.0.0.0/16", { "aws:SourceIp": "10.1.0.1" }, false],
        ["IpAddress", "aws:SourceIp", "2001:db8::/32", { "aws:SourceIp": "2001:db8::1" }, true],
        ["IpAddress", "aws:SourceIp", "10.0.3.7", { "aws:SourceIp": "10.0.3.7" }, true],
        ["NotIpAddress", "aws:SourceIp", "2001:db8::/32", { "aws:SourceIp": "10.0.3.7" }, true],
        ["ForAllValues:StringEquals", "aws:TagKeys", ["a", "b"], { "aws:TagKeys": ["a", "b"] }, true],
        ["ForAllValues:StringEquals", "aws:TagKeys", "a", { "aws:TagKeys": ["a", "b"] }, false],
        ["ForAllValues:StringEquals", "aws:TagKeys", "a", {}, true],
        ["ForAnyValue:StringEquals", "aws:TagKeys", "a", { "aws:TagKeys": ["b", "a"] }, true],
        ["ForAnyValue:StringEquals", "aws:TagKeys", "a", {}, false],
        ["ForAnyValue:StringEqualsIfExists", "aws:TagKeys", "a", {}, true],
        ["ForAnyValue:StringNotEquals", "aws:TagKeys", "a", { "aws:TagKeys": ["a"] }, false],
    ];
    for (const [operator, key, wanted, got, expected] of CASES) {
        it(`${operator} ${key} ${String(wanted)} ${expected ? "holds" : "does not hold"} for ${JSON.stringify(got)}`, () =>
            assert.equal(holds(operator, key, wanted, got), expected));
    }
});

function reaches(statement: Partial<PolicyStatement>, context: Setup["context"] = {}): boolean {
    return decide({ identity: { ...ALLOW, ...statement }, context }).allowed;
}

describe("actions and resources", () => {
    it("compare actions without case and resources with case", () => {
        assert.equal(reaches({ Action: "SecretsManager:getsecretvalue" }), true);
        assert.equal(reaches({ Resource: `arn:aws:secretsmanager:eu-west-1:${HERE}:secret:Team/*` }), false);
    });

    it("keep a wildcard inside its ARN segment, but for the last", () => {
        assert.equal(reaches({ Resource: `arn:aws:secretsmanager:*:${HERE}:secret:team/*` }), true);
        assert.equal(reaches({ Resource: `arn:aws:secretsmanager:eu-west-1:${HERE}:sec*` }), true);
        assert.equal(reaches({ Resource: "arn:aws:secretsmanager:*:secret:team/*:x" }), false);
    });

    it("fill policy variables into resources", () => {
        const Resource = `arn:aws:secretsmanager:eu-west-1:${HERE}:secret:\${aws:PrincipalTag/team}/*`;
        assert.equal(reaches({ Resource }, { "aws:PrincipalTag/team": "team" }), true);
        assert.equal(reaches({ Resource }, { "aws:PrincipalTag/team": "*" }), false);
        assert.equal(reaches({ Resource }), false);
    });

    it("turn NotAction and NotResource around", () => {
        const resource = `arn:aws:secretsmanager:eu-west-1:${HERE}:secret:team/db-a1B2c3`;
        assert.equal(reaches({ Action: undefined, NotAction: "s3:*" }), true);
        assert.equal(reaches({ Action: undefined, NotAction: "secretsmanager:Get*" }), false);
        assert.equal(reaches({ Resource: undefined, NotResource: `${resource}x` }), true);
        assert.equal(reaches({ Resource: undefined, NotResource: resource }), false);
    });
});
