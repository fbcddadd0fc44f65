using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Bench.Measuring;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.Gateway;

namespace Orleans.Pipeline.Bench.Scenarios;

/// <summary>A second process sends through the client SDK: producer → gateway → log → step → commit. Costs are the host's.</summary>
internal sealed class OverHttp(BenchFolder folder, PipelineProfile profile)
{
    /// <summary>The argument that makes this program the second process.</summary>
    public const string PusherArgument = "push-to";

    public async Task<Sample> RunAsync(Workload workload)
    {
        folder.Clear();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEmbeddedPipelines(folder.NewEngine(), CountingPipeline.Define(workload.Partitions, profile));
        builder.Services.AddPipelineGateway();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPipelineGateway();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        using var pusher = SecondProcess.Start([PusherArgument, address, $"{workload.Records}", $"{workload.RecordBytes}", $"{workload.Partitions}", profile.Name]);
        await pusher.StandardOutput.ReadLineAsync();
        var stopper = Stopper.Start();
        await pusher.StandardInput.WriteLineAsync();
        await pusher.WaitForExitAsync();
        if (pusher.ExitCode != 0)
        {
            throw new InvalidOperationException($"The pushing process ended with exit code {pusher.ExitCode}.");
        }

        var engine = app.Services.GetRequiredService<EmbeddedEngine>();
        var topics = app.Services.GetRequiredService<ITopicStore>();
        var bytes = 0L;
        for (var partition = 0; partition < workload.Partitions; partition++)
        {
            var bounds = await topics.GetBoundsAsync(new(CountingPipeline.Topic, partition));
            bytes += bounds.Bytes;
            await engine.WhenCommittedAsync(CountingPipeline.TaskOn(partition), bounds.End);
        }

        return stopper.Stop("http", workload.Records, bytes);
    }

    /// <summary>Runs the second process: connects, reports the connection, waits for the start, sends.</summary>
    public static async Task PushAsync(string address, Workload workload, PipelineProfile profile)
    {
        await using var client = new PipelineClient(address);
        await using var producer = client.CreateProducer(CountingPipeline.Topic, ProducerSettings.For(profile));
        await client.Topics.FindTopicAsync(CountingPipeline.Topic);
        Console.WriteLine("ready");
        Console.ReadLine();
        await workload.PushAsync(producer);
    }
}
