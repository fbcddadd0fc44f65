using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Processing.Tests.Pipelines;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>What becomes of a commit of which the database refuses a row.</summary>
public sealed class RefusedRowTests : IDisposable
{
    private const string Reason = "new row violates check constraint \"size\"";

    private static readonly TopicPartition Source = new("source", 0);

    private readonly string _directory = Directory.CreateTempSubdirectory("refused-rows-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly RememberedLog _log = new();
    private readonly CheckingStore _store = new(row => row.Contains("bad", StringComparison.Ordinal) ? Reason : null);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_record_of_a_refused_row_is_a_dead_letter_and_the_records_around_it_commit()
    {
        await RunAsync(ToTable, ["1", "2", "bad", "4", "5"]);

        Assert.Equal(["1", "2", "4", "5"], _store.Rows("rows"));
        var letter = Assert.Single(_store.Records("tested.dead-letters"));
        Assert.Equal("bad", letter.Value);
        Assert.Contains($"{DeadLetterHeaders.ErrorType}=Orleans.Pipeline.TableRowException", letter.Headers);
        Assert.Contains($"Table 'rows' refused a row: {Reason}.", letter.Headers);
        Assert.Contains($"{DeadLetterHeaders.Step}=To(rows)", letter.Headers);
        Assert.Contains($"{DeadLetterHeaders.Offset}=2", letter.Headers);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(999)]
    public async Task One_record_among_a_thousand_is_found_after_ten_more_refusals(int place)
    {
        await RunAsync(ToTable, [.. Enumerable.Range(0, 1000).Select(index => index == place ? "bad" : $"{index}")]);

        Assert.Equal(Enumerable.Range(0, 1000).Where(index => index != place).Select(index => $"{index}"), _store.Rows("rows"));
        Assert.InRange(_store.Refusals, 1, 11);
        Assert.InRange(_store.Commits.Count, 2, 11);
    }

    [Fact]
    public async Task Every_record_of_a_commit_may_be_at_fault()
    {
        var values = Enumerable.Range(0, 100).Select(index => $"bad {index}").ToArray();

        await RunAsync(ToTable, values);

        Assert.Empty(_store.Rows("rows"));
        Assert.Equal(values, _store.Records("tested.dead-letters").Select(letter => letter.Value));
    }

    [Fact]
    public async Task The_parts_of_a_refused_commit_follow_each_other_and_each_is_one_transaction()
    {
        await RunAsync(
            pipeline => pipeline.From("source", Serializers.Text).To(Rows()).To(Sink.Topic("out")),
            [.. Enumerable.Range(0, 64).Select(index => index % 9 == 3 ? $"bad {index}" : $"{index}")]);

        var next = 0L;
        foreach (var commit in _store.Commits)
        {
            Assert.Equal(next, commit.FirstOffset);
            Assert.Equal(commit.RowsOf("rows"), commit.ValuesOf("out").Select(value => value!.Trim('"')));
            next = commit.NextOffset;
        }

        Assert.Equal(64, next);
        Assert.Equal(_store.Rows("rows"), _store.Records("out").Select(record => record.Value!.Trim('"')));
        Assert.Equal(7, _store.Records("tested.dead-letters").Count);
    }

    [Fact]
    public async Task A_sink_outside_the_database_drops_what_it_had_of_the_refused_record()
    {
        await RunAsync(
            pipeline => pipeline.From("source", Serializers.Text).To(Rows()).To(Sink.JsonLines(_directory)),
            ["1", "2", "3", "bad", "5", "6"]);

        Assert.Equal(
            ["\"1\"", "\"2\"", "\"3\"", "\"5\"", "\"6\""],
            Directory.EnumerateFiles(_directory, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines));
    }

    [Fact]
    public async Task A_record_with_several_rows_leaves_none_of_them()
    {
        await RunAsync(
            pipeline => pipeline.From("source", Serializers.Text).FlatMap(text => text.Split(' ')).To(Rows()), ["1 2", "3 bad 4", "5"]);

        Assert.Equal(["1", "2", "5"], _store.Rows("rows"));
        Assert.Equal(["3 bad 4"], _store.Records("tested.dead-letters").Select(letter => letter.Value));
    }

    [Fact]
    public async Task Batches_and_removed_records_that_commit_together_are_halved_together()
    {
        var stage = new Stage(ToTable);
        var processor = Start(stage, PipelineProfile.LowLatency with { CommitInterval = TimeSpan.FromHours(1) });
        await processor.AcceptAsync(Batch(0, "1", "2"));
        processor.SkipTo(1_000_000_000);
        await processor.AcceptAsync(Batch(1_000_000_000, "3", "bad"));
        await processor.AcceptAsync(Batch(1_000_000_002, "5"));

        await processor.DrainAsync();

        Assert.Equal(["1", "2", "3", "5"], _store.Rows("rows"));
        Assert.Equal(1_000_000_003, _store.Commits[^1].NextOffset);
        Assert.InRange(_store.Refusals, 1, 40);
    }

    private static TableSink<string> Rows() => Table.Insert<string>("rows").Column("text", text => text);

    private static void ToTable(PipelineBuilder pipeline) => pipeline.From("source", Serializers.Text).To(Rows());

    private static RecordBatch Batch(long baseOffset, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(default, Encoding.UTF8.GetBytes(value), timestamp: 0);
        }

        return RecordBatch.Trust(builder.Build().Bytes.ToArray().AsMemory(), baseOffset);
    }

    private async Task RunAsync(Action<PipelineBuilder> define, string[] values)
    {
        var stage = new Stage(define);
        await using var processor = Start(stage, PipelineProfile.LowLatency);
        await stage.Program.OpenAsync(Stage.Task, nextOffset: 0, CancellationToken.None);
        await processor.AcceptAsync(Batch(0, values));
        await processor.DrainAsync();
        Assert.Equal(values.Length, _store.Commits[^1].NextOffset);
        Assert.Equal(0, processor.ReadAhead.Used);
    }

    private PartitionProcessor Start(Stage stage, PipelineProfile profile) => new(
        new Checkpoint(Stage.Task, Source, Epoch: 1, NextOffset: 0, DeadLetters: 0, _time.GetUtcNow()),
        new ProcessorSettings
        {
            Profile = profile,
            ReadAheadBytes = 1 << 20,
            Workers = new HeldWorkers(stage.Program) { AreFree = true },
            Committer = _store,
            Logger = _log,
            TimeProvider = _time,
        },
        new TaskProgress(_time));

    /// <summary>Keeps commits whole, unless a rule refuses one of its rows.</summary>
    private sealed class CheckingStore(Func<string, string?> rule) : ICommitter
    {
        public List<Commit> Commits { get; } = [];

        public int Refusals { get; private set; }

        public ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
        {
            foreach (var write in commit.Tables)
            {
                if (commit.RowsOf(write.Table.Name).Select(rule).FirstOrDefault(fault => fault is not null) is { } fault)
                {
                    Refusals++;
                    throw new TableRowException(write.Table.Name, fault);
                }
            }

            Commits.Add(commit);
            return ValueTask.CompletedTask;
        }

        public IEnumerable<string> Rows(string table) => Commits.SelectMany(commit => commit.RowsOf(table));

        public IReadOnlyList<StoredRecord> Records(TopicName topic) => [.. Commits.SelectMany(commit => commit.RecordsOf(topic))];
    }
}
