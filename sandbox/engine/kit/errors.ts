import grpc from "@grpc/grpc-js";
import type { StatusObject } from "@grpc/grpc-js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";

import type { Props } from "./types.ts";
import { encode } from "./values.ts";

/**
 * Thrown by `create` or `update` when the resource exists but is not right yet, e.g. pods that
 * never get ready. The engine keeps id and outputs in state, shows `reasons`, fails the run, and
 * the next `up` calls `update` (never a second `create`).
 */
export class PartialCreateError extends Error {
    readonly id: string;
    readonly outputs: Props;
    readonly reasons: string[];

    constructor(id: string, outputs: Props, reasons: string[]) {
        super(reasons.join("; "));
        this.name = "PartialCreateError";
        this.id = id;
        this.outputs = outputs;
        this.reasons = reasons;
    }
}

/** What a handler answers for anything thrown: one line with the message, never a stack trace. */
export function toStatus(thrown: unknown): Partial<StatusObject> {
    if (thrown instanceof PartialCreateError) {
        return partialFailure(thrown);
    }
    // Node's own AbortErrors only say "The operation was aborted".
    return thrown instanceof Error && thrown.name === "AbortError"
        ? { code: grpc.status.CANCELLED, details: "cancelled: the Pulumi engine stopped this operation" }
        : { code: grpc.status.UNKNOWN, details: oneLine(thrown) };
}

/** The message of anything thrown, its line breaks folded. */
export function oneLine(thrown: unknown): string {
    const message = thrown instanceof Error && thrown.message !== "" ? thrown.message : String(thrown);
    return message.replaceAll(/\s*\n\s*/g, " ").trim();
}

/**
 * Go's gRPC reads structured details from the trailer `grpc-status-details-bin`
 * (a google.rpc.Status); grpc-js has no helper for it.
 */
function partialFailure(error: PartialCreateError): Partial<StatusObject> {
    const detail = new providerPb.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(encode(error.outputs));
    detail.setReasonsList(error.reasons.map(oneLine));
    const any = new anyPb.Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statusPb.Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(oneLine(error));
    status.addDetails(any);
    const metadata = new grpc.Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return { code: grpc.status.UNKNOWN, details: oneLine(error), metadata };
}
