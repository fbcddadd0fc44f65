using System.CommandLine;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>The environment of a command: its options, its output, and the connection to the server.</summary>
/// <param name="options">The command line.</param>
internal sealed class CommandContext(ParseResult options) : IAsyncDisposable
{
    private Connection? _connection;
    private PipelineClient? _client;

    public ParseResult Options { get; } = options;

    public CommandOutput Output { get; } = new(
        options.GetValue(GlobalOptions.Json),
        options.GetValue(GlobalOptions.Quiet),
        !options.GetValue(GlobalOptions.NoColor) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <exception cref="UsageException">No server is named, or a setting is invalid.</exception>
    public Connection Connection => _connection ??= Connection.Find(Options);

    /// <summary>The client. Nothing is sent before its first use.</summary>
    /// <exception cref="UsageException">No server is named, or a setting is invalid.</exception>
    public PipelineClient Client => _client ??= Connection.CreateClient();

    public PipelineClient? ClientInUse => _client;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
    }
}
