using System.Text.Json;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Settings;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>Reports on standard error why a command failed.</summary>
internal static class Report
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>The exit code of the process.</returns>
    public static async Task<ExitCode> WriteAsync(Exception error, CommandContext context)
    {
        var failure = Failure.Of(error) ?? new(ExitCode.Failed, $"This is a fault of the program itself. Please report it.\n{error}");
        if (error is UnknownTopicException unknown && await FindSimilarAsync(unknown.Topic, context) is { } meant)
        {
            failure = failure with { Message = $"Topic '{unknown.Topic}' does not exist. Did you mean '{meant}'?" };
        }

        if (context.Output.IsJson)
        {
            using var standardError = Console.OpenStandardError();
            JsonText.WriteLine(
                standardError,
                new ErrorJson(failure.Message, JsonNamingPolicy.CamelCase.ConvertName(failure.ExitCode.ToString()), (int)failure.ExitCode),
                CliJson.Default.ErrorJson);
        }
        else
        {
            context.Output.Notes.MarkupLineInterpolated($"[red]Error:[/] {failure.Message}");
        }

        return failure.ExitCode;
    }

    private static async Task<string?> FindSimilarAsync(TopicName topic, CommandContext context)
    {
        if (context.ClientInUse is not { } client)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            var topics = await client.Topics.ListTopicsAsync(timeout.Token);
            return Similar.To(topic.Value, topics.Select(known => known.Topic.Value));
        }
        catch (Exception failure) when (failure is PipelineException or OperationCanceledException)
        {
            return null;
        }
    }
}

/// <summary>An error, as <c>--json</c> writes it to standard error.</summary>
/// <param name="Error">The fault and its remedy.</param>
/// <param name="Kind">The exit code's name, such as <c>notFound</c>.</param>
/// <param name="ExitCode">The exit code.</param>
internal sealed record ErrorJson(string Error, string Kind, int ExitCode);
