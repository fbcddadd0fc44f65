namespace Orleans.Pipeline.Embedded.Tests;

/// <summary>Orleans streams, which a single process has not.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task A_pipeline_that_reads_Orleans_streams_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("engine-").FullName;
        var error = await Assert.ThrowsAsync<InvalidPipelineException>(() => EmbeddedPipelines.StartAsync(
            EmbeddedSettings.For(Path.Combine(folder, "engine.db")),
            pipelines => pipelines.Add("watch", pipeline => pipeline.FromStream<int>("events", "temperatures").To(Sink.Topic("out")))));
        Assert.Contains("'events/temperatures', which live on the silos of a cluster", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
