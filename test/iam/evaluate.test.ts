import assert from "node:assert/strict";
import { RequestContext } from "../../sandbox/aws-twin/iam/condition-keys.ts";
import { evaluate } from "../../sandbox/aws-twin/iam/evaluate.ts";
import type { IamRole } from "../../sandbox/aws-twin/iam/source.ts";
import { type PolicyJson, policy, type PolicyStatement } from "./fleet.ts";

const HERE = "111111111111";
const THERE = "222222222222";
const CALLER = `arn:aws:iam::${HERE}:role/team/reader`;
const ALLOW: PolicyStatement = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*" };
const BY_ROLE: PolicyStatement = { ...ALLOW, Principal: { AWS: CALLER } };
const BY_SESSION: PolicyStatement = { ...ALLOW, Principal: { AWS: `arn:aws:sts::${HERE}:assumed-role/reader/s1` } };
const BY_ACCOUNT: PolicyStatement = { ...ALLOW, Principal: { AWS: HERE } };
const BY_ANYONE: PolicyStatement = { ...ALLOW, Principal: "*" };
const NOTHING: PolicyStatement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

interface Setup {
    identity?: PolicyStatement;
    boundary?: PolicyStatement;
    attached?: PolicyStatement;
    account?: string;
    kind?: "role" | "key" | "other";
    context?: Record<string, string | string[]>;
    resource?: string;
}

function json(statement: PolicyStatement): string {
    const document: PolicyJson = policy(statement);
    return JSON.stringify(document);
}

function decide({ identity, boundary, attached, account = HERE, kind = "other", context = {}, ...rest }: Setup) {
    const role: IamRole = {
        arn: CALLER,
        accountId: HERE,
        name: "reader",
        path: "/team/",
        uniqueId: "AROA1",
        trustPolicy: { document: "", principalIds: {} },
        identityPolicies: identity ? [{ name: "p", kind: "inline", document: json(identity) }] : [],
        ...(boundary ? { permissionsBoundary: { arn: "arn:b", document: json(boundary) } } : {}),
        maxSessionDuration: 3600,
        tags: {},
    };
    const arn = rest.resource ?? `arn:aws:secretsmanager:eu-west-1:${account}:secret:team/db-a1B2c3`;
    return evaluate({
        principal: { type: "session", role, sessionName: "s1" },
        action: "secretsmanager:GetSecretValue",
        resource: {
            arn,
            accountId: account,
            kind,
            ...(attached ? { policy: { document: json(attached), principalIds: { [CALLER]: "AROA1" } } } : {}),
        },
        context: new RequestContext(context),
    });
}

/** Whether an Allow with this condition applies to a request with this context. */
function holds(operator: string, key: string, wanted: string | string[], context: Setup["context"] = {}): boolean {
    return decide({ identity: { ...ALLOW, Condition: { [operator]: { [key]: wanted } } }, context }).allowed;
}

describe("who must allow a request", () => {
    const CASES: [title: string, setup: Setup, allowed: boolean][] = [
        ["in one account, the identity policy alone", { identity: ALLOW }, true],
        ["in one account, a resource policy that names the role alone", { attached: BY_ROLE }, true],
        ["in one account, a resource policy for everyone alone", { attached: BY_ANYONE }, true],
        [
            "in one account, a resource policy for the account needs the identity policy",
            { attached: BY_ACCOUNT },
            false,
        ],
        ["across accounts, the identity policy alone does not", { identity: ALLOW, account: THERE }, false],
        ["across accounts, the resource policy alone does not", { attached: BY_ROLE, account: THERE }, false],
        ["across accounts, both together", { identity: ALLOW, attached: BY_ROLE, account: THERE }, true],
        [
            "across accounts, delegation to the account and the identity policy",
            { identity: ALLOW, attached: BY_ACCOUNT, account: THERE },
            true,
        ],
        [
            "for a KMS key, the identity policy alone does not",
            { identity: ALLOW, attached: { ...NOTHING, Principal: "*" }, kind: "key" },
            false,
        ],
        [
            "for a KMS key, the identity policy where the key policy names the account",
            { identity: ALLOW, attached: BY_ACCOUNT, kind: "key" },
            true,
        ],
        ["for a KMS key, the key policy that names the role alone", { attached: BY_ROLE, kind: "key" }, true],
        ["a boundary without the action limits the identity policy", { identity: ALLOW, boundary: NOTHING }, false],
        ["a boundary with the action does not", { identity: ALLOW, boundary: ALLOW }, true],
        ["a boundary alone allows nothing", { boundary: ALLOW }, false],
        ["a boundary limits a grant to the role's ARN", { attached: BY_ROLE, boundary: NOTHING }, false],
        ["a boundary does not limit a grant to the session", { attached: BY_SESSION, boundary: NOTHING }, true],
        ["a boundary does not limit a grant to everyone", { attached: BY_ANYONE, boundary: NOTHING }, true],
        [
            "a deny in the boundary limits a grant to the session",
            { attached: BY_SESSION, boundary: { ...ALLOW, Effect: "Deny" } },
            false,
        ],
        ["a deny on either side wins", { identity: { ...ALLOW, Effect: "Deny" }, attached: BY_ROLE }, false],
    ];
    for (const [title, setup, allowed] of CASES) it(title, () => assert.equal(decide(setup).allowed, allowed));

    it("a denial names each side that gave no Allow, and only those", () => {
        const decision = decide({
            identity: ALLOW,
            attached: { ...BY_ROLE, Principal: { AWS: THERE } },
            account: THERE,
        });
        const [reason, ...others] = decision.reasons;
        assert.equal(others.length, 0);
        assert.match(reason?.policy ?? "", /^resource policy of arn:aws:secretsmanager/);
        assert.deepEqual(reason?.mismatches, [
            { element: "Principal", wanted: [`arn:aws:iam::${THERE}:root`], got: [`${CALLER} (AROA1)`] },
        ]);
    });

    it("a role with a managed policy whose text is not known cannot be decided", () => {
        const role = { ...roleWith("AmazonEKSClusterPolicy"), accountId: HERE };
        assert.throws(
            () =>
                evaluate({
                    principal: { type: "session", role, sessionName: "s1" },
                    action: "sts:AssumeRole",
                    resource: { arn: CALLER, accountId: HERE, kind: "role" },
                    context: new RequestContext({}),
                }),
            /text of its managed policy arn:aws:iam::aws:policy\/AmazonEKSClusterPolicy is not known/,
        );
    });
});

function roleWith(managed: string): IamRole {
    return {
        arn: CALLER,
        accountId: HERE,
        name: "reader",
        path: "/team/",
        uniqueId: "AROA1",
        trustPolicy: { document: "", principalIds: {} },
        identityPolicies: [{ name: managed, kind: "attached", arn: `arn:aws:iam::aws:policy/${managed}` }],
        maxSessionDuration: 3600,
        tags: {},
    };
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
