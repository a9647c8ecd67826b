import type { Props } from "../engine/kit/types.ts";
import { optionalText, type Place } from "./schema/resource-type.ts";
import { regions, zones } from "./schema/regions.ts";
import type { IamSource } from "./iam/source.ts";

type Invoke = (args: Props, place: Place, view: IamSource) => Props;

/** The functions of the aws provider that the twin answers, and the arguments of each. */
const INVOKES: Readonly<Record<string, { args: readonly string[]; answer: Invoke }>> = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        args: ["id"],
        answer: (_, { accountId, callerArn }, view) => ({
            accountId,
            arn: `arn:aws:sts::${accountId}:assumed-role/${callerArn.slice(callerArn.lastIndexOf("/") + 1)}/pulumi`,
            id: accountId,
            userId: `${view.role(callerArn)?.uniqueId ?? ""}:pulumi`,
        }),
    },
    "aws:index/getPartition:getPartition": {
        args: ["id"],
        answer: () => ({ dnsSuffix: "amazonaws.com", id: "aws", partition: "aws", reverseDnsPrefix: "com.amazonaws" }),
    },
    "aws:index/getRegion:getRegion": {
        args: ["id", "name", "region"],
        answer: (args, place) => {
            const region = knownRegion(optionalText(args, "region") ?? optionalText(args, "name") ?? place.region);
            const endpoint = `ec2.${region}.amazonaws.com`;
            return { description: region, endpoint, id: region, name: region, region };
        },
    },
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
        args: ["excludeNames", "excludeZoneIds", "region", "state"],
        answer: (args, place) => {
            const region = knownRegion(optionalText(args, "region") ?? place.region);
            const excluded = [args["excludeNames"], args["excludeZoneIds"]].flat();
            const state = optionalText(args, "state") ?? "available";
            const found = state === "available" ? zones(region) : [];
            const kept = found.filter(({ name, id }) => !excluded.includes(name) && !excluded.includes(id));
            return {
                ...args,
                groupNames: [region],
                id: region,
                names: kept.map(({ name }) => name),
                region,
                zoneIds: kept.map(({ id }) => id),
            };
        },
    },
};

/** @throws Error that names a function or argument which the twin does not know. */
export function invoke(token: string, args: Props, place: Place, view: IamSource): Props {
    const known = Object.hasOwn(INVOKES, token) ? INVOKES[token] : undefined;
    if (known === undefined) {
        throw new Error(
            `the sandbox's AWS twin does not answer the function ${token}; it answers ${Object.keys(INVOKES).join(", ")}`,
        );
    }
    const stranger = Object.keys(args).find((name) => !known.args.includes(name));
    if (stranger !== undefined) {
        throw new Error(`${token}: argument "${stranger}" is not one the twin knows (${known.args.join(", ")})`);
    }
    return known.answer(args, place, view);
}

function knownRegion(region: string): string {
    if (regions.includes(region)) return region;
    throw new Error(`"${region}" is not an AWS region`);
}
