import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

import { clusterFactsSchema } from "../../../contract/cluster-secret.ts";
import { fleetMemberSchema } from "../../../contract/fleet-member.ts";
import { contractTable, documentJsonSchema, documents, type DocumentName } from "../../../contract/table.ts";

const members = new URL("../../../gitops/fleet/members/hub-01/", import.meta.url);

describe("contract/table", () => {
    it("knows producer, consumers and meaning of every key", () => {
        const table = contractTable();
        const keys = Object.values(documents).reduce((count, schema) => count + Object.keys(schema.shape).length, 0);
        assert.equal(table.length, keys);
        for (const row of table) {
            assert.ok(row.producer !== "" && row.consumers.length > 0, `${row.document}.${row.key}`);
            assert.match(row.description, /^[A-Z].*\.$/, `${row.document}.${row.key}`);
        }
    });

    it("keeps two keys of one shape apart", () => {
        const rows = contractTable().filter(({ document }) => document === "fleet-member");
        assert.equal(new Set(rows.map(({ description }) => description)).size, rows.length);
    });

    it("gives every document as JSON Schema, closed to unknown keys", () => {
        for (const name of Object.keys(documents) as DocumentName[]) {
            const schema = documentJsonSchema(name) as Record<string, unknown>;
            assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
            assert.deepEqual(
                schema.additionalProperties,
                name === "cluster-secret-labels" ? { type: "string", enum: ["true", "false"] } : false,
                name,
            );
        }
    });

    it("describes the member files that are in Git", () => {
        const files = readdirSync(members);
        assert.ok(files.length > 0);
        for (const file of files) {
            const member = fleetMemberSchema.parse(parse(readFileSync(new URL(file, members), "utf8")));
            assert.equal(`${member.clusterName}.yaml`, file);
        }
    });

    it("refuses a fact nobody declared", () => {
        const { error } = clusterFactsSchema.safeParse({ aws_vpc: "vpc-1" });
        assert.ok(error?.issues.some((issue) => issue.code === "unrecognized_keys"));
    });
});
