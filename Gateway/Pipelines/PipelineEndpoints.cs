using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Pipelines;

internal static class PipelineEndpoints
{
    private const string Tag = "Pipelines";
    private const string NameDescription = "The pipeline's name.";

    public static void MapPipelines(this IEndpointRouteBuilder api)
    {
        api.MapGet("/pipelines", ListAsync)
            .Describe(Tag, "List the pipelines", "Lists the status of every pipeline that the caller may use, and of each of its tasks; "
                + "and the stages that have checkpoints but that no host defines any more.")
            .RequireAny(Scopes.Consume | Scopes.Operate)
            .Answers<PipelineListBody>(200, "The pipelines.")
            .Refuses(503);
        api.MapGet("/pipelines/{name}", FindAsync)
            .Describe(Tag, "Get a pipeline", "Returns the status of a pipeline and of each of its tasks.")
            .RequireAnyOnPipeline(Scopes.Consume | Scopes.Operate)
            .AnswersStatus()
            .Refuses(404, 503);
        api.MapPost("/pipelines/{name}/pause", PauseAsync)
            .Describe(Tag, "Pause a pipeline", "Stops a pipeline from reading records. Records in flight are committed first. A pipeline "
                + "stays paused after a restart.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .AnswersStatus()
            .Refuses(404, 503);
        api.MapPost("/pipelines/{name}/resume", ResumeAsync)
            .Describe(Tag, "Resume a pipeline", "Continues from the committed offsets.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .AnswersStatus()
            .Refuses(404, 503);
        api.MapPost("/pipelines/{name}/drain", DrainAsync)
            .Describe(Tag, "Drain a pipeline", "Processes the records that the topics hold now, then pauses the pipeline. The response is "
                + "sent when that is done. The pipeline keeps draining if the caller disconnects.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .MayWait()
            .AnswersStatus()
            .Refuses(404, 409, 503);
        api.MapPost("/pipelines/{name}/seek", SeekAsync)
            .Describe(Tag, "Move a pipeline", "Moves tasks to other offsets, running or paused. The records in between are processed "
                + "again, or skipped.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Takes<SeekBody>(isOptional: false)
            .AnswersStatus()
            .Refuses(400, 404, 413, 415, 503);
        api.MapPost("/pipelines/{name}/forget", ForgetAsync)
            .Describe(Tag, "Let go of a pipeline", "Lets go of the checkpoints of a pipeline that no host defines any more, or of its "
                + "stages that none defines. Retention and the deletion of their topics wait for them no longer. A stage that comes back "
                + "starts from the beginning.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Takes<ForgetBody>(isOptional: true)
            .Answers<ForgottenBody>(200, "What was let go of.")
            .Refuses(400, 404, 409, 413, 415, 503);
    }

    private static RouteHandlerBuilder AnswersStatus(this RouteHandlerBuilder endpoint) =>
        endpoint.Answers<PipelineStatus>(200, "The pipeline's status.");

    private static async Task<IResult> ListAsync(GatewayEngine engine, Caller caller, CancellationToken cancellationToken)
    {
        var pipelines = await engine.Pipelines.ListStatusesAsync(cancellationToken);
        var undefined = (await engine.Pipelines.ListUndefinedAsync(cancellationToken))
            .Where(stage => caller.HasPipeline(stage.Pipeline)).ToList();
        var body = new PipelineListBody(
            [.. pipelines.Where(pipeline => caller.HasPipeline(pipeline.Name))], undefined.Count == 0 ? null : undefined);
        return TypedResults.Json(body, WireJson.Default.PipelineListBody);
    }

    private static Task<IResult> FindAsync(
        [Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken) =>
        GetStatusAsync(name, engine.Pipelines, cancellationToken);

    private static async Task<IResult> PauseAsync(
        [Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken)
    {
        await engine.Pipelines.PauseAsync(name, cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> ResumeAsync(
        [Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken)
    {
        await engine.Pipelines.ResumeAsync(name, cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> DrainAsync(
        [Description(NameDescription)] string name, GatewayEngine engine, CancellationToken cancellationToken)
    {
        await engine.Pipelines.DrainAsync(name, cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> SeekAsync(
        [Description(NameDescription)] string name, HttpContext context, GatewayEngine engine, CancellationToken cancellationToken)
    {
        var body = await JsonBodies.ReadAsync(context, WireJson.Default.SeekBody)
            ?? throw new InvalidRequestException("The seek has no body. Send {\"to\":\"start\"}.");
        await engine.Pipelines.SeekAsync(name, body.ToTarget(), cancellationToken);
        return await GetStatusAsync(name, engine.Pipelines, cancellationToken);
    }

    private static async Task<IResult> ForgetAsync(
        [Description(NameDescription)] string name, HttpContext context, GatewayEngine engine, CancellationToken cancellationToken)
    {
        var body = await JsonBodies.ReadAsync(context, WireJson.Default.ForgetBody) ?? new ForgetBody();
        var forgotten = await engine.Pipelines.ForgetAsync(name, body.Stage, cancellationToken);
        return TypedResults.Json(new ForgottenBody(forgotten), WireJson.Default.ForgottenBody);
    }

    private static async Task<IResult> GetStatusAsync(string name, IPipelineEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Json(await engine.GetStatusAsync(name, cancellationToken), WireJson.Default.PipelineStatus);
}
