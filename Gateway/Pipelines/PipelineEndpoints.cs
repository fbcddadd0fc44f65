using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Pipelines;

/// <summary>Pipelines: look at, pause, resume, drain, seek.</summary>
internal static class PipelineEndpoints
{
    private const string Tag = "Pipelines";
    private const string NameDescription = "The pipeline's name.";

    public static void MapPipelines(this IEndpointRouteBuilder api)
    {
        api.MapGet("/pipelines", ListAsync)
            .Describe(Tag, "List the pipelines", "Tells how every pipeline that the caller has access to and each of its tasks is doing.")
            .RequireAny(Scopes.Consume | Scopes.Operate)
            .Answers<PipelineListBody>(200, "The pipelines.")
            .Refuses(503);
        api.MapGet("/pipelines/{name}", FindAsync)
            .Describe(Tag, "Look at a pipeline", "Tells how a pipeline and each of its tasks is doing.")
            .RequireAnyOnPipeline(Scopes.Consume | Scopes.Operate)
            .AnswersStatus()
            .Refuses(404, 503);
        api.MapPost("/pipelines/{name}/pause", PauseAsync)
            .Describe(Tag, "Pause a pipeline", "Stops taking in records once those in flight are committed. A pipeline stays paused over restarts.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .AnswersStatus()
            .Refuses(404, 503);
        api.MapPost("/pipelines/{name}/resume", ResumeAsync)
            .Describe(Tag, "Resume a pipeline", "Goes on from the committed offsets.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .AnswersStatus()
            .Refuses(404, 503);
        api.MapPost("/pipelines/{name}/drain", DrainAsync)
            .Describe(Tag, "Drain a pipeline", "Processes all that its topics hold now, then pauses. The answer comes when it is drained; it goes on draining if the caller leaves.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .MayWait()
            .AnswersStatus()
            .Refuses(404, 409, 503);
        api.MapPost("/pipelines/{name}/seek", SeekAsync)
            .Describe(Tag, "Move a pipeline", "Moves tasks to other offsets, running or paused. What lies between is processed again, or skipped.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Takes<SeekBody>(isOptional: false)
            .AnswersStatus()
            .Refuses(400, 404, 413, 415, 503);
    }

    private static RouteHandlerBuilder AnswersStatus(this RouteHandlerBuilder endpoint) =>
        endpoint.Answers<PipelineStatus>(200, "How the pipeline is doing now.");

    private static async Task<IResult> ListAsync(GatewayEngine engine, Caller caller, CancellationToken cancellationToken)
    {
        var pipelines = await engine.Pipelines.ListStatusesAsync(cancellationToken);
        return TypedResults.Json(new PipelineListBody([.. pipelines.Where(pipeline => caller.HasPipeline(pipeline.Name))]), GatewayJson.Default.PipelineListBody);
    }

    private static Task<IResult> FindAsync([Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken) =>
        GetStatusAsync(name, engine.Pipelines, cancellationToken);

    private static async Task<IResult> PauseAsync([Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken)
    {
        await engine.Pipelines.PauseAsync(name, cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> ResumeAsync([Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken)
    {
        await engine.Pipelines.ResumeAsync(name, cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> DrainAsync([Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken)
    {
        await engine.Pipelines.DrainAsync(name, cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> SeekAsync(
        [Description(NameDescription)] string name, HttpContext context, GatewayEngine engine, CancellationToken cancellationToken)
    {
        var body = await JsonBodies.ReadAsync(context, GatewayJson.Default.SeekBody)
            ?? throw new InvalidRequestException("The seek has no body. Send {\"to\":\"start\"}.");
        await engine.Pipelines.SeekAsync(name, body.ToTarget(), cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> GetStatusAsync(string name, IPipelineEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Json(await engine.GetStatusAsync(name, cancellationToken), GatewayJson.Default.PipelineStatus);
}
