import type { PolicyDocument } from "../policy-document.ts";

const zoneArns = (ids: readonly string[]): string[] => ids.map((id) => `arn:aws:route53:::hostedzone/${id}`);

/**
 * What external-dns needs for the listed zones: addresses, aliases, and the TXT records by which it remembers what is
 * its own. https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/
 */
export function externalDnsPermissions(hostedZoneIds: readonly string[]): PolicyDocument {
    const zones = zoneArns(hostedZoneIds);
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "ChangeRecords",
                Effect: "Allow",
                Action: ["route53:ChangeResourceRecordSets"],
                Resource: zones,
                Condition: {
                    "ForAllValues:StringEquals": {
                        "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"],
                    },
                },
            },
            {
                Sid: "ReadZones",
                Effect: "Allow",
                Action: ["route53:ListResourceRecordSets", "route53:ListTagsForResources"],
                Resource: zones,
            },
            // Route 53 cannot narrow this to a zone; it gives names and ids, no records.
            { Sid: "FindZones", Effect: "Allow", Action: ["route53:ListHostedZones"], Resource: "*" },
        ],
    };
}

/**
 * What cert-manager needs to answer DNS-01 challenges in the listed zones, and no other record of them. Issuers name
 * the zone's id, so no zone has to be searched. https://cert-manager.io/docs/configuration/acme/dns01/route53/
 */
export function certManagerPermissions(hostedZoneIds: readonly string[]): PolicyDocument {
    const zones = zoneArns(hostedZoneIds);
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "AnswerChallenges",
                Effect: "Allow",
                Action: ["route53:ChangeResourceRecordSets"],
                Resource: zones,
                Condition: {
                    "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
                    "ForAllValues:StringLike": {
                        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"],
                    },
                },
            },
            { Sid: "ReadZones", Effect: "Allow", Action: ["route53:ListResourceRecordSets"], Resource: zones },
            // The id of a change is not known before it is made.
            {
                Sid: "AwaitChanges",
                Effect: "Allow",
                Action: ["route53:GetChange"],
                Resource: "arn:aws:route53:::change/*",
            },
        ],
    };
}
