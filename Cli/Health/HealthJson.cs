namespace Orleans.Pipeline.Cli.Health;

/// <summary>How the gateways are, as <c>--json</c> writes it.</summary>
internal sealed record HealthJson(IReadOnlyList<GatewayHealthJson> Gateways);

/// <summary>How a gateway is.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Ready">Whether it is ready for requests.</param>
/// <param name="Checks">What it checked.</param>
internal sealed record GatewayHealthJson(Uri Server, bool Ready, IReadOnlyList<HealthCheckJson> Checks);

/// <summary>A check of a gateway.</summary>
internal sealed record HealthCheckJson(string Name, string Status, string? Reason);
