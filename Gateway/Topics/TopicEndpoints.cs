using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Description;
using Orleans.Pipeline.Gateway.Pipelines;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Topics;

internal static class TopicEndpoints
{
    private const string Tag = "Topics";

    public static void MapTopics(this IEndpointRouteBuilder api)
    {
        api.MapGet("/topics", ListAsync)
            .Describe(Tag, "List the topics", "Lists every topic that the caller may use, with its settings, by name.")
            .RequireAny(Scopes.All)
            .Answers<TopicListBody>(200, "The topics.")
            .Refuses(503);
        api.MapPut("/topics/{topic}", CreateAsync)
            .Describe(Tag, "Create a topic", "Creates a topic, or returns the existing one. An existing topic keeps its settings.")
            .RequireAnyOnTopic(Scopes.Operate)
            .Takes<TopicSettingsBody>(isOptional: true)
            .Answers<TopicBody>(201, "The topic was created.")
            .Answers<TopicBody>(200, "The topic already existed with the same number of partitions.")
            .Refuses(400, 409, 413, 415, 503);
        api.MapGet("/topics/{topic}", FindAsync)
            .Describe(Tag, "Get a topic", "Returns a topic's settings, the contents of each partition, and the lag.")
            .RequireAnyOnTopic(Scopes.All)
            .Answers<TopicDetailBody>(200, "The topic.")
            .Refuses(400, 404, 503);
        api.MapPatch("/topics/{topic}", ChangeAsync)
            .Describe(Tag, "Change a topic", "Changes a topic's retention and lag limit. Settings left out do not change. The change "
                + "applies at once, in every process that shares the store. The number of partitions is fixed.")
            .RequireAnyOnTopic(Scopes.Operate)
            .Takes<TopicChangeBody>(isOptional: false)
            .Answers<TopicBody>(200, "The topic after the change.")
            .Refuses(400, 404, 413, 415, 503);
        api.MapDelete("/topics/{topic}", DeleteAsync)
            .Describe(Tag, "Delete a topic", "Deletes a topic and its records, unless a pipeline reads or writes it (dead letters "
                + "included) or has checkpoints on it.")
            .RequireAnyOnTopic(Scopes.Operate)
            .Answers(204, "The topic was deleted.")
            .Refuses(400, 404, 409, 503);
    }

    private static async Task<IResult> ListAsync(ITopicStore store, Caller caller, CancellationToken cancellationToken)
    {
        var topics = await store.ListTopicsAsync(cancellationToken);
        return TypedResults.Json(new TopicListBody([.. topics.Where(topic => caller.HasTopic(topic.Topic.Value)).Select(TopicBody.Of)]),
            WireJson.Default.TopicListBody);
    }

    private static async Task<IResult> CreateAsync(
        [Description("The topic's name: 1 to 128 of a-z, 0-9, '.', '_' and '-', the first a letter or digit.")] string topic,
        HttpContext context,
        ITopicStore store,
        CancellationToken cancellationToken)
    {
        var name = new TopicName(topic);
        var body = await JsonBodies.ReadAsync(context, WireJson.Default.TopicSettingsBody) ?? new TopicSettingsBody();
        var existing = await store.FindTopicAsync(name, cancellationToken);
        var settings = body.ToSettings(name, existing?.Settings.Partitions);
        settings.Validate(name);
        var description = TopicBody.Of(await store.CreateTopicAsync(name, settings, cancellationToken));
        if (existing is null)
        {
            context.Response.Headers.Location = $"/v1/topics/{name}";
        }

        return TypedResults.Json(description, WireJson.Default.TopicBody, statusCode: existing is null ? 201 : 200);
    }

    private static async Task<IResult> FindAsync(
        [Description("The topic's name.")] string topic, ITopicStore store, GatewayEngine engine, CancellationToken cancellationToken)
    {
        var name = new TopicName(topic);
        var description = await store.FindTopicAsync(name, cancellationToken) ?? throw new UnknownTopicException(name);
        var bounds = await store.GetTopicBoundsAsync(name, cancellationToken);
        var lag = await engine.Pipelines.GetLagAsync(name, cancellationToken);
        var detail = TopicDetailBody.Of(description, bounds, lag);
        return TypedResults.Json(detail, WireJson.Default.TopicDetailBody);
    }

    private static async Task<IResult> ChangeAsync(
        [Description("The topic's name.")] string topic, HttpContext context, ITopicStore store, CancellationToken cancellationToken)
    {
        var name = new TopicName(topic);
        var body = await JsonBodies.ReadAsync(context, WireJson.Default.TopicChangeBody)
            ?? throw new InvalidRequestException(
                "The change has no body. Send what is to change, such as {\"retentionAgeSeconds\":86400}.");
        var changed = await store.UpdateTopicAsync(name, body.ToChange(name), cancellationToken);
        return TypedResults.Json(TopicBody.Of(changed), WireJson.Default.TopicBody);
    }

    private static async Task<IResult> DeleteAsync(
        [Description("The topic's name.")] string topic, ITopicStore store, GatewayEngine engine, CancellationToken cancellationToken)
    {
        var name = new TopicName(topic);
        if (await engine.Pipelines.ListUsersAsync(name, cancellationToken) is [var user, ..])
        {
            throw new TopicInUseException(name, user);
        }

        await store.DeleteTopicAsync(name, cancellationToken);
        return TypedResults.NoContent();
    }
}
