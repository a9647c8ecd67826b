import { ec2Identifier, prefixedName } from "../../identifiers.ts";
import { arnHere } from "../../references.ts";
import { flag, list, map, object, set, text, whole } from "../../schema/field.ts";
import { ec2Id, keyArn, matching, oneOf } from "../../schema/formats.ts";
import { optionalText, textOf, textsOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Props } from "../../../engine/kit/types.ts";
import { T } from "../../tokens.ts";
import { requireSecurityGroup } from "./inline-rules.ts";

const templateName = matching(/^[a-zA-Z0-9().\-/_]{1,128}$/, "1 to 128 letters, digits and ().-/_");
/** The aws provider has these as text. */
const yesOrNo = text({ check: oneOf("false", "true") });

/** Changes of these make no new version. */
const OUTSIDE = ["tags", "tagsAll", "updateDefaultVersion", "defaultVersion"];

export const launchTemplate: ResourceType = {
    token: T.launchTemplate,
    tagged: true,
    name: { property: "name", prefix: "namePrefix", auto: (name, random) => `${name}-${random}`, max: 125 },
    inputs: {
        blockDeviceMappings: list(
            object({
                deviceName: text({ required: true }),
                ebs: object({
                    deleteOnTermination: yesOrNo,
                    encrypted: yesOrNo,
                    iops: whole(),
                    kmsKeyId: text({ check: keyArn }),
                    throughput: whole({ min: 125, max: 2000 }),
                    volumeSize: whole({ min: 1, max: 65536 }),
                    volumeType: text({ check: oneOf("gp2", "gp3", "io1", "io2", "sc1", "st1", "standard") }),
                }),
            }),
        ),
        description: text(),
        ebsOptimized: yesOrNo,
        imageId: text({ check: ec2Id("ami") }),
        instanceType: text(),
        metadataOptions: object({
            httpEndpoint: text({ check: oneOf("disabled", "enabled") }),
            httpProtocolIpv6: text({ check: oneOf("disabled", "enabled") }),
            httpPutResponseHopLimit: whole({ min: 1, max: 64 }),
            httpTokens: text({ check: oneOf("optional", "required") }),
            instanceMetadataTags: text({ check: oneOf("disabled", "enabled") }),
        }),
        name: text({ replaces: true, check: templateName }),
        namePrefix: text({ replaces: true, check: templateName }),
        tagSpecifications: list(
            object({
                resourceType: text({
                    check: oneOf("instance", "network-interface", "spot-instances-request", "volume"),
                }),
                tags: map(text()),
            }),
        ),
        updateDefaultVersion: flag(),
        userData: text(),
        vpcSecurityGroupIds: set(text({ check: ec2Id("sg") })),
    },
    computed: ["arn", "defaultVersion", "latestVersion", "name"],
    volatile: (changed) => (makesVersion(changed) ? ["defaultVersion", "latestVersion"] : []),
    create: (context, inputs) => {
        const { store, place, now } = context;
        const name = optionalText(inputs, "name") ?? prefixedName(textOf(inputs, "namePrefix"), now);
        const { accountId, region } = place;
        if (store.all(T.launchTemplate, { accountId, region }).some(({ outputs }) => outputs["name"] === name)) {
            throw new Error(
                `InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use: ${name}.`,
            );
        }
        requireGroups(context, inputs);
        const id = ec2Identifier("lt");
        const arn = arnHere(context, "ec2", `launch-template/${id}`);
        return { id, computed: { arn, name, latestVersion: 1, defaultVersion: 1 } };
    },
    update: (context, { outputs }, inputs, changed) => {
        requireGroups(context, inputs);
        const latestVersion = Number(outputs["latestVersion"]) + (makesVersion(changed) ? 1 : 0);
        const defaultVersion =
            inputs["updateDefaultVersion"] === true ? latestVersion : Number(outputs["defaultVersion"]);
        return { computed: { latestVersion, defaultVersion } };
    },
};

function makesVersion(changed: readonly string[]): boolean {
    return changed.some((property) => !OUTSIDE.includes(property));
}

function requireGroups(context: Context, inputs: Props): void {
    for (const id of textsOf(inputs, "vpcSecurityGroupIds")) requireSecurityGroup(context, id);
}
