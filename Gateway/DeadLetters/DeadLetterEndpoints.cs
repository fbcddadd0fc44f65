using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.DeadLetters;

/// <summary>Dead letters of a pipeline: list, group, look at, replay, discard.</summary>
internal static class DeadLetterEndpoints
{
    private const string Tag = "Dead letters";
    private const string Path = "/pipelines/{name}/dead-letters";
    private const string NameDescription = "The pipeline's name.";
    private const int DefaultLimit = 100;

    public static void MapDeadLetters(this IEndpointRouteBuilder api)
    {
        api.MapGet(Path, ListAsync)
            .Describe(Tag, "List dead letters", "Lists records that the pipeline gave up and nobody has replayed or discarded yet, by partition and offset. A page also ends after 8 MiB.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Answers<DeadLetterPageBody>(200, "The dead letters.")
            .Refuses(400, 404, 503);
        api.MapGet(Path + "/errors", GroupErrorsAsync)
            .Describe(Tag, "Group dead letters by error", "Counts the pipeline's dead letters by error type and step, the most frequent first.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Answers<DeadLetterErrorsBody>(200, "The groups.")
            .Refuses(404, 503);
        api.MapGet(Path + "/{partition}/{offset}", FindAsync)
            .Describe(Tag, "Look at a dead letter", "Tells one dead letter, its record and what happened to it.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Answers<DeadLetterBody>(200, "The dead letter.")
            .Refuses(400, 404, 503);
        api.MapPost(Path + "/replay", ReplayAsync)
            .Describe(Tag, "Replay dead letters", "Appends the records of dead letters that are there now to the partitions they were read from. Only the stage that gave a record up processes it again; if it fails again, it becomes a dead letter again. Each dead letter is settled once, whoever else tries, together with its record's append; if the call ends early, calling again goes on with the rest.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Takes<DeadLetterSelectionBody>(isOptional: false)
            .Answers<SettledBody>(200, "How many were replayed by this call.")
            .Refuses(400, 404, 409, 413, 415, 503);
        api.MapPost(Path + "/discard", DiscardAsync)
            .Describe(Tag, "Discard dead letters", "Takes dead letters that are there now off the list for good. Each is settled once, whoever else tries.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Takes<DeadLetterSelectionBody>(isOptional: false)
            .Answers<SettledBody>(200, "How many were discarded by this call.")
            .Refuses(400, 404, 409, 413, 415, 503);
    }

    private static async Task ListAsync(
        [Description(NameDescription)] string name,
        [Description("Only those whose error has this type, by its full name.")] string? errorType,
        [Description("Only those that failed in this step.")] string? step,
        [Description("Only those that this stage gave up.")] string? stage,
        [Description("Only those in this partition of the dead-letter topic.")] int? partition,
        [Description("Go on after this place: the 'next' of the page before.")] string? after,
        [Description("How many at the most, 1 to 1000. Left out: 100.")] int? limit,
        HttpContext context,
        DeadLetterOperations letters)
    {
        var filter = new DeadLetterFilter { ErrorType = errorType, Step = step, Stage = stage, Partition = partition };
        var page = await letters.ListAsync(name, filter, PositionOf(after), LimitOf(limit), context.RequestAborted);
        context.Response.ContentType = MediaTypes.Json;
        DeadLetterJsonWriter.Write(context.Response.BodyWriter, page);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task<IResult> GroupErrorsAsync([Description(NameDescription)] string name, DeadLetterOperations letters, CancellationToken cancellationToken)
    {
        var errors = await letters.GroupErrorsAsync(name, cancellationToken);
        return TypedResults.Json(new DeadLetterErrorsBody([.. errors.Select(DeadLetterErrorGroupBody.Of)]), GatewayJson.Default.DeadLetterErrorsBody);
    }

    private static async Task FindAsync(
        [Description(NameDescription)] string name,
        [Description("The partition of the dead-letter topic, from 0.")] int partition,
        [Description("The offset there.")] long offset,
        HttpContext context,
        DeadLetterOperations letters)
    {
        var letter = await letters.FindAsync(name, new(partition, offset), context.RequestAborted)
            ?? throw new UnknownDeadLetterException(new TopicName(name + DeadLetter.TopicSuffix), new(partition, offset));
        context.Response.ContentType = MediaTypes.Json;
        DeadLetterJsonWriter.Write(context.Response.BodyWriter, letter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task<IResult> ReplayAsync([Description(NameDescription)] string name, HttpContext context, DeadLetterOperations letters) =>
        Settled(await letters.ReplayAsync(name, await FilterOfAsync(context), context.RequestAborted));

    private static async Task<IResult> DiscardAsync([Description(NameDescription)] string name, HttpContext context, DeadLetterOperations letters) =>
        Settled(await letters.DiscardAsync(name, await FilterOfAsync(context), context.RequestAborted));

    private static IResult Settled(long count) => TypedResults.Json(new SettledBody(count), GatewayJson.Default.SettledBody);

    private static async ValueTask<DeadLetterFilter> FilterOfAsync(HttpContext context)
    {
        var body = await JsonBodies.ReadAsync(context, GatewayJson.Default.DeadLetterSelectionBody)
            ?? throw new InvalidRequestException("There is no body. Send a filter, such as {\"errorType\":\"System.FormatException\"}, or {\"all\":true}.");
        return body.ToFilter();
    }

    private static DeadLetterPosition? PositionOf(string? after) =>
        after is null ? null
        : DeadLetterPosition.TryParse(after, out var position) ? position
        : throw new InvalidRequestException($"'after' is '{after}'; give the 'next' of the page before, such as 0:17.");

    private static int LimitOf(int? limit) => limit switch
    {
        null => DefaultLimit,
        >= 1 and <= DeadLetterOperations.MaximumPage => limit.Value,
        _ => throw new InvalidRequestException($"'limit' is {limit}; give 1 to {DeadLetterOperations.MaximumPage}."),
    };
}
