using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Topics;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Producing;

internal sealed class ProduceCommand : PipelineCommand
{
    private const int BadLinesTold = 10;
    private const string Stop = "stop";
    private const string SkipBad = "skip";

    private readonly Argument<string> _topic = TopicArgument.Create("The topic, which must exist.");
    private readonly Argument<string?> _file = new("file")
    {
        HelpName = "FILE",
        Description = "The file, plain or gzip; - or nothing for standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly LineFormats _formats = new();

    private readonly Option<Header[]> _headers = new("--header", "-H")
    {
        HelpName = "NAME=VALUE",
        Description = "A header of every record; repeat it for several.",
        CustomParser = ParseHeaders,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<int?> _partition = new("--partition", "-p")
    {
        HelpName = "NUMBER",
        Description = "The partition of every record. Default by key; without a key, one after the other.",
        CustomParser = NumberRange.Partition.ParseOptional,
    };

    private readonly Option<Compression> _compression = CompressionOption.Create();

    private readonly Option<long?> _fromLine = new("--from-line")
    {
        HelpName = "NUMBER",
        Description = "The first line to send, such as the one after the last durable line.",
        CustomParser = CountText.Parse,
    };

    private readonly Option<string?> _resumeName = new("--resume-name")
    {
        HelpName = "NAME",
        Description = "A name for this upload. After any failure, run it again with the same name, options and input: it sends only the records that are not in the topic yet. A last line without a line break is left for the next run.",
        CustomParser = GivenText.Parse,
    };

    private readonly Option<string> _onError = new("--on-error")
    {
        HelpName = "WHAT",
        Description = $"What to do at a bad line: {Stop}, or {SkipBad} it with a warning.",
        DefaultValueFactory = static _ => Stop,
    };

    public ProduceCommand()
        : base("produce", "Send each line of a file or of standard input to a topic. Ctrl-C stops reading, waits for the records already sent, and prints the last durable line.")
    {
        _onError.AcceptOnlyFromAmong(Stop, SkipBad);
        Add(_topic);
        Add(_file);
        _formats.AddTo(this);
        Add(_headers);
        Add(_partition);
        Add(_compression);
        Add(_fromLine);
        Add(_resumeName);
        Add(_onError);
    }

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var topic = new TopicName(options.GetRequiredValue(_topic));
        var path = options.GetValue(_file);
        var records = _formats.Find(options, path);
        if (options.GetValue(_resumeName) is not null && options.GetValue(_fromLine) is not null)
        {
            throw new UsageException("--resume-name determines the first line itself. Leave out --from-line.");
        }

        await context.Client.Admin.DescribeTopicAsync(topic, cancellationToken);
        using var input = await Input.OpenAsync(path, cancellationToken);
        var name = options.GetValue(_resumeName);
        await using var producer = context.Client.CreateProducer(topic, new ProducerSettings
        {
            Compression = options.GetValue(_compression),
            Name = name is null
                ? null
                : Resumption.ProducerName(topic, name, $"{_formats.RoutingOf(options)}\n{options.GetValue(_partition)}"),
        });
        var pushedBack = 0;
        producer.PushedBack += push =>
        {
            if (!context.Output.CanAnimate && Interlocked.Exchange(ref pushedBack, 1) == 0)
            {
                context.Output.Note($"{push.Message} Nothing is lost: the upload waits until the server takes records again.");
            }
        };
        var reported = 0;
        var upload = new Upload(new InputLines(input.Data) { LeavesUnendedLine = name is not null }, records, producer)
        {
            FromLine = options.GetValue(_fromLine) ?? 1,
            Headers = options.GetValue(_headers) ?? [],
            Partition = options.GetValue(_partition),
            Resumption = name is null ? null : await Resumption.OpenAsync(context.Client, producer, cancellationToken),
            Skip = options.GetValue(_onError) == SkipBad ? (line, fault) => WarnOfBadLine(context.Output, ++reported, line, fault) : null,
        };

        var start = Stopwatch.GetTimestamp();
        await RunAsync(context, topic, input, upload, cancellationToken);
        return Conclude(context, topic, upload, Stopwatch.GetElapsedTime(start), cancellationToken);
    }

    private static async Task RunAsync(
        CommandContext context, TopicName topic, Input input, Upload upload, CancellationToken cancellationToken)
    {
        if (input.IsTyped)
        {
            context.Output.Note("Enter one record per line; Ctrl-D ends.");
        }

        var running = upload.RunAsync(
            () => context.Output.Note("Stopping: waiting for the records already sent. Press Ctrl-C again to give up."), cancellationToken);
        if (context.Output.CanAnimate && !input.IsTyped)
        {
            await UploadProgress.ShowAsync(context, topic, input, upload, running);
        }
        else
        {
            await running;
        }
    }

    private static ExitCode Conclude(
        CommandContext context, TopicName topic, Upload upload, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var isStopped = cancellationToken.IsCancellationRequested;
        var isComplete = upload is { Fault: null, UnendedLine: null } && !isStopped;
        Report(context.Output, topic, upload, elapsed, isComplete);
        if (upload.TimesBefore1980 > 0)
        {
            context.Output.Warn(
                $"{NumberText.Of(upload.TimesBefore1980, "record")} sent with times before 1980. "
                + "Are they seconds? A number is taken as milliseconds.");
        }

        if (upload.Fault is { } fault)
        {
            var exitCode = upload.DeliveryFailure is { } failure ? Failure.Of(failure)?.ExitCode ?? ExitCode.Failed : ExitCode.Failed;
            throw new FailedException($"{fault} {HowToContinue(upload)}", exitCode);
        }

        if (upload.UnendedLine is { } unended)
        {
            context.Output.Warn(
                $"Line {unended} is not sent, because it has no end: more of it may come. "
                + "Run the same command again when it has a line break.");
        }

        if (isComplete && upload.Resumption is { Missing: > 0 and var missing })
        {
            context.Output.Warn($"An earlier run of this name sent {NumberText.Of(missing, "record")} more than this input has. Is it the same input?");
        }

        if (isStopped)
        {
            context.Output.Note($"Stopped. {HowToContinue(upload)}");
            cancellationToken.ThrowIfCancellationRequested();
        }

        return ExitCode.Ok;
    }

    private static void Report(CommandOutput output, TopicName topic, Upload upload, TimeSpan elapsed, bool isComplete)
    {
        if (output.IsJson)
        {
            output.WriteDocument(
                new ProduceJson
                {
                    Topic = topic,
                    Complete = isComplete,
                    Lines = upload.Lines,
                    DurableLines = upload.DurableLines,
                    Records = upload.Acknowledged,
                    Repeated = upload.Resumption?.Skipped ?? 0,
                    BadLines = upload.BadLines,
                    TimesBefore1980 = upload.TimesBefore1980,
                    UnendedLine = upload.UnendedLine,
                    Bytes = upload.Bytes,
                    Seconds = Math.Round(elapsed.TotalSeconds, 3),
                    RecordsPerSecond = Math.Round(upload.Acknowledged / elapsed.TotalSeconds),
                },
                CliJson.Default.ProduceJson);
            output.Flush();
        }
        else
        {
            output.Note(
                $"{NumberText.Of(upload.Acknowledged, "record")} to {topic} in {elapsed.TotalSeconds:0.0} s "
                + $"({NumberText.Rate(upload.Acknowledged / elapsed.TotalSeconds)}/s, {SizeText.Format(upload.Bytes / elapsed.TotalSeconds)}/s)."
                + (upload.Resumption is { Skipped: > 0 and var skipped } ? $" {NumberText.Count(skipped)} were sent by an earlier run." : "")
                + (upload.BadLines > 0 ? $" {NumberText.Of(upload.BadLines, "bad line")} skipped." : ""));
        }
    }

    private static string HowToContinue(Upload upload) =>
        (upload.DurableLines == 0 ? "No line is durable." : upload.DurableLines == 1 ? "Line 1 is durable." : $"Lines 1 to {upload.DurableLines} are durable.")
        + (upload.DeliveryFailure is null ? "" : " Some later lines may be durable too.")
        + (upload.Resumption is null ? $" Continue with --from-line {upload.DurableLines + 1}." : " Run the same command again: it sends the missing records.");

    private static void WarnOfBadLine(CommandOutput output, int number, long line, string fault)
    {
        if (number <= BadLinesTold)
        {
            output.Warn($"Line {line} is skipped: {fault}");
        }
        else if (number == BadLinesTold + 1)
        {
            output.Warn("More bad lines are skipped and counted at the end.");
        }
    }

    private static Header[] ParseHeaders(ArgumentResult result)
    {
        var headers = new List<Header>();
        foreach (var token in result.Tokens)
        {
            var end = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0)
            {
                result.AddError($"'{token.Value}' is not a header. Give one such as source=shop.");
                continue;
            }

            headers.Add(Header.Text(token.Value[..end], token.Value[(end + 1)..]));
        }

        return [.. headers];
    }
}

/// <summary>The result of an upload, as <c>--json</c> writes it. Records and rates count acknowledged records.</summary>
internal sealed record ProduceJson
{
    public required TopicName Topic { get; init; }

    /// <summary>Whether the whole input is durable, except skipped bad lines.</summary>
    public required bool Complete { get; init; }

    public required long Lines { get; init; }

    /// <summary>The last line up to which every line is known to be durable.</summary>
    public required long DurableLines { get; init; }

    public required long Records { get; init; }

    /// <summary>Records that an earlier run of the same name had sent. This run skipped them.</summary>
    public required long Repeated { get; init; }

    public required long BadLines { get; init; }

    /// <summary>Records sent with times before 1980: seconds were probably taken for milliseconds.</summary>
    public required long TimesBefore1980 { get; init; }

    /// <summary>The last line, which was not sent because it had no line break; null for none.</summary>
    public required long? UnendedLine { get; init; }

    /// <summary>Bytes of the sent values.</summary>
    public required long Bytes { get; init; }

    public required double Seconds { get; init; }

    public required double RecordsPerSecond { get; init; }
}
