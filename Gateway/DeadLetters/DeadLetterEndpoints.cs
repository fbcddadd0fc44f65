using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.DeadLetters;

internal static class DeadLetterEndpoints
{
    private const string Tag = "Dead letters";
    private const string Path = "/pipelines/{name}/dead-letters";
    private const string NameDescription = "The pipeline's name.";
    private const int DefaultLimit = 100;

    public static void MapDeadLetters(this IEndpointRouteBuilder api)
    {
        api.MapGet(Path, ListAsync)
            .Describe(Tag, "List dead letters", "Lists the dead letters that were not replayed or discarded yet, by partition and offset. "
                + "A page also ends after 8 MiB.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Answers<DeadLetterPageBody>(200, "The dead letters.")
            .Refuses(400, 404, 503);
        api.MapGet(Path + "/errors", GroupErrorsAsync)
            .Describe(Tag, "Group dead letters by error", "Counts the pipeline's dead letters by error type and step, the most frequent "
                + "first.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Answers<DeadLetterErrorsBody>(200, "The groups.")
            .Refuses(404, 503);
        api.MapGet(Path + "/{partition}/{offset}", FindAsync)
            .Describe(Tag, "Get a dead letter", "Returns a dead letter: its record, and the error.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Answers<DeadLetterBody>(200, "The dead letter.")
            .Refuses(400, 404, 503);
        api.MapPost(Path + "/replay", ReplayAsync)
            .Describe(Tag, "Replay dead letters", "Appends the records of the current dead letters to the partitions that they were read "
                + "from. Only the stage that a record failed in processes it again. A record that fails again becomes a dead letter "
                + "again. Each dead letter is settled once, in one transaction with the append of its record. If the call ends early, "
                + "repeat it for the rest.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Takes<DeadLetterSelectionBody>(isOptional: false)
            .Answers<SettledBody>(200, "The number of dead letters that this call replayed.")
            .Refuses(400, 404, 409, 413, 415, 503);
        api.MapPost(Path + "/discard", DiscardAsync)
            .Describe(Tag, "Discard dead letters", "Removes the current dead letters from the list permanently. Each dead letter is "
                + "settled once.")
            .RequireAnyOnPipeline(Scopes.Operate)
            .Takes<DeadLetterSelectionBody>(isOptional: false)
            .Answers<SettledBody>(200, "The number of dead letters that this call discarded.")
            .Refuses(400, 404, 409, 413, 415, 503);
    }

    private static async Task ListAsync(
        [Description(NameDescription)] string name,
        [Description("Only dead letters whose error has this type, by its full name.")] string? errorType,
        [Description("Only dead letters that failed in this step.")] string? step,
        [Description("Only dead letters of this stage.")] string? stage,
        [Description("Only dead letters in this partition of the dead-letter topic.")] int? partition,
        [Description("The 'next' of the previous page.")] string? after,
        [Description("The most dead letters to return, 1 to 1000. Default 100.")] int? limit,
        HttpContext context,
        DeadLetterOperations letters)
    {
        var filter = new DeadLetterFilter { ErrorType = errorType, Step = step, Stage = stage, Partition = partition };
        var page = await letters.ListAsync(name, filter, PositionOf(after), LimitOf(limit), context.RequestAborted);
        context.Response.ContentType = MediaTypes.Json;
        DeadLetterJsonWriter.Write(context.Response.BodyWriter, page);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task<IResult> GroupErrorsAsync(
        [Description(NameDescription)] string name, DeadLetterOperations letters, CancellationToken cancellationToken)
    {
        var errors = await letters.GroupErrorsAsync(name, cancellationToken);
        return TypedResults.Json(
            new DeadLetterErrorsBody([.. errors.Select(DeadLetterErrorGroupBody.Of)]), WireJson.Default.DeadLetterErrorsBody);
    }

    private static async Task FindAsync(
        [Description(NameDescription)] string name,
        [Description("The partition of the dead-letter topic, from 0.")] int partition,
        [Description("The offset in that partition.")] long offset,
        HttpContext context,
        DeadLetterOperations letters)
    {
        var letter = await letters.FindAsync(name, new(partition, offset), context.RequestAborted)
            ?? throw new UnknownDeadLetterException(new TopicName(name + DeadLetter.TopicSuffix), new(partition, offset));
        context.Response.ContentType = MediaTypes.Json;
        DeadLetterJsonWriter.Write(context.Response.BodyWriter, letter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task<IResult> ReplayAsync(
        [Description(NameDescription)] string name, HttpContext context, DeadLetterOperations letters) =>
        Settled(await letters.ReplayAsync(name, await FilterOfAsync(context), context.RequestAborted));

    private static async Task<IResult> DiscardAsync(
        [Description(NameDescription)] string name, HttpContext context, DeadLetterOperations letters) =>
        Settled(await letters.DiscardAsync(name, await FilterOfAsync(context), context.RequestAborted));

    private static IResult Settled(long count) => TypedResults.Json(new SettledBody(count), WireJson.Default.SettledBody);

    private static async ValueTask<DeadLetterFilter> FilterOfAsync(HttpContext context)
    {
        var body = await JsonBodies.ReadAsync(context, WireJson.Default.DeadLetterSelectionBody)
            ?? throw new InvalidRequestException("There is no body. Send a filter, such as {\"errorType\":\"System.FormatException\"}, or "
                + "{\"all\":true}.");
        var filter = new DeadLetterFilter
        {
            ErrorType = body.ErrorType,
            Step = body.Step,
            Stage = body.Stage,
            Partition = body.Partition,
            Offset = body.Offset,
        };
        return (body.All, filter) switch
        {
            (true, { IsAll: false }) => throw new InvalidRequestException("'all' is true, but there is a filter too. Give one of them."),
            (not true, { IsAll: true }) => throw new InvalidRequestException(
                "The body selects nothing. Give a filter, such as 'errorType', or \"all\":true for every dead letter."),
            (_, { Offset: not null, Partition: null }) => throw new InvalidRequestException("'offset' is given without 'partition'. Give "
                + "the partition too."),
            _ => filter,
        };
    }

    private static DeadLetterPosition? PositionOf(string? after) =>
        after is null ? null
        : DeadLetterPosition.TryParse(after, out var position) ? position
        : throw new InvalidRequestException($"'after' is '{after}'; give the 'next' of the previous page, such as 0:17.");

    private static int LimitOf(int? limit) => limit switch
    {
        null => DefaultLimit,
        >= 1 and <= DeadLetterOperations.MaximumPage => limit.Value,
        _ => throw new InvalidRequestException($"'limit' is {limit}; give 1 to {DeadLetterOperations.MaximumPage}."),
    };
}
