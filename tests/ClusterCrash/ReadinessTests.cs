using System.Globalization;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.ClusterCrash.Tests;

/// <summary>Whether silos are ready when another one of their cluster hangs.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class ReadinessTests(DatabaseFixture database)
{
    private const int Looks = 20;

    [ClusterFact]
    public async Task Silos_stay_ready_while_another_one_of_their_cluster_hangs()
    {
        var connectionString = await database.Server.TakeDatabaseAsync();
        await using var hung = Start(connectionString);
        await using var second = Start(connectionString);
        await using var third = Start(connectionString);
        await hung.ReadyAsync();
        await using var others = new PipelineClient(await second.ReadyAsync());
        await using var another = new PipelineClient(await third.ReadyAsync());

        hung.Freeze();
        try
        {
            for (var look = 0; look < Looks; look++)
            {
                foreach (var client in new[] { others, another })
                {
                    var readiness = await client.Admin.CheckReadinessAsync();
                    Assert.True(readiness.IsReady, string.Join("; ", readiness.Checks.Select(check => $"{check.Name}: {check.Reason}")));
                }
            }
        }
        finally
        {
            hung.Thaw();
        }
    }

    private static HostProcess Start(string connectionString) => HostProcess.Start(
        "AccessLog.SiloHost.dll",
        new Dictionary<string, string> { ["PIPELINE_POSTGRES"] = connectionString },
        "--urls", "http://127.0.0.1:0", "--Silo:SiloPort", Port(), "--Silo:GatewayPort", Port());

    private static string Port() => FreePorts.Next(Random.Shared).ToString(CultureInfo.InvariantCulture);
}
