using System.CommandLine;
using Orleans.Pipeline.Cli.Completion;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Lag;

internal sealed class LagCommand : PipelineCommand
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    private readonly Argument<string?> _pipeline =
        new("pipeline") { HelpName = "PIPELINE", Description = "Only this pipeline. Default all.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _watch =
        new("--watch", "-w") { Description = "Refresh until Ctrl-C; with --json, write one line each time." };
    private readonly Option<TimeSpan?> _interval = new("--interval")
    {
        HelpName = "DURATION",
        Description = $"With --watch: the interval. Default {DurationText.Format(DefaultInterval)}.",
        CustomParser = DurationText.ParseWait,
    };

    public LagCommand()
        : base("lag", "Show how far behind the pipelines are, by stage and partition; hot partitions are marked.")
    {
        _pipeline.CompletionSources.Add(ServerNames.Pipelines);
        Add(_pipeline);
        Add(_watch);
        Add(_interval);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var pipeline = context.Options.GetValue(_pipeline);
        var output = context.Output;
        var first = await AskAsync(context.Client.Admin, pipeline, cancellationToken);
        if (!context.Options.GetValue(_watch))
        {
            Write(output, first, isStream: false);
            return ExitCode.Ok;
        }

        using var timer = new PeriodicTimer(context.Options.GetValue(_interval) ?? DefaultInterval);
        if (CommandOutput.IsTerminal && !output.IsJson)
        {
            await output.Page.Live(LagTable.Of(first)).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
            {
                while (await timer.WaitForNextTickAsync(cancellationToken))
                {
                    live.UpdateTarget(LagTable.Of(await AskAsync(context.Client.Admin, pipeline, cancellationToken)));
                }
            });
        }

        for (var now = first; ; now = await AskAsync(context.Client.Admin, pipeline, cancellationToken))
        {
            Write(output, now, isStream: true);
            output.Flush();
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Asks for one pipeline or all. One that no host defines is shown by the checkpoints that it left.</summary>
    private static async Task<LagView> AskAsync(PipelineAdmin admin, string? pipeline, CancellationToken cancellationToken)
    {
        if (pipeline is null)
        {
            return new(await admin.ListPipelinesAsync(cancellationToken), await admin.ListUndefinedAsync(cancellationToken));
        }

        var undefined = (await admin.ListUndefinedAsync(cancellationToken)).Where(stage => stage.Pipeline == pipeline).ToList();
        try
        {
            return new([await admin.DescribePipelineAsync(pipeline, cancellationToken)], undefined);
        }
        catch (UnknownPipelineException) when (undefined.Count > 0)
        {
            return new([], undefined);
        }
    }

    private static void Write(CommandOutput output, LagView view, bool isStream)
    {
        if (!output.IsJson)
        {
            output.Page.Write(LagTable.Of(view));
            return;
        }

        var lag = LagJson.Of(DateTimeOffset.UtcNow, view);
        if (isStream)
        {
            output.WriteJsonLine(lag, CliJson.Default.LagJson);
        }
        else
        {
            output.WriteDocument(lag, CliJson.Default.LagJson);
        }
    }
}

/// <summary>How far behind the pipelines are, and what the ones left that no host defines any more.</summary>
internal sealed record LagView(IReadOnlyList<PipelineStatus> Pipelines, IReadOnlyList<UndefinedStage> Undefined);
