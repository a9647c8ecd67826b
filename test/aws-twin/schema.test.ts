import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { resourceTypes } from "../../sandbox/aws-twin/resource-types.ts";
import { inputFields } from "../../sandbox/aws-twin/schema/check.ts";
import type { Field } from "../../sandbox/aws-twin/schema/field.ts";
import type { ResourceType } from "../../sandbox/aws-twin/schema/resource-type.ts";
import type { Props, Value } from "../../sandbox/engine/kit/types.ts";
import { makeEverything } from "./support/fleet.ts";
import { type Made, World } from "./support/world.ts";

/** Two different values that a field can hold; whether AWS would take them is not asked here. */
function twoValues(field: Field): [Value, Value] {
    switch (field.kind) {
        case "string":
            return field.json ? ['{"a":1}', '{"a":2}'] : ["one", "two"];
        case "number":
            return [1, 2];
        case "boolean":
            return [false, true];
        case "list": {
            const [a, b] = twoValues(field.of);
            return [[a], [a, b]];
        }
        case "map": {
            const [a, b] = twoValues(field.of);
            return [{ key: a }, { key: b }];
        }
        case "object": {
            const values = Object.entries(field.fields).map(([name, inner]) => [name, twoValues(inner)] as const);
            return [
                Object.fromEntries(values.map(([name, [a]]) => [name, a])),
                Object.fromEntries(values.map(([name, [, b]]) => [name, b])),
            ];
        }
    }
}

function wantsReplacement(field: Field): boolean {
    if (field.replaces !== undefined) return true;
    return field.kind === "object" && Object.values(field.fields).some(wantsReplacement);
}

/** The SDK's declarations of a type: names of its arguments with their optionality, and of its outputs. */
function declarations({ token }: ResourceType): { args: Map<string, boolean>; outputs: Set<string> } {
    const [, path = "", name = ""] = /^aws:([^:]+):(\w+)$/.exec(token) ?? [];
    const file = new URL(`../../node_modules/@pulumi/aws/${path}.d.ts`, import.meta.url);
    const source = readFileSync(file, "utf8").replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
    const body = new RegExp(`export interface ${name}Args \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? "";
    const instance = new RegExp(`export declare class ${name} [\\s\\S]*?constructor`).exec(source)?.[0] ?? "";
    const args = [...body.matchAll(/^ {4}(\w+)(\?)?:/gm)].map(
        ([, key, optional]) => [key ?? "", optional === "?"] as const,
    );
    const outputs = [...instance.matchAll(/readonly (\w+): pulumi\.Output/g)].map(([, key]) => key ?? "");
    return { args: new Map(args), outputs: new Set(outputs) };
}

/** Inputs that AWS has optional and the twin wants: without them it would have to invent something. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
    "aws:cloudwatch/eventRule:EventRule": ["eventPattern"],
    "aws:cloudwatch/eventTarget:EventTarget": ["targetId"],
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ["vpcId"],
    "aws:ec2/flowLog:FlowLog": ["iamRoleArn", "logDestination", "trafficType"],
    "aws:ec2/natGateway:NatGateway": ["subnetId"],
    "aws:ec2/route:Route": ["destinationCidrBlock"],
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ["subnetId"],
    "aws:ec2/securityGroup:SecurityGroup": ["vpcId"],
    "aws:ec2/subnet:Subnet": ["cidrBlock"],
    "aws:ec2/vpc:Vpc": ["cidrBlock"],
    "aws:ec2/vpcEndpoint:VpcEndpoint": ["serviceName"],
    "aws:ssm/parameter:Parameter": ["value"],
};

describe("The AWS twin's resource types", () => {
    const world = new World();
    let everything: Map<string, Made>;
    before(async () => {
        everything = await makeEverything(world);
    });

    const sample = (token: string): Made => {
        const made = everything.get(token);
        assert.ok(made, `the test makes no ${token}`);
        return made;
    };

    for (const type of resourceTypes) {
        describe(type.token, () => {
            const fields = inputFields(type);

            it("has properties that the SDK has, and wants those that it wants", () => {
                const { args, outputs } = declarations(type);
                assert.ok(args.size > 0 && outputs.size > 0);
                for (const property of Object.keys(fields)) assert.ok(args.has(property), `input ${property}`);
                for (const property of type.computed) assert.ok(outputs.has(property), `output ${property}`);
                const wanted = [...args].filter(([, optional]) => !optional).map(([property]) => property);
                const required = Object.keys(fields).filter((property) => fields[property]?.required);
                assert.deepEqual(required.toSorted(), [...wanted, ...(STRICTER[type.token] ?? [])].toSorted());
            });

            it("is created with outputs that are declared", () => {
                const { outputs } = sample(type.token);
                const declared = new Set([...declarations(type).outputs, "region"]);
                for (const property of Object.keys(outputs)) assert.ok(declared.has(property), property);
                const missing = type.computed.filter((property) => outputs[property] === undefined);
                const notAlways = ["associationId", "privateIp", "publicIp", "rotationPeriodInDays"];
                assert.deepEqual(
                    missing.filter((property) => !notAlways.includes(property)),
                    [],
                );
            });

            it("refuses a property it does not know, at any depth", async () => {
                const { inputs } = sample(type.token);
                const { failures } = await world.check(type.token, "x", { ...inputs, bogusProperty: "x" });
                assert.deepEqual(
                    failures.map(({ property }) => property),
                    ["bogusProperty"],
                );
                assert.match(
                    failures[0]?.reason ?? "",
                    /is not a property of .* that the sandbox's AWS twin knows; it knows/,
                );
                for (const [property, field] of Object.entries(fields)) {
                    if (field.kind !== "object") continue;
                    const [value] = twoValues(field);
                    const nested = { ...inputs, [property]: { ...(value as Props), bogusProperty: "x" } };
                    const found = (await world.check(type.token, "x", nested)).failures;
                    assert.ok(found.some((failure) => failure.property === `${property}.bogusProperty`));
                }
            });

            it("refuses inputs of the wrong JSON type", async () => {
                const { inputs } = sample(type.token);
                for (const [property, field] of Object.entries(fields)) {
                    const wrong = field.kind === "string" || field.kind === "list" ? 1.5 : "nonsense";
                    const { failures } = await world.check(type.token, "x", { ...inputs, [property]: wrong });
                    assert.ok(
                        failures.some((failure) => failure.property === property),
                        property,
                    );
                }
            });

            it("refuses to do without any of its required properties", async () => {
                const { inputs } = sample(type.token);
                for (const property of Object.keys(fields).filter((name) => fields[name]?.required)) {
                    const { [property]: _, ...rest } = inputs;
                    const { failures } = await world.check(type.token, "x", rest);
                    assert.deepEqual(
                        failures.filter(({ reason }) => reason === "is required").map((failure) => failure.property),
                        [property],
                    );
                }
            });

            it("shows a change of any one property, and which make a new resource", async () => {
                const made = sample(type.token);
                for (const [property, field] of Object.entries(fields)) {
                    if (property === "region") continue;
                    const [before, after] = twoValues(field);
                    const old: Made = { ...made, inputs: { ...made.inputs, [property]: before } };
                    const { changed, replace } = await world.diff(old, { ...made.inputs, [property]: after });
                    const alone = changed.filter((name) => name !== "tagsAll");
                    assert.deepEqual(alone, [property]);
                    assert.deepEqual(replace, wantsReplacement(field) ? [property] : [], `${property} replaces`);
                }
            });

            it("sees no change where there is none", async () => {
                const made = sample(type.token);
                const { inputs } = await world.check(type.token, made.name, made.inputs, made.inputs);
                const { changed, replace } = await world.diff(made, inputs);
                assert.deepEqual({ changed, replace }, { changed: [], replace: [] });
            });

            it("reads back what was created, and nothing under another id", async () => {
                const made = sample(type.token);
                assert.equal((await world.read(type.token, made.id))?.id, made.id);
                assert.equal(await world.read(type.token, "nothing-has-this-id"), null);
            });

            if (type.global === undefined) {
                it("is another resource in another region", async () => {
                    const made = sample(type.token);
                    const { changed, replace } = await world.diff(made, { ...made.inputs, region: "us-east-1" });
                    assert.deepEqual({ changed, replace }, { changed: ["region"], replace: ["region"] });
                });
            }

            if (type.tagged) {
                it("carries the provider's default tags under its own, and shows when they change", async () => {
                    const made = sample(type.token);
                    const own = (made.inputs["tags"] ?? {}) as Props;
                    assert.deepEqual(made.outputs["tagsAll"], { fleet: "hub-01", ...own });
                    const before = world.config;
                    world.config = { ...before, defaultTags: { tags: { fleet: "hub-02" } } };
                    const { changed } = await world.diff(made, made.inputs);
                    world.config = before;
                    assert.deepEqual(changed, ["tagsAll"]);
                });
            }
        });
    }

    it("names a type that it does not know, and those it knows", async () => {
        await assert.rejects(
            world.check("aws:s3/bucket:Bucket", "b", {}),
            /does not know the resource type aws:s3\/bucket:Bucket; it knows aws:cloudwatch\/eventRule:EventRule, /,
        );
    });
});
