using System.Diagnostics;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>Shows the progress of an upload on a terminal: its share of the input, its rate, and the topic's lag.</summary>
internal static class UploadProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(1);

    /// <summary>Waits for an upload and shows its progress.</summary>
    public static async Task ShowAsync(CommandContext context, TopicName topic, Input input, Upload upload, Task running)
    {
        ProgressColumn[] columns = input.Length is null
            ? [new SpinnerColumn(), new TaskDescriptionColumn()]
            : [new ProgressBarColumn { Width = 20 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }];
        await context.Output.Notes.Progress().AutoClear(true).AutoRefresh(false).Columns(columns).StartAsync(async progress =>
        {
            var shown = progress.AddTask("…", maxValue: Math.Max(1, input.Length ?? 1));
            var start = Stopwatch.GetTimestamp();
            var (lag, asked) = ("", 0L);
            using var timer = new PeriodicTimer(Interval);
            while (!running.IsCompleted)
            {
                if (asked == 0 || Stopwatch.GetElapsedTime(asked) >= LagInterval)
                {
                    lag = await GetLagAsync(context, topic, running);
                    asked = Stopwatch.GetTimestamp();
                }

                shown.Value = input.Position;
                var rate = upload.Acknowledged / Math.Max(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.001);
                shown.Description =
                    $"{NumberText.Of(upload.Acknowledged, "record")}  {NumberText.Rate(rate)}/s  {SizeText.Format(upload.Bytes)}{lag}";
                progress.Refresh();
                await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask());
            }
        });
        await running;
    }

    private static async Task<string> GetLagAsync(CommandContext context, TopicName topic, Task running)
    {
        using var stop = new CancellationTokenSource();
        var asking = context.Client.Admin.DescribeTopicAsync(topic, stop.Token).AsTask();
        try
        {
            await Task.WhenAny(running, asking);
            await stop.CancelAsync();
            return $"  lag {NumberText.Count((await asking).Lag)}";
        }
        catch (Exception failure) when (failure is PipelineException or OperationCanceledException)
        {
            return "";
        }
    }
}
