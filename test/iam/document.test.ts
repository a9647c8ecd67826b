import assert from "node:assert/strict";
import { parsePolicyDocument, PolicyDocumentError, type PolicyKind } from "../../sandbox/aws-twin/iam/document.ts";
import { rolePrincipals } from "../../sandbox/aws-twin/iam/document-principal.ts";

const IDENTITY = { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" };
const TRUST = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };
const ATTACHED = { ...IDENTITY, Principal: "*" };

function parse(statement: unknown, kind: PolicyKind = "identity", rest: object = {}) {
    return parsePolicyDocument(
        JSON.stringify({ Version: "2012-10-17", Statement: statement, ...rest }),
        kind,
        "policy p",
    );
}

function condition(operator: string, key: string, value: unknown) {
    return { ...IDENTITY, Condition: { [operator]: { [key]: value } } };
}

const REFUSED: { title: string; statement: unknown; kind?: PolicyKind; rest?: object; says: RegExp }[] = [
    { title: "an unknown document element", statement: IDENTITY, rest: { Extra: 1 }, says: /element "Extra" is not/ },
    { title: "another Version", statement: IDENTITY, rest: { Version: "2008-10-17" }, says: /Version must be/ },
    {
        title: "an unknown statement element",
        statement: { ...IDENTITY, Actions: "x" },
        says: /element "Actions" is not/,
    },
    {
        title: "a statement without Action",
        statement: { Effect: "Allow", Resource: "*" },
        says: /Action and NotAction/,
    },
    {
        title: "both Action and NotAction",
        statement: { ...IDENTITY, NotAction: "sts:*" },
        says: /Action and NotAction/,
    },
    {
        title: "an action without a service",
        statement: { ...IDENTITY, Action: "AssumeRole" },
        says: /"AssumeRole" is not/,
    },
    { title: "another Effect", statement: { ...IDENTITY, Effect: "allow" }, says: /Effect must be/ },
    {
        title: "a resource that is no ARN",
        statement: { ...IDENTITY, Resource: "my-role" },
        says: /"my-role" is not an ARN/,
    },
    {
        title: "a policy variable before an ARN's fifth colon",
        statement: { ...IDENTITY, Resource: "arn:aws:iam::${aws:PrincipalAccount}:role/x" },
        says: /only after an ARN's fifth colon/,
    },
    {
        title: "an unknown policy variable",
        statement: { ...IDENTITY, Resource: "arn:aws:iam::1:role/${aws:username}" },
        says: /"\$\{aws:username\}" is not supported/,
    },
    {
        title: "a policy variable with several values",
        statement: condition("StringEquals", "aws:userid", "${aws:TagKeys}"),
        says: /has several values/,
    },
    { title: "a principal in an identity policy", statement: ATTACHED, says: /element "Principal" is not/ },
    { title: "a trust policy with Resource", statement: ATTACHED, kind: "trust", says: /element "Resource" is not/ },
    {
        title: "a trust policy without Principal",
        statement: { ...TRUST, Principal: undefined },
        kind: "trust",
        says: /needs a Principal/,
    },
    {
        title: "a trust policy for another service",
        statement: { ...TRUST, Action: "s3:GetObject" },
        kind: "trust",
        says: /sts: actions only/,
    },
    {
        title: "NotPrincipal",
        statement: { ...TRUST, NotPrincipal: "*" },
        kind: "trust",
        says: /element "NotPrincipal" is not/,
    },
    {
        title: "a wildcard inside a principal ARN",
        statement: { ...TRUST, Principal: { AWS: "arn:aws:iam::*:role/argocd" } },
        kind: "trust",
        says: /"arn:aws:iam::\*:role\/argocd" is not supported.*no wildcard/,
    },
    {
        title: "a canonical user",
        statement: { ...TRUST, Principal: { CanonicalUser: "x" } },
        kind: "trust",
        says: /"CanonicalUser"/,
    },
    {
        title: "a service without a domain",
        statement: { ...TRUST, Principal: { Service: "eks" } },
        kind: "trust",
        says: /"eks" is not/,
    },
    {
        title: "an unknown operator",
        statement: condition("StringMatches", "aws:userid", "x"),
        says: /"StringMatches" is not/,
    },
    {
        title: "an operator in another case",
        statement: condition("stringEquals", "aws:userid", "x"),
        says: /"stringEquals"/,
    },
    {
        title: "Null with IfExists",
        statement: condition("NullIfExists", "aws:userid", "true"),
        says: /Null stands alone/,
    },
    {
        title: "an unknown condition key",
        statement: condition("StringEquals", "aws:PrincipalOrgID", "o"),
        says: /"aws:PrincipalOrgID"/,
    },
    {
        title: "a tag key without a name",
        statement: condition("StringEquals", "aws:PrincipalTag/", "x"),
        says: /"aws:PrincipalTag\/"/,
    },
    {
        title: "a list key without a set operator",
        statement: condition("StringEquals", "aws:TagKeys", "x"),
        says: /ForAnyValue/,
    },
    {
        title: "a word where a boolean belongs",
        statement: condition("Bool", "aws:SecureTransport", "yes"),
        says: /"yes" is not/,
    },
    {
        title: "a word where a date belongs",
        statement: condition("DateLessThan", "aws:CurrentTime", "soon"),
        says: /"soon" is not/,
    },
    {
        title: "a range that is too long",
        statement: condition("IpAddress", "aws:SourceIp", "10.0.0.0/33"),
        says: /"10.0.0.0\/33"/,
    },
    {
        title: "a name where an ARN belongs",
        statement: condition("ArnLike", "aws:SourceArn", "hub-01"),
        says: /"hub-01" is not/,
    },
    { title: "an empty list of values", statement: condition("StringEquals", "aws:userid", []), says: /has no value/ },
    {
        title: "an object as a value",
        statement: condition("StringEquals", "aws:userid", { a: 1 }),
        says: /is not a string/,
    },
    {
        title: "a variable in a number",
        statement: condition("NumericEquals", "aws:EpochTime", "${aws:userid}"),
        says: /no policy variable/,
    },
    {
        title: "two statements of one Sid",
        statement: [
            { ...IDENTITY, Sid: "A" },
            { ...IDENTITY, Sid: "A" },
        ],
        says: /Sid "A"/,
    },
];

describe("a policy document", () => {
    for (const { title, statement, kind, rest, says } of REFUSED) {
        it(`is refused for ${title}, which the message names`, () => {
            assert.throws(
                () => parse(statement, kind, rest),
                (error) => {
                    assert.ok(error instanceof PolicyDocumentError);
                    assert.match(error.message, /^policy p: /);
                    assert.match(error.message, says);
                    return true;
                },
            );
        });
    }

    it("is refused when it is not JSON", () => {
        assert.throws(
            () => parsePolicyDocument("{", "identity", "policy p"),
            /^PolicyDocumentError: policy p: not JSON/,
        );
    });

    it("takes one statement or a list, one value or a list", () => {
        const [one] = parse(IDENTITY).statements;
        const [listed] = parse([{ ...IDENTITY, Action: ["sts:AssumeRole"], Resource: ["*"] }]).statements;
        assert.deepEqual(one, listed);
        assert.equal(one?.id, "#1");
    });

    it("names the roles that AWS pins to unique ids, and no others", () => {
        const role = "arn:aws:iam::111111111111:role/fleet/hub-01-argocd";
        const session = "arn:aws:sts::111111111111:assumed-role/hub-01-argocd/pod";
        const { statements } = parse({ ...TRUST, Principal: { AWS: [role, session, "222222222222", "*"] } }, "trust");
        assert.deepEqual(rolePrincipals([...statements, ...statements]), [role]);
    });
});
