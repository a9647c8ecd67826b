import assert from "node:assert/strict";
import { RequestContext } from "../../sandbox/aws-twin/iam/condition-keys.ts";
import { evaluate } from "../../sandbox/aws-twin/iam/evaluate.ts";
import type { IamRole } from "../../sandbox/aws-twin/iam/source.ts";
import type { PolicyStatement } from "./chain-policies.ts";
import { ALLOW, CALLER, decide, HERE, readerRole, type Setup } from "./reader.ts";

const THERE = "222222222222";
const BY_ROLE: PolicyStatement = { ...ALLOW, Principal: { AWS: CALLER } };
const BY_SESSION: PolicyStatement = { ...ALLOW, Principal: { AWS: `arn:aws:sts::${HERE}:assumed-role/reader/s1` } };
const BY_ACCOUNT: PolicyStatement = { ...ALLOW, Principal: { AWS: HERE } };
const BY_ANYONE: PolicyStatement = { ...ALLOW, Principal: "*" };
const NOTHING: PolicyStatement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

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
        const arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
        const role: IamRole = {
            ...readerRole(),
            identityPolicies: [{ name: "AmazonEKSClusterPolicy", kind: "attached", arn }],
        };
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
