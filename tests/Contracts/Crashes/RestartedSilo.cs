using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace Orleans.Pipeline.Contracts;

/// <summary>
/// A silo's place in the cluster: its addresses stay, its processes come and go. One that ends by itself, because the others took it
/// for dead, is started again, as whatever runs silos in earnest does.
/// </summary>
public sealed class RestartedSilo : IAsyncDisposable
{
    private const string StopTimeout = "00:00:05";

    private readonly Lock _lock = new();
    private readonly string _connectionString;
    private readonly string[] _arguments;
    private readonly int _number;
    private readonly List<string> _ends = [];
    private string _host;
    private HostProcess _process;
    private Task _keeping = Task.CompletedTask;
    private bool _isLeft;
    private int _starts;

    /// <param name="number">Which of the silos it is.</param>
    /// <param name="host">The assembly that runs there.</param>
    /// <param name="connectionString">The database.</param>
    /// <param name="files">Where its files go.</param>
    /// <param name="random">Chooses its ports.</param>
    public RestartedSilo(int number, string host, string connectionString, string files, Random random)
    {
        _number = number;
        _host = host;
        _connectionString = connectionString;
        Files = Path.Combine(files, $"silo-{number}");
        Address = new Uri($"http://127.0.0.1:{FreePorts.Next(random)}");
        _arguments =
        [
            "--urls", Address.ToString(),
            "--files", Files,
            "--Silo:SiloPort", FreePorts.Next(random).ToString(CultureInfo.InvariantCulture),
            "--Silo:GatewayPort", FreePorts.Next(random).ToString(CultureInfo.InvariantCulture),
            "--Silo:StopTimeout", StopTimeout,
            "--Silo:Dashboard", "false",
        ];
        Start();
    }

    public Uri Address { get; }

    public string Files { get; }

    /// <summary>The name of its present process, which the database knows it by: <c>silo-2.5</c> is the second silo's fifth.</summary>
    public string Name => $"silo-{_number}.{_starts}";

    /// <summary>Whether its place is filled, or will be again by itself.</summary>
    public bool IsThere
    {
        get
        {
            lock (_lock)
            {
                return !_isLeft;
            }
        }
    }

    /// <summary>What its present process wrote to standard error.</summary>
    public string Errors => Present().Process.Errors;

    /// <summary>What its processes that ended by themselves wrote at last.</summary>
    public IReadOnlyList<string> OwnEnds
    {
        get
        {
            lock (_lock)
            {
                return [.. _ends];
            }
        }
    }

    /// <summary>Whether a process ended because the others took it for dead.</summary>
    public static bool WasTakenForDead(string end) => end.Contains("I have been told I am dead", StringComparison.Ordinal);

    /// <summary>Waits until it is ready.</summary>
    public async Task ReadyAsync()
    {
        while (true)
        {
            var (process, keeping) = Present();
            try
            {
                await process.ReadyAsync();
                if (!process.Ended.IsCompleted)
                {
                    return;
                }
            }
            catch (InvalidOperationException) when (!_isLeft)
            {
                // It ended while it started.
            }

            await keeping;
        }
    }

    /// <summary>Kills its process, and leaves its place empty.</summary>
    public Task KillAsync() => Leave().KillAsync();

    /// <summary>Asks its process to stop, and leaves its place empty; the answer is the exit code.</summary>
    public Task<int> TerminateAsync() => Leave().TerminateAsync();

    /// <summary>Freezes its process.</summary>
    /// <returns>The frozen process.</returns>
    public HostProcess Freeze()
    {
        var process = Present().Process;
        process.Freeze();
        return process;
    }

    /// <summary>Fills its place again, after its process was killed or asked to stop.</summary>
    /// <param name="host">The assembly that runs there from now on; null for the same as before.</param>
    public async Task RestartAsync(string? host = null)
    {
        await _process.DisposeAsync();
        lock (_lock)
        {
            _host = host ?? _host;
            _isLeft = false;
            Start();
        }
    }

    public async ValueTask DisposeAsync() => await Leave().DisposeAsync();

    private (HostProcess Process, Task Keeping) Present()
    {
        lock (_lock)
        {
            return (_process, _keeping);
        }
    }

    private HostProcess Leave()
    {
        lock (_lock)
        {
            _isLeft = true;
            return _process;
        }
    }

    [MemberNotNull(nameof(_process))]
    private void Start()
    {
        _starts++;
        var connection = new NpgsqlConnectionStringBuilder(_connectionString) { ApplicationName = Name };
        _process = HostProcess.Start(
            _host, new Dictionary<string, string> { ["PIPELINE_POSTGRES"] = connection.ConnectionString }, _arguments);
        _keeping = KeepAsync(_process);
    }

    /// <summary>Waits for a process to end, and starts the next unless it was made to.</summary>
    private async Task KeepAsync(HostProcess process)
    {
        await process.Ended;
        lock (_lock)
        {
            if (_isLeft)
            {
                return;
            }
        }

        var exit = await process.ExitAsync();
        lock (_lock)
        {
            _ends.Add($"{Name} exited with {exit}:\n{process.Errors}");
            Start();
        }

        await process.DisposeAsync();
    }
}
