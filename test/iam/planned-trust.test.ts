import assert from "node:assert/strict";

import { firstPreviews } from "../plan/stacks.ts";
import { decideAttempt, differences } from "./planned/attempt.ts";
import { exchanged, type Unintended } from "./planned/exchange.ts";
import { type Intended, trustChain } from "./planned/hops.ts";
import { PlannedSource } from "./planned/source.ts";
import { addStrangers, alternatives } from "./planned/strangers.ts";

describe("the planned trust chain, decided by the documents of the first preview", () => {
    let source: PlannedSource;
    let intended: Intended[];
    let unintended: Unintended[];

    before(async () => {
        const stacks = await firstPreviews();
        source = new PlannedSource(Object.values(stacks));
        intended = trustChain(stacks);
        const planned = source.roles().map(({ arn }) => arn);
        addStrangers(source);
        // The deployers are the organisation's; what they may do is not the plan's to say.
        const roles = planned.filter((arn) => !arn.endsWith("/fleet-deployer"));
        unintended = intended.flatMap((each) => exchanged(each, alternatives(each.attempt, roles)));
    });

    it("allows what the fleet needs", () => {
        assert.equal(intended.length, 50);
        for (const { title, attempt } of intended) {
            const { allowed, reasons } = decideAttempt(source, attempt);
            assert.ok(allowed, `${title}: ${JSON.stringify(reasons, undefined, 2)}`);
        }
    });

    it("has a matrix of what must not be, each one attribute away from what must", () => {
        const allowed = new Set(intended.map(({ attempt }) => JSON.stringify(attempt)));
        for (const { title, from, attempt } of unintended) {
            assert.ok(allowed.has(JSON.stringify(from)), title);
            assert.equal(differences(from, attempt).length, 1, title);
        }
        const kinds = new Set(unintended.flatMap(({ from, attempt }) => differences(from, attempt)));
        assert.deepEqual([...kinds].toSorted(), [
            "action",
            "aws:PrincipalTag/eks-cluster-arn",
            "aws:PrincipalTag/kubernetes-namespace",
            "aws:PrincipalTag/kubernetes-service-account",
            "aws:RequestTag/kubernetes-namespace",
            "aws:RequestTag/kubernetes-service-account",
            "aws:SourceAccount",
            "aws:SourceArn",
            "caller",
            "kms:EncryptionContext:SecretARN",
            "kms:ViaService",
            "resource",
        ]);
        assert.ok(unintended.length >= 1000, `${unintended.length} cases`);
    });

    it("denies all of them", () => {
        const open = unintended.filter(({ attempt }) => decideAttempt(source, attempt).allowed);
        assert.deepEqual(
            open.map(({ title }) => title),
            [],
        );
    });
});
