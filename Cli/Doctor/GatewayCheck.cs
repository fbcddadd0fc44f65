using System.Diagnostics;
using System.Net;
using System.Reflection;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>Checks one gateway: its readiness, its version, its clock, and the rights of the credentials in use.</summary>
internal sealed class GatewayCheck(Connection connection, DoctorReport report)
{
    private static readonly TimeSpan NoticedSkew = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HarmfulSkew = TimeSpan.FromMinutes(1);

    /// <summary>What the gateway reported about itself; null if it reported nothing.</summary>
    public ServerInfo? Server { get; private set; }

    /// <returns>Whether the gateway answers and accepts the credentials.</returns>
    public async Task<bool> RunAsync(Uri address, CancellationToken cancellationToken)
    {
        var subject = address.GetLeftPart(UriPartial.Authority);
        await using var client = connection.CreateClient(address);
        try
        {
            var readiness = await client.Admin.CheckReadinessAsync(cancellationToken);
            TellOf(readiness, subject);
            return await DescribeAsync(client, subject, cancellationToken) && readiness.IsReady;
        }
        catch (PipelineException failure)
        {
            report.Fail(
                subject,
                $"it does not answer as a gateway does: {failure.Message}",
                "Check that the address is a gateway's, and look into the server's log.");
            return false;
        }
    }

    private void TellOf(Readiness readiness, string subject)
    {
        foreach (var check in readiness.Checks.Where(check => check.Status != "Healthy"))
        {
            report.Fail(
                subject,
                $"its {check.Name} is {check.Status.ToLowerInvariant()}: {check.Reason ?? "no reason given"}",
                "See the server's log.");
        }

        if (readiness.IsReady)
        {
            report.Ok(subject, $"it is ready: {string.Join(", ", readiness.Checks.Select(check => check.Name))}");
        }
    }

    private async Task<bool> DescribeAsync(PipelineClient client, string subject, CancellationToken cancellationToken)
    {
        try
        {
            var start = Stopwatch.GetTimestamp();
            var before = DateTimeOffset.UtcNow;
            var server = await client.Admin.DescribeServerAsync(cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(start);
            Server = server;
            var schema = server.Schema is { } version ? $", schema {version}," : "";
            report.Ok(subject, $"{server.Product} {server.Version}{(server.Store is { } store ? $" on {store}{schema}" : "")} answers in {elapsed.TotalMilliseconds:0} ms");
            CompareVersions(server, subject);
            CompareClocks(server.Time, before, elapsed, subject);
            TellOf(server, subject);
            return true;
        }
        catch (AccessDeniedException denied)
        {
            report.Fail(subject, denied.Message, AdviceOn(denied, connection));
            return false;
        }
        catch (PipelineRequestException unknown) when (unknown.Status == HttpStatusCode.NotFound)
        {
            report.Warn(subject, "it does not report its version: it is older than this command", "Update the server.");
            return true;
        }
    }

    private void CompareVersions(ServerInfo server, string subject)
    {
        var own =
            ShortVersion(typeof(GatewayCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        if (ShortVersion(server.Version) is var theirs && theirs != own)
        {
            report.Warn(
                subject,
                $"it is of version {theirs}, this command of {own}",
                "Use a command and a server of the same version: dotnet tool update -g Orleans.Pipeline.Cli");
        }
    }

    private void CompareClocks(DateTimeOffset time, DateTimeOffset before, TimeSpan elapsed, string subject)
    {
        var skew = time - (before + (elapsed / 2));
        var certain = skew.Duration() - (elapsed / 2);
        var text = $"its clock is {DurationText.Format(skew.Duration())} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this machine's";
        const string Advice = "Set both by NTP: record times, retention and the expiry of tokens go by the clock.";
        if (certain > HarmfulSkew)
        {
            report.Fail(subject, text, Advice);
        }
        else if (certain > NoticedSkew)
        {
            report.Warn(subject, text, Advice);
        }
    }

    private void TellOf(ServerInfo server, string subject)
    {
        var caller = server.Caller;
        if (server.Authentication)
        {
            report.Ok(subject, $"it knows us as '{caller.Name}', who may {string.Join(", ", caller.Scopes)} on topics {string.Join(", ", caller.Topics)} and pipelines {string.Join(", ", caller.Pipelines)}");
        }
        else if (!IPAddress.TryParse(new Uri(subject).IdnHost, out var ip) || !IPAddress.IsLoopback(ip))
        {
            if (new Uri(subject).IdnHost != "localhost")
            {
                report.Warn(
                    subject,
                    "it requires no credentials: every client that reaches it may do everything",
                    "Give it API keys (pipeline key create) or tokens, unless something in front of it does that.");
            }
        }
    }

    /// <summary>Returns the remedy for a refusal.</summary>
    public static string AdviceOn(AccessDeniedException denied, Connection connection) =>
        (denied.IsAuthenticated, connection.Credentials) switch
        {
            (true, _) => "Ask for a key with that scope, or use another profile (pipeline profile list).",
            (false, null) => "Set PIPELINE_API_KEY, or PIPELINE_API_KEY_FILE; make a key: pipeline key create --help",
            (false, { } credentials) => $"Check that the {credentials} is the one that the server's configuration knows.",
        };

    private static string ShortVersion(string version) => version.Split('+', '-')[0];
}
