using System.CommandLine;
using Orleans.Pipeline.Cli.Connections;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Invocation;

/// <summary>What a command works with: its options, where it writes, and the server.</summary>
/// <param name="options">The command line.</param>
internal sealed class CommandContext(ParseResult options) : IAsyncDisposable
{
    private Connection? _connection;
    private PipelineClient? _client;

    /// <summary>The command line.</summary>
    public ParseResult Options { get; } = options;

    /// <summary>Where it writes.</summary>
    public CommandOutput Output { get; } = new(
        options.GetValue(GlobalOptions.Json),
        options.GetValue(GlobalOptions.Quiet),
        !options.GetValue(GlobalOptions.NoColor) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>How the server is reached.</summary>
    /// <exception cref="UsageException">It is not said, or said wrongly.</exception>
    public Connection Connection => _connection ??= Connection.Find(Options);

    /// <summary>The server; nothing is sent before it is used.</summary>
    /// <exception cref="UsageException">It is not said which, or said wrongly.</exception>
    public PipelineClient Client => _client ??= Connection.CreateClient();

    /// <summary>The client, if the command has used it.</summary>
    public PipelineClient? ClientInUse => _client;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
    }
}
