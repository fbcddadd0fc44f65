using System.Text.Json.Nodes;
using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

/// <summary>What the doctor says of gateways whose certificate, clock, version or nodes are not as they should be.</summary>
public sealed class DoctorFrontTests(ServerFixture server) : ToolTest(server)
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(300);

    [Fact]
    public async Task Certificates_are_looked_at_for_who_issued_them_whom_they_are_for_and_how_long_they_last()
    {
        using var ours = new Authority();
        using var theirs = new Authority();
        await File.WriteAllTextAsync(Server.PathOf("ca.pem"), ours.Pem);
        await using var good = await FrontGateway.StartAsync(Server.Address, ours.Issue("127.0.0.1", Long));
        await using var expiring = await FrontGateway.StartAsync(Server.Address, ours.Issue("127.0.0.1", TimeSpan.FromDays(3)));
        await using var untrusted = await FrontGateway.StartAsync(Server.Address, theirs.Issue("127.0.0.1", Long));
        await using var ofAnother = await FrontGateway.StartAsync(Server.Address, ours.Issue("pipeline.example", Long));
        var plain = new UriBuilder(Server.Address) { Scheme = "https" }.Uri;

        var found = await FindAsync(
            new() { ["PIPELINE_CA_FILE"] = Server.PathOf("ca.pem") },
            good.Address,
            expiring.Address,
            untrusted.Address,
            ofAnother.Address,
            plain);

        AssertFinds(found, "Ok", good.Address, "with a trusted certificate, which expires at");
        AssertFinds(found, "Ok", good.Address, "it is ready");
        AssertFinds(found, "Warning", expiring.Address, "its certificate expires at");
        AssertFinds(found, "Problem", untrusted.Address, "its certificate is not trusted");
        AssertFinds(found, "Problem", ofAnother.Address, "it is not for 127.0.0.1");
        AssertFinds(found, "Problem", plain, "no TLS connection was made");
    }

    [Fact]
    public async Task Clocks_versions_and_schemas_that_differ_are_told_with_what_to_do()
    {
        await using var late = await FrontGateway.StartAsync(
            Server.Address, change: OfServer(body => body["time"] = DateTimeOffset.UtcNow.AddMinutes(-5)));
        await using var ahead = await FrontGateway.StartAsync(
            Server.Address, change: OfServer(body => body["time"] = DateTimeOffset.UtcNow.AddSeconds(30)));
        await using var newer = await FrontGateway.StartAsync(
            Server.Address, change: OfServer(body => (body["version"], body["schema"]) = ("9.8.7", 99)));

        var found = await FindAsync([], late.Address, ahead.Address, newer.Address, Server.Address);

        AssertFinds(found, "Problem", late.Address, "behind this machine's");
        AssertFinds(found, "Warning", ahead.Address, "ahead of this machine's");
        AssertFinds(found, "Warning", newer.Address, "it is of version 9.8.7, this command of ");
        AssertFinds(found, "Warning", "gateways", "several versions of the database schema: 5, 99");
        AssertFinds(found, "Ok", Server.Address, "on SQLite, schema 5, answers in");
        AssertFinds(found, "Ok", "store", "a commit takes");
        Assert.DoesNotContain(found, finding => finding.Subject == SubjectOf(Server.Address) && finding.Severity != "Ok");
    }

    [Fact]
    public async Task Nodes_of_several_versions_silent_ones_and_topics_that_only_grow_are_told()
    {
        var topic = NewTopic();
        await Server.Client.Admin.CreateTopicAsync(topic);
        await using var front = await FrontGateway.StartAsync(Server.Address, change: (path, body) =>
        {
            if (path == "/v1/nodes")
            {
                var nodes = body["nodes"]!.AsArray();
                var (old, silent) = (nodes[0]!.DeepClone(), nodes[0]!.DeepClone());
                (old["name"], old["version"]) = ("old", "0.0.9");
                (silent["name"], silent["state"], silent["version"], silent["load"]) = ("frozen", "silent", null, null);
                nodes.Add(old);
                nodes.Add(silent);
            }
            else if (path == $"/v1/topics/{topic}")
            {
                (body["retentionAgeSeconds"], body["retentionBytes"]) = (null, null);
                body["partitionBounds"]![0]!["bytes"] = 5L << 30;
            }
        });

        var found = await FindAsync([], front.Address);
        await Server.Client.Admin.DeleteTopicAsync(topic);

        AssertFinds(found, "Warning", "nodes", "they run several versions: ");
        AssertFinds(found, "Problem", "node frozen", "it is a member but does not answer");
        AssertFinds(found, "Warning", $"topic {topic}", "and has no retention: it grows until the disk is full");
    }

    private static Action<string, JsonNode> OfServer(Action<JsonNode> change) => (path, body) =>
    {
        if (path == "/v1/server")
        {
            change(body);
        }
    };

    private static string SubjectOf(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static void AssertFinds(List<Found> found, string severity, Uri subject, string text) =>
        AssertFinds(found, severity, SubjectOf(subject), text);

    private static void AssertFinds(List<Found> found, string severity, string subject, string text)
    {
        var finding = Assert.Single(found, finding => finding.Subject == subject && finding.Text.Contains(text, StringComparison.Ordinal));
        Assert.Equal(severity, finding.Severity);
        Assert.Equal(severity == "Ok", finding.Advice is null);
    }

    private async Task<List<Found>> FindAsync(Dictionary<string, string> environment, params Uri[] servers)
    {
        var variables = Server.Environment().Concat(environment).ToDictionary();
        using var tool = Tool.Start(
            variables, [.. servers.SelectMany(address => new[] { "--server", address.ToString() }), "doctor", "--json"]);
        var result = await tool.ExitAsync();
        Assert.True(result.ExitCode is 0 or 6, result.Output + result.Errors);
        return [.. result.Json.GetProperty("findings").EnumerateArray().Select(finding => new Found(
            finding.GetProperty("severity").GetString()!,
            finding.GetProperty("subject").GetString()!,
            finding.GetProperty("text").GetString()!,
            finding.TryGetProperty("advice", out var advice) ? advice.GetString() : null))];
    }

    private sealed record Found(string Severity, string Subject, string Text, string? Advice);
}
