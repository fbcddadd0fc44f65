using Orleans.Pipeline.Client;
using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Image;

[Collection(SdkCollection.Name)]
public sealed class LayoutTests(ImageLayout image) : IClassFixture<ImageLayout>
{
    [ContainerFact]
    public async Task The_image_becomes_ready_keeps_its_data_over_a_stop_and_writes_to_data_alone()
    {
        using var container = new Container(image);
        await using (var silo = container.Start())
        {
            await silo.StartedAsync();
            Assert.Equal((0, ""), Healthy(await container.CheckHealthAsync()));
            Assert.Equal(0, await AppendAsync(container.Address));
            Assert.Equal(0, await silo.StopAsync());
        }

        Assert.NotEqual(0, (await container.CheckHealthAsync()).ExitCode);
        await using var again = container.Start();
        await again.StartedAsync();
        Assert.Equal(1, await AppendAsync(container.Address));
        Assert.Equal(0, await again.StopAsync());
        Assert.All(
            Directory.EnumerateFileSystemEntries(container.Data),
            file => Assert.StartsWith("pipeline.db", Path.GetFileName(file), StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(container.Temporary));
    }

    [ContainerFact]
    public async Task A_database_elsewhere_than_in_data_is_refused()
    {
        using var container = new Container(image);
        await using var silo = container.Start("Silo__Database=/app/pipeline.db");

        Assert.NotEqual(0, await silo.ExitAsync());
        Assert.Contains("/app/pipeline.db", silo.Output, StringComparison.Ordinal);
    }

    [ContainerFact]
    public async Task Only_data_and_tmp_can_be_written()
    {
        using var container = new Container(image);

        foreach (var folder in new[] { "/", "/app", "/cli", "/etc", "/usr" })
        {
            Assert.NotEqual(0, (await container.RunAsync("touch", Path.Combine(folder, "file"))).ExitCode);
        }

        Assert.Equal(0, (await container.RunAsync("touch", "/data/file", "/tmp/file")).ExitCode);
    }

    [Fact]
    public void Of_native_libraries_the_image_has_those_of_its_platforms_only() =>
        Assert.Equal(
            ["linux-arm64", "linux-x64"],
            Directory.GetDirectories(Path.Combine(image.Folder, "app", "runtimes")).Select(Path.GetFileName).Order());

    private static (int, string) Healthy((int ExitCode, string Output) check) => (check.ExitCode, check.ExitCode == 0 ? "" : check.Output);

    private static async Task<long> AppendAsync(Uri address)
    {
        await using var client = new PipelineClient(address.ToString());
        await using var producer = client.CreateProducer("orders");
        return (await producer.SendAsync("customer-7", """{"country":"NL","cents":4200}""")).Offset;
    }
}
