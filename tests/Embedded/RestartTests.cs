using System.Text;

namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>An engine that is stopped and started again in one process, as a host may do with a service.</summary>
public sealed class RestartTests : IDisposable
{
    private static readonly TaskId Task0 = new("copy", "numbers", 0);

    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public async Task An_engine_that_was_stopped_starts_again_and_goes_on_where_it_was()
    {
        await using var pipelines = await StartAsync();
        await AppendAsync(pipelines, "1");
        await pipelines.Engine.WhenCommittedAsync(Task0, 1);

        await pipelines.Engine.StopAsync(CancellationToken.None);
        Assert.Equal("copy", (await pipelines.Engine.GetStatusAsync("copy")).Name);
        await pipelines.Engine.StartAsync(CancellationToken.None);
        await AppendAsync(pipelines, "2");
        await pipelines.Engine.WhenCommittedAsync(Task0, 2);

        var copies = await pipelines.Topics.ReadAsync(new("copies", 0), 0, 1 << 20, TimeSpan.Zero);
        Assert.Equal(2, copies.Sum(batch => batch.Count));
        Assert.Single(await pipelines.Engine.ListStatusesAsync());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<EmbeddedPipelines> StartAsync() => await EmbeddedPipelines.StartAsync(
        EmbeddedSettings.For(_folder["engine.db"]),
        pipelines => pipelines.Add("copy", pipeline => pipeline
            .From("numbers", Serializers.Text, partitions: 1)
            .To(Sink.Topic("copies", partitions: 1), key: null, Serializers.Text)));

    private static async Task AppendAsync(EmbeddedPipelines pipelines, string value)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(default, Encoding.UTF8.GetBytes(value), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await pipelines.Topics.AppendAsync(new("numbers", 0), builder.Build());
    }
}
