using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.Grains;
using Orleans.Pipeline.Grains.Streams;
using Orleans.Serialization;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>
/// What travels between silos: bytes that the first version wrote must be read by every later one, so that a cluster can be
/// upgraded silo by silo.
/// </summary>
public sealed class SerializationTests : IDisposable
{
    private static readonly TaskReport Report = new()
    {
        Stage = "parse",
        Status = new()
        {
            Partition = 3,
            State = RunState.Retrying,
            Epoch = 7,
            NextOffset = 1000,
            EndOffset = 2000,
            Lag = 1000,
            RecordsPerSecond = 12.5,
            Processed = 990,
            DeadLetters = 10,
            Error = "the store is away",
            Node = null,
            Retries = 0,
            BytesPerSecond = 0,
        },
        Latency = [1, 0, 2],
        MaximumMs = 40,
        ChunksRunning = 0,
        ChunksWaiting = 0,
        Workers = 0,
        WrittenPerSecond = null,
    };

    private static readonly NodeReport Node = new()
    {
        StartedAt = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero),
        Version = "0.1.0",
        OrleansVersion = null,
        Stages = null,
        Load = new()
        {
            Partitions = 3,
            Tasks = 4,
            Cpu = 0.5,
            Cores = 2,
            WorkingSetBytes = 100,
            HeapBytes = 50,
            Gen0Collections = 3,
            Gen1Collections = 2,
            Gen2Collections = 1,
            GcPauseShare = 0.25,
            UptimeSeconds = 60,
        },
    };

    private readonly IHost _client = new HostBuilder()
        .UseOrleansClient(client => client.UseLocalhostClustering().AddPipelineStreams())
        .Build();

    private Serializer Serializer => _client.Services.GetRequiredService<Serializer>();

    public void Dispose() => _client.Dispose();

    [Fact]
    public void A_record_batch_of_the_first_version_is_read()
    {
        var batch = Read<RecordBatch>(nameof(RecordBatch), Batch());
        Assert.Equal(Batch().Bytes.ToArray(), batch.Bytes.ToArray());
    }

    [Fact]
    public void Exceptions_travel_under_names_that_stay()
    {
        var type = typeof(UnknownTopicException);
        Assert.IsType<UnknownTopicException>(Serializer.Deserialize<Exception>(Serializer.SerializeToArray<Exception>(new UnknownTopicException("orders"))));
        var names = _client.Services.GetRequiredService<Orleans.Serialization.TypeSystem.TypeConverter>();
        Assert.Equal("Orleans.Pipeline.Topics.UnknownTopicException,Orleans.Pipeline.Core", names.Format(type));
        Assert.Equal(type, names.Parse("Orleans.Pipeline.Topics.UnknownTopicException,Orleans.Pipeline.Core"));
        var unnamed =
            from exported in typeof(PipelineException).Assembly.GetExportedTypes()
            where exported.IsAssignableTo(typeof(Exception)) && exported != typeof(PipelineException)
            where names.Format(exported) == $"{exported.FullName},Orleans.Pipeline.Core"
            select exported;
        Assert.Empty(unnamed);
    }

    [Fact]
    public void Reports_of_the_first_version_are_read()
    {
        var report = Read(nameof(PipelineReport), new PipelineReport(RunState.Draining, [Report]));
        Assert.Equal(RunState.Draining, report.State);
        var task = Assert.Single(report.Tasks);
        Assert.Equal(Report with { Latency = task.Latency }, task);
        Assert.Equal(Report.Latency, task.Latency);
    }

    [Fact]
    public void A_move_of_the_first_version_is_read() =>
        Assert.Equal(new TaskMove("parse", 3, 42), Read(nameof(TaskMove), new TaskMove("parse", 3, 42)));

    [Fact]
    public void A_drain_state_of_the_first_version_is_read() =>
        Assert.Equal(DrainState.Drained, Read(nameof(DrainState), DrainState.Drained));

    [Fact]
    public void Batches_of_a_stream_of_the_first_version_are_read()
    {
        var values = new StreamValues(new PipelineCatalog(), TimeProvider.System);
        var batches = Read(
            nameof(StreamBatchContainer), new StreamBatchContainer(PipelineStreams.Partition("orders", 3), [Batch()], 1, 2, values));
        Assert.Equal((PipelineStreams.Partition("orders", 3), 2), (batches.StreamId, batches.SequenceToken.SequenceNumber));
        var (value, token) = Assert.Single(batches.GetEvents<int>());
        Assert.Equal((17, 1), (value, token.SequenceNumber));
    }

    [Fact]
    public void A_report_of_a_node_of_the_first_version_is_read()
    {
        var report = Read(nameof(NodeReport), Node);

        Assert.Equal((Node.StartedAt, Node.Version, Node.OrleansVersion), (report.StartedAt, report.Version, report.OrleansVersion));
        Assert.Equal(Node.Load, report.Load);
        Assert.Null(report.Stages);
    }

    [Fact]
    public void Reports_are_written_so_that_older_silos_read_them()
    {
        AssertBeginsAs(nameof(PipelineReport), new PipelineReport(RunState.Draining, [Report]));
        AssertBeginsAs(nameof(NodeReport), Node);
    }

    private static RecordBatch Batch()
    {
        var builder = new RecordBatchBuilder();
        builder.Append("key"u8, Encoding.UTF8.GetBytes("42"), timestamp: 1_700_000_000_000);
        builder.Append(default, Encoding.UTF8.GetBytes("17"), timestamp: 1_700_000_000_001);
        return builder.Build();
    }

    /// <summary>Asserts that a value is written as the first version wrote it, up to where members that are newer follow.</summary>
    private void AssertBeginsAs(string name, object value)
    {
        var first = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "FirstVersion", $"{name}.txt")).Trim();
        Assert.StartsWith(
            first.TrimEnd('E', '0'), Convert.ToHexString(Serializer.SerializeToArray<object>(value)), StringComparison.Ordinal);
    }

    /// <summary>
    /// Reads the stored bytes of the first version, which name their type by its alias. If there are none yet, reports the bytes to store.
    /// </summary>
    private T Read<T>(string name, T example)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "FirstVersion", $"{name}.txt");
        if (!File.Exists(path))
        {
            Assert.Fail($"No bytes of the first version are kept for {name}. Keep these as FirstVersion/{name}.txt: {Convert.ToHexString(Serializer.SerializeToArray<object>(example!))}");
        }

        return (T)Serializer.Deserialize<object>(Convert.FromHexString(File.ReadAllText(path).Trim()))!;
    }
}
