using Orleans.Pipeline.Processing.Tests.Pipelines;
using Orleans.Pipeline.Sinks;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Sinks;

public sealed class JsonLinesSinkTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("json-lines-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Each_delivery_is_a_file_named_by_task_and_first_offset()
    {
        var stage = NewStage();

        await DeliverAsync(stage, 0, "1", "2");
        await DeliverAsync(stage, 2, "3");

        Assert.Equal(["tested~source~0~0000000000000000000.jsonl: 1 2", "tested~source~0~0000000000000000002.jsonl: 3"], Files());
    }

    [Fact]
    public async Task A_delivery_that_is_repeated_leaves_one_file()
    {
        var stage = NewStage();

        await DeliverAsync(stage, 0, "1", "2");
        await DeliverAsync(stage, 0, "1", "2");

        Assert.Equal(["1", "2"], Lines());
    }

    [Fact]
    public async Task What_was_delivered_but_never_committed_is_removed_before_it_comes_again_cut_differently()
    {
        var before = NewStage();
        await DeliverAsync(before, 0, "1");
        await DeliverAsync(before, 1, "2", "3");
        await DeliverAsync(before, 3, "4", "5");

        var after = NewStage();
        await after.Program.OpenAsync(Stage.Task, nextOffset: 1, CancellationToken.None);
        Assert.Equal(["1"], Lines());

        await DeliverAsync(after, 1, "2");
        await DeliverAsync(after, 2, "3", "4", "5");
        Assert.Equal(["1", "2", "3", "4", "5"], Lines());
    }

    [Fact]
    public async Task A_file_that_was_cut_short_by_a_crash_is_not_seen_and_is_removed()
    {
        var part = Path.Combine(_directory, "tested~source~0~0000000000000000000.jsonl.part");
        await File.WriteAllTextAsync(part, "1\n2");

        Assert.Empty(Lines());
        await NewStage().Program.OpenAsync(Stage.Task, nextOffset: 0, CancellationToken.None);

        Assert.Empty(Directory.EnumerateFiles(_directory));
    }

    [Fact]
    public async Task The_files_of_other_tasks_are_left_alone()
    {
        var stage = NewStage();
        await DeliverAsync(stage, 0, "1");

        foreach (var task in (TaskId[])[Stage.Task with { Partition = 1 }, Stage.Task with { Stage = "sour" }, new("tested~source", "0", 0), Stage.Task with { Pipeline = "test" }])
        {
            await stage.Program.OpenAsync(task, nextOffset: 0, CancellationToken.None);
        }

        Assert.Equal(["1"], Lines());
    }

    [Fact]
    public async Task A_delivery_is_done_once_its_folder_is_flushed_with_the_whole_file_in_it()
    {
        var flushed = new List<string>();
        var stage = new Stage(pipeline => pipeline.From("source").To(new JsonLinesSink(
            Path.Combine(_directory, "new", "files"),
            new(1, TimeSpan.Zero),
            folder => flushed.Add($"{Path.GetRelativePath(_directory, folder)}: {Directory.EnumerateFiles(folder, "*.jsonl").Count()}"))));

        await stage.Program.OpenAsync(Stage.Task, nextOffset: 0, CancellationToken.None);
        await DeliverAsync(stage, 0, "1", "2");

        Assert.Equal([".: 0", "new: 0", "new/files: 1"], flushed);
    }

    [Fact]
    public void A_folder_is_flushed_and_one_that_is_not_there_is_named()
    {
        FolderFlush.Flush(_directory);

        var missing = Path.Combine(_directory, "missing");
        Assert.Contains($"'{missing}' cannot be flushed", Assert.Throws<IOException>(() => FolderFlush.Flush(missing)).Message);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    [InlineData(1, 3601)]
    public void Sizes_and_times_out_of_range_are_refused(long bytes, int seconds) => Assert.Contains(
        "JSON-lines sink has files of",
        Assert.Throws<InvalidPipelineException>(() => new Stage(
            pipeline => pipeline.From("source").To(Sink.JsonLines(_directory, bytes, TimeSpan.FromSeconds(seconds))))).Message);

    [Fact]
    public async Task A_chunk_without_values_makes_no_file()
    {
        var stage = new Stage(pipeline => pipeline.From("source").Where(_ => false).To(Sink.JsonLines(_directory)));

        await DeliverAsync(stage, 0, "1");

        Assert.Empty(Directory.EnumerateFiles(_directory));
    }

    [Fact]
    public async Task Values_are_lines_of_JSON()
    {
        var stage = new Stage(pipeline => pipeline.From<Order>("source").To(Sink.JsonLines(_directory)));

        await DeliverAsync(stage, 0, """{ "customer": "ann", "amount": 1 }""", """{"customer":"bob\n","amount":2}""");

        Assert.Equal(["""{"customer":"ann","amount":1}""", """{"customer":"bob\n","amount":2}"""], Lines());
    }

    private Stage NewStage() => new(pipeline => pipeline.From("source").To(Sink.JsonLines(Path.Combine(_directory, "."))));

    private static async Task DeliverAsync(Stage stage, long firstOffset, params string[] values)
    {
        var result = await stage.Program.RunAsync(
            new Chunk(Stage.Task, new("source", 0), Stage.Batch(values), Skip: 0, values.Length), CancellationToken.None);
        await result.DeliverAsync(Stage.Task, firstOffset, firstOffset + values.Length, CancellationToken.None);
    }

    private IEnumerable<string> WholeFiles() => Directory.EnumerateFiles(_directory, "*.jsonl").Order(StringComparer.Ordinal);

    private IEnumerable<string> Files() =>
        WholeFiles().Select(file => $"{Path.GetFileName(file)}: {string.Join(' ', File.ReadLines(file))}");

    private IEnumerable<string> Lines() => WholeFiles().SelectMany(File.ReadLines);
}
