import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { ServerUnaryCall, ServerWritableStream, UntypedServiceImplementation, sendUnaryData } from "@grpc/grpc-js";
import type * as rpc from "@pulumi/pulumi/proto/language_pb.js";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";

import { toStatus } from "../kit/errors.ts";
import type { Children } from "./children.ts";
import { policyPackCommand, programCommand, resolveFrom } from "./program.ts";

/** Exit code of @pulumi/pulumi's runners after they showed the error themselves (cmd/run/index.js). */
const BAIL_EXIT_CODE = 32;

/**
 * The methods of pulumirpc.LanguageRuntime that `preview`, `up`, `destroy`, `import` and `about` use. Code generation
 * (GenerateProgram, GenerateProject, GeneratePackage, Pack, Link, Template) is answered UNIMPLEMENTED.
 */
export function languageService(engineAddress: string, children: Children): UntypedServiceImplementation {
    return {
        handshake: unary(async () => new pb.LanguageHandshakeResponse()),
        getPluginInfo: unary(async () => new pluginPb.PluginInfo()),
        // Every resource of the official SDKs carries the version of its plugin, so there is nothing to add.
        getRequiredPackages: unary(async () => new pb.GetRequiredPackagesResponse()),
        getRequiredPlugins: unary(async () => new pb.GetRequiredPluginsResponse()),
        about: unary(async () => new pb.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
        getProgramDependencies: unary(async (request: rpc.GetProgramDependenciesRequest) =>
            new pb.GetProgramDependenciesResponse().setDependenciesList(dependencies(programInfo(request))),
        ),
        installDependencies: (call: ServerWritableStream<rpc.InstallDependenciesRequest, unknown>) => {
            try {
                resolveFrom(call.request.getDirectory(), "@pulumi/pulumi");
                call.end();
            } catch (thrown) {
                call.emit("error", toStatus(thrown));
            }
        },
        run: unary((request: rpc.RunRequest, cancelled) => runProgram(request, engineAddress, children, cancelled)),
        runPlugin: (call: ServerWritableStream<rpc.RunPluginRequest, rpc.RunPluginResponse>) => {
            runPlugin(call, children).then(
                () => call.end(),
                (thrown: unknown) => call.emit("error", toStatus(thrown)),
            );
        },
        cancel: unary(async () => {
            children.cancel();
            return new emptyPb.Empty();
        }),
    };
}

async function runProgram(
    request: rpc.RunRequest,
    engineAddress: string,
    children: Children,
    cancelled: AbortSignal,
): Promise<rpc.RunResponse> {
    const command = programCommand(request, programInfo(request), engineAddress);
    // The engine reads this process's own streams, so the program writes straight into them.
    const { child, ended } = children.start(command, ["ignore", "inherit", "inherit"]);
    cancelled.addEventListener("abort", () => child.kill("SIGKILL"));
    const { code, signal } = await ended;
    const response = new pb.RunResponse();
    if (signal !== null) {
        return response.setError(`the program was ended by ${signal}`);
    }
    if (code === BAIL_EXIT_CODE) {
        return response.setBail(true);
    }
    return code === 0 ? response : response.setError(`the program exited with code ${String(code)}`);
}

async function runPlugin(
    call: ServerWritableStream<rpc.RunPluginRequest, rpc.RunPluginResponse>,
    children: Children,
): Promise<void> {
    const request = call.request;
    if (request.getKind() !== "analyzer") {
        throw new Error(
            `this language host runs policy packs (kind "analyzer") only, not "${request.getKind()}" plugins`,
        );
    }
    const info = programInfo(request);
    const command = policyPackCommand(info, request.getArgsList(), request.getEnvList());
    const { child, ended } = children.start(command, ["ignore", "pipe", "pipe"]);
    call.on("cancelled", () => child.kill("SIGKILL"));
    child.stdout?.on("data", (chunk: Buffer) => call.write(new pb.RunPluginResponse().setStdout(chunk)));
    child.stderr?.on("data", (chunk: Buffer) => call.write(new pb.RunPluginResponse().setStderr(chunk)));
    const { code } = await ended;
    call.write(new pb.RunPluginResponse().setExitcode(code ?? 1));
}

function unary<Request, Response>(handle: (request: Request, cancelled: AbortSignal) => Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
        const cancelled = new AbortController();
        call.on("cancelled", () => cancelled.abort());
        const answer = async (): Promise<Response> => handle(call.request, cancelled.signal);
        answer().then(
            (response) => callback(null, response),
            (thrown: unknown) => callback(toStatus(thrown)),
        );
    };
}

function programInfo(request: { getInfo(): rpc.ProgramInfo | undefined }): rpc.ProgramInfo {
    const info = request.getInfo();
    if (info === undefined) {
        throw new Error("the Pulumi engine sent no program information; this language host needs pulumi 3.90 or newer");
    }
    return info;
}

/** The program's direct dependencies, as package.json asks for them. */
function dependencies(info: rpc.ProgramInfo): rpc.DependencyInfo[] {
    const file = resolve(info.getRootDirectory(), "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as { dependencies?: Record<string, string> };
    return Object.entries(manifest.dependencies ?? {}).map(([name, version]) =>
        new pb.DependencyInfo().setName(name).setVersion(version),
    );
}
