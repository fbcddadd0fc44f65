using System.Diagnostics;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.EndToEnd.Tests.Documentation;

/// <summary>docs/sdk.md is held to the sample that is compiled and run here, and to the code.</summary>
public sealed class SdkPageTests
{
    private readonly SdkPage _page = new();

    [Fact]
    public void Every_example_on_the_page_is_a_region_of_the_sample_and_every_region_is_on_the_page()
    {
        Assert.Equal(_page.Regions.Keys.Order(), _page.Examples.Keys.Order());
        Assert.All(_page.Regions, region => Assert.Equal(region.Value, _page.Examples[region.Key]));
        Assert.Equal(_page.Examples.Count, Regex.Count(_page.Text, "```csharp"));
    }

    [Fact]
    public async Task The_sample_does_what_the_page_says_against_a_real_host()
    {
        using var folder = new TemporaryDirectory();
        await using var host = HostProcess.Start("SdkTour.Host.dll", "--database", folder["shop.db"], "--urls", "http://127.0.0.1:0");
        var address = await host.ReadyAsync();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SdkTour.dll"), address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var tour = Process.Start(start)!;
        var (output, errors) = (tour.StandardOutput.ReadToEndAsync(), tour.StandardError.ReadToEndAsync());
        await tour.WaitForExitAsync();

        Assert.True(tour.ExitCode == 0, $"{await output}\n{await errors}");
        string[] expected =
        [
            @"Sent: orders/\d@0",
            @"Flushed: 1000 orders are durable\.",
            @"Sent values: 100, all to orders/\d\.",
            @"Read: orders/\d@0 customer-\d \{.*\}",
            @"Job: 1103 orders since the last time\.",
            @"Batch: \d+ records, \d+ bytes of orders/\d before offset \d+\.",
            @"Read values: 1009800 cents\.",
            @"Stopped at 0:\d+,1:\d+,2:\d+,3:\d+@[0-9a-f]{32}, 0 behind\.",
            @"Topic: audit keeps 0 records on 2 partitions, lag 0\.",
            @"Pipeline: revenue is Paused with lag 0, 1 dead letters\.",
            @"Dead letters: 1 of Orleans\.Pipeline\.PermanentException in step check: An order of nothing\.",
            @"Dead letter: \d:0 was orders/\d at \d+, 1 attempts\.",
            @"Replayed 0, discarded 1\.",
            @"Gateway: Orleans\.Pipeline on SQLite, ready; 'anonymous' may produce, consume, operate\.",
            "In the sender's trace: True",
            @"Large order: orders/\d@\d+ of customer-9",
        ];
        Assert.Matches($"(?s)^{string.Join(".*\n", expected)}.*$", await output);
    }

    [Theory]
    [InlineData(typeof(PipelineClientSettings))]
    [InlineData(typeof(PipelineClientOptions))]
    [InlineData(typeof(ProducerSettings))]
    [InlineData(typeof(ConsumerSettings))]
    public void Every_setting_is_on_the_page(Type settings)
    {
        Assert.Contains($"`{settings.Name}`", _page.Text, StringComparison.Ordinal);
        Assert.All(
            settings.GetProperties().Where(property => !property.GetMethod!.IsStatic),
            property => Assert.Contains($"`{property.Name}`", _page.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_exception_that_the_page_names_is_there_and_every_one_of_the_SDK_is_named()
    {
        var named = Regex.Matches(_page.Text, "`([A-Za-z]+Exception)`").Select(match => match.Groups[1].Value).ToHashSet();
        var types = new[] { typeof(PipelineClient).Assembly, typeof(PipelineException).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.IsAssignableTo(typeof(PipelineException))).ToList();

        Assert.All(named, name => Assert.Contains(types, type => type.Name == name));
        Assert.All(
            types.Where(type => type.Assembly == typeof(PipelineClient).Assembly), type => Assert.Contains(type.Name, named));
    }
}
