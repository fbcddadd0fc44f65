using System.Text.Json.Serialization;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;

namespace Orleans.Pipeline.Cli.Health;

/// <summary>Asks each gateway whether it is ready. Serves as the health check of a container without a shell or curl.</summary>
internal sealed class HealthCommand() : PipelineCommand(
    "health", "Ask each gateway whether it is ready for requests. Exits with 5 if one is not.")
{
    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var gateways = new List<GatewayHealthJson>();
        foreach (var address in context.Connection.Servers)
        {
            gateways.Add(await AskAsync(context, address, cancellationToken));
        }

        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new HealthJson(gateways), CliJson.Default.HealthJson);
        }
        else
        {
            Show(context.Output, gateways);
        }

        return gateways.All(gateway => gateway.Ready) ? ExitCode.Ok : ExitCode.Unreachable;
    }

    /// <summary>Asks a gateway. One that does not answer is not ready, and the others are asked all the same.</summary>
    private static async Task<GatewayHealthJson> AskAsync(CommandContext context, Uri address, CancellationToken cancellationToken)
    {
        await using var client = context.Connection.CreateClient(address);
        try
        {
            var readiness = await client.Admin.CheckReadinessAsync(cancellationToken);
            return new(
                address,
                readiness.IsReady,
                [.. readiness.Checks.Select(check => new HealthCheckJson(check.Name, check.Status, check.Reason))],
                Error: null);
        }
        catch (PipelineException failure)
        {
            return new(address, Ready: false, [], failure.Message);
        }
    }

    private static void Show(CommandOutput output, IReadOnlyList<GatewayHealthJson> gateways)
    {
        foreach (var gateway in gateways)
        {
            var server = gateway.Server.GetLeftPart(UriPartial.Authority);
            output.WriteLine(gateway.Error is { } error
                ? $"{server} is not ready: {error}"
                : $"{server} is {(gateway.Ready ? "ready" : "not ready")}");
            foreach (var check in gateway.Checks)
            {
                output.WriteLine($"  {check.Name}: {check.Status}{(check.Reason is null ? "" : $": {check.Reason}")}");
            }
        }
    }
}

/// <summary>The health of the gateways, as <c>--json</c> writes it.</summary>
internal sealed record HealthJson(IReadOnlyList<GatewayHealthJson> Gateways);

/// <summary>The health of one gateway.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Ready">Whether it is ready for requests.</param>
/// <param name="Checks">What it checked; empty if it did not answer.</param>
/// <param name="Error">Why it did not answer; null if it did.</param>
internal sealed record GatewayHealthJson(
    Uri Server,
    bool Ready,
    IReadOnlyList<HealthCheckJson> Checks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

/// <summary>A check of a gateway.</summary>
internal sealed record HealthCheckJson(string Name, string Status, string? Reason);
