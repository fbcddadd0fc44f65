using System.CommandLine.Completions;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Completion;

/// <summary>Names from the server, for the shell to complete. The list is empty if the server does not answer at once.</summary>
internal static class ServerNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static IEnumerable<string> Topics(CompletionContext context) => Ask(context, async (client, cancellationToken) =>
        (await client.Admin.ListTopicsAsync(cancellationToken)).Select(topic => topic.Topic.Value));

    public static IEnumerable<string> Pipelines(CompletionContext context) => Ask(context, async (client, cancellationToken) =>
        (await client.Admin.ListPipelinesAsync(cancellationToken)).Select(pipeline => pipeline.Name));

    public static IEnumerable<string> Undefined(CompletionContext context) => Ask(context, async (client, cancellationToken) =>
        (await client.Admin.ListUndefinedAsync(cancellationToken)).Select(stage => stage.Pipeline).Distinct());

    public static IEnumerable<string> Profiles(CompletionContext context)
    {
        try
        {
            return ProfileFile.Read().Profiles.Keys;
        }
        catch (PipelineException)
        {
            return [];
        }
    }

    private static string[] Ask(CompletionContext context, Func<PipelineClient, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            return Task.Run(() => AskAsync(context, ask, timeout.Token)).GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is PipelineException or OperationCanceledException)
        {
            return [];
        }
    }

    private static async Task<string[]> AskAsync(
        CompletionContext context,
        Func<PipelineClient, CancellationToken, Task<IEnumerable<string>>> ask,
        CancellationToken cancellationToken)
    {
        await using var client = Connection.Find(context.ParseResult).CreateClient();
        return [.. await ask(client, cancellationToken)];
    }
}
