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
            await using var client = context.Connection.CreateClient(address);
            var readiness = await client.Admin.CheckReadinessAsync(cancellationToken);
            gateways.Add(new(
                address,
                readiness.IsReady,
                [.. readiness.Checks.Select(check => new HealthCheckJson(check.Name, check.Status, check.Reason))]));
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

    private static void Show(CommandOutput output, IReadOnlyList<GatewayHealthJson> gateways)
    {
        foreach (var gateway in gateways)
        {
            output.WriteLine($"{gateway.Server.GetLeftPart(UriPartial.Authority)} is {(gateway.Ready ? "ready" : "not ready")}");
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
internal sealed record GatewayHealthJson(Uri Server, bool Ready, IReadOnlyList<HealthCheckJson> Checks);

/// <summary>A check of a gateway.</summary>
internal sealed record HealthCheckJson(string Name, string Status, string? Reason);
