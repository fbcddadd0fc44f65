using System.CommandLine;
using System.Diagnostics;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Topics;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Benching;

/// <summary>Measures how fast a topic takes records in and returns them.</summary>
internal sealed class BenchCommand : PipelineCommand
{
    private const string Produce = "produce";
    private const string Consume = "consume";
    private const string Both = "both";
    private const int SampleEvery = 64;
    private const long DefaultRecords = 1_000_000;
    private const int LargestValue = 1_000_000; // a record may have 1 MiB, with its headers and lengths

    private readonly Option<string> _mode = new("--mode")
    {
        HelpName = "MODE",
        Description = $"{Produce}, {Consume} or {Both} at once.",
        DefaultValueFactory = static _ => Both,
    };

    private readonly Option<string?> _topic =
        new("--topic")
        {
            HelpName = "TOPIC",
            Description = "An existing topic. Default a new topic, which is deleted at the end.",
            CustomParser = TopicArgument.Parse,
        };

    private readonly Option<int> _partitions =
        new("--partitions")
        {
            HelpName = "NUMBER",
            Description = "The partitions of the new topic.",
            DefaultValueFactory = static _ => 8,
            CustomParser = new NumberRange(1, TopicSettings.MaximumPartitions).Parse,
        };

    private readonly Option<long?> _records = new("--records", "-n")
    {
        HelpName = "NUMBER",
        Description = "How many records, such as 500k. Default 1M, unless --duration is given.",
        CustomParser = CountText.Parse,
    };

    private readonly Option<TimeSpan?> _duration = new("--duration", "-d")
    {
        HelpName = "DURATION",
        Description = "How long to send, such as 30s.",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<int> _size =
        new("--size", "-s")
        {
            HelpName = "BYTES",
            Description = $"The bytes of each value, at most {LargestValue:N0}.",
            DefaultValueFactory = static _ => 100,
            CustomParser = new NumberRange(0, LargestValue).Parse,
        };

    private readonly Option<long?> _rate = new("--rate")
    {
        HelpName = "NUMBER",
        Description = "Records per second to send, such as 10k. Latency is meaningful only below the full rate. Default as fast as possible.",
        CustomParser = CountText.Parse,
    };

    private readonly Option<Compression> _compression = CompressionOption.Create();

    public BenchCommand()
        : base(
            "bench",
            "Measure records per second and latency against a topic, from this machine. Do not run it against a server that others need.")
    {
        _mode.AcceptOnlyFromAmong(Produce, Consume, Both);
        Add(_mode);
        Add(_topic);
        Add(_partitions);
        Add(_records);
        Add(_duration);
        Add(_size);
        Add(_rate);
        Add(_compression);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var mode = options.GetValue(_mode)!;
        var admin = context.Client.Admin;
        if (mode == Consume && options.GetValue(_topic) is null)
        {
            throw new UsageException($"There is nothing to read in a new topic. Give --topic, or --mode {Both}.");
        }

        if (options.GetValue(_topic) is { } existing)
        {
            await admin.DescribeTopicAsync(existing, cancellationToken);
            Write(context.Output, await MeasureAsync(context, existing, mode, cancellationToken));
            return ExitCode.Ok;
        }

        var own = new TopicName($"bench-{Guid.NewGuid():n}");
        await admin.CreateTopicAsync(own, new() { Partitions = options.GetValue(_partitions) }, cancellationToken);
        context.Output.Note($"Measuring with topic {own}, which is deleted at the end.");
        try
        {
            Write(context.Output, await MeasureAsync(context, own, mode, cancellationToken));
        }
        finally
        {
            await admin.DeleteTopicAsync(own, CancellationToken.None);
        }

        return ExitCode.Ok;
    }

    private async Task<BenchJson> MeasureAsync(CommandContext context, TopicName topic, string mode, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var duration = options.GetValue(_duration);
        var load = new BenchLoad(
            options.GetValue(_records) ?? (duration is null ? DefaultRecords : null),
            duration,
            options.GetValue(_size),
            options.GetValue(_rate));
        if (mode == Consume)
        {
            return new(
                topic,
                load.RecordBytes,
                Produced: null,
                await ReadAsync(context, topic, ConsumeFrom.Start, Task.FromResult(load.Records), cancellationToken));
        }

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sent = new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ends = await PositionsAsync(context, topic, cancellationToken);
        var reading = mode == Both ? ReadAsync(context, topic, ends, sent.Task, failed.Token) : Task.FromResult<BenchFiguresJson?>(null);
        try
        {
            var produced = await SendAsync(context, topic, load, cancellationToken);
            sent.SetResult(produced.Records);
            return new(topic, load.RecordBytes, produced, await reading);
        }
        catch
        {
            await failed.CancelAsync();
            await Task.WhenAny(reading);
            throw;
        }
    }

    private async Task<BenchFiguresJson> SendAsync(
        CommandContext context, TopicName topic, BenchLoad load, CancellationToken cancellationToken)
    {
        await using var producer = context.Client.CreateProducer(
            topic, new ProducerSettings { Compression = context.Options.GetValue(_compression) });
        var latencies = new LatencySamples();
        var start = Stopwatch.GetTimestamp();
        var records = await load.SendAsync(producer, latencies, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return BenchFiguresJson.Of(records, records * load.RecordBytes, Stopwatch.GetElapsedTime(start), latencies);
    }

    private static async Task<ConsumeFrom> PositionsAsync(CommandContext context, TopicName topic, CancellationToken cancellationToken)
    {
        var details = await context.Client.Admin.DescribeTopicAsync(topic, cancellationToken);
        return ConsumeFrom.Offsets(details.Partitions.Select((bounds, partition) => (bounds, partition)).ToDictionary(
            each => each.partition,
            each => each.bounds.End));
    }

    /// <summary>Reads until <paramref name="count"/> is known and as many records have arrived.</summary>
    private static async Task<BenchFiguresJson?> ReadAsync(
        CommandContext context, TopicName topic, ConsumeFrom from, Task<long?> count, CancellationToken cancellationToken)
    {
        var isCatchingUp = count.IsCompleted;
        await using var consumer = context.Client.CreateConsumer(topic, new() { From = from, StopAtEnd = isCatchingUp });
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var latencies = new LatencySamples();
        var (records, bytes) = (0L, 0L);
        var start = Stopwatch.GetTimestamp();
        var first = start;
        _ = count.ContinueWith(
            counted =>
            {
                if (counted.IsCompletedSuccessfully && Volatile.Read(ref records) >= counted.Result)
                {
                    enough.Cancel();
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            await foreach (var record in consumer.ReadAsync(enough.Token))
            {
                if (records % SampleEvery == 0 && !isCatchingUp)
                {
                    latencies.Add(DateTimeOffset.UtcNow - record.Timestamp);
                }

                first = records == 0 ? Stopwatch.GetTimestamp() : first;
                bytes += record.Value.Length;
                Volatile.Write(ref records, records + 1);
                if (count.IsCompletedSuccessfully && records >= count.Result)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The last record had arrived before the count was known.
        }

        return BenchFiguresJson.Of(records, bytes, Stopwatch.GetElapsedTime(isCatchingUp ? start : first), latencies);
    }

    private static void Write(CommandOutput output, BenchJson bench)
    {
        if (output.IsJson)
        {
            output.WriteDocument(bench, CliJson.Default.BenchJson);
            return;
        }

        var table = TextTables.Of("WAY", ">RECORDS", ">SECONDS", ">RECORDS/S", ">MB/S", ">P50 MS", ">P99 MS");
        foreach (var (way, figures) in new[] { ("produce", bench.Produced), ("consume", bench.Consumed) })
        {
            if (figures is not null)
            {
                table.AddRow(
                    way,
                    NumberText.Count(figures.Records),
                    NumberText.Rate(figures.Seconds),
                    NumberText.Rate(figures.RecordsPerSecond),
                    NumberText.Rate(figures.MegabytesPerSecond),
                    figures.P50Ms is { } p50 ? NumberText.Rate(p50) : "-",
                    figures.P99Ms is { } p99 ? NumberText.Rate(p99) : "-");
            }
        }

        output.Page.Write(table);
    }
}
