export { parseToolNames, type ToolName, toolNames } from "./catalog.ts";
export { MissingToolsError, ToolBuildError } from "./errors.ts";
export type { ResolvedTool } from "./jobs.ts";
export type { OnToolProgress, ToolProgress, ToolState } from "./progress.ts";
export { type ProgressStream, renderToolProgress, type ToolProgressRenderer } from "./render.ts";
export { type ResolveOptions, resolveTools } from "./resolve.ts";
