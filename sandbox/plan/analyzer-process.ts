import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import { execa } from "execa";
import { parse } from "yaml";

import { encode } from "../engine/kit/values.ts";
import type { Props } from "../engine/kit/types.ts";
import { policyPackCommand } from "../engine/language/program.ts";

/** The engine's address is the runner's first argument. It is only dialled to attach a debugger. */
const NO_ENGINE = "127.0.0.1:0";

/** Ends the pack when its standard input closes, which happens however this process ends. */
const END_WITH_PARENT = "data:text/javascript,process.stdin.on('end',()=>process.exit()).resume().unref()";

/** A policy pack that serves pulumirpc.Analyzer in its own process. */
export interface AnalyzerProcess {
    client: InstanceType<typeof analyzerGrpc.AnalyzerClient>;
    /** Ends the process. */
    stop(): Promise<void>;
}

/**
 * Starts a policy pack as the Pulumi engine does: `@pulumi/pulumi/cmd/run-policy-pack`, which prints its port.
 *
 * @param folder absolute path of the folder that holds PulumiPolicy.yaml
 * @throws with what the pack printed, when it ends before it serves
 */
export async function startAnalyzer(folder: string): Promise<AnalyzerProcess> {
    const info = await packInfo(folder);
    const env = Object.entries(process.env).map(([key, value]) => `${key}=${value ?? ""}`);
    const command = policyPackCommand(info, [NO_ENGINE], env);
    const pack = execa(process.execPath, ["--import", END_WITH_PARENT, ...command.args], {
        cwd: command.cwd,
        env: command.env,
        extendEnv: false,
        stdin: "pipe",
        buffer: { stdout: false },
        reject: false,
    });
    for await (const line of createInterface({ input: pack.stdout })) {
        const port = /^\d+$/.exec(line.trim())?.[0];
        if (port !== undefined) {
            pack.stdout.resume();
            const address = `127.0.0.1:${port}`;
            const client = new analyzerGrpc.AnalyzerClient(address, grpc.credentials.createInsecure());
            return {
                client,
                async stop() {
                    client.close();
                    pack.kill();
                    await pack;
                },
            };
        }
    }
    const { stderr, exitCode } = await pack;
    throw new Error(`the policy pack in ${folder} did not start (exit code ${exitCode ?? "none"}):\n${stderr}`);
}

/** What the engine tells a language host about a pack: its folder and `runtime.options` of PulumiPolicy.yaml. */
async function packInfo(folder: string) {
    const file = path.join(folder, "PulumiPolicy.yaml");
    const { runtime } = parse(await readFile(file, "utf8")) as { runtime: string | { name: string; options?: Props } };
    const { name, options } = typeof runtime === "string" ? { name: runtime } : runtime;
    if (name !== "nodejs") {
        throw new Error(`${file}: runtime "${name}" cannot be run here. Fix: only nodejs packs can.`);
    }
    return new languagePb.ProgramInfo().setProgramDirectory(folder).setOptions(encode(options ?? {}));
}
