using System.Globalization;
using Orleans.Pipeline.Support;
using Spectre.Console;

namespace AccessLog.Demo;

/// <summary>The hosts that run the pipeline, as processes of their own in a temporary folder, and their PostgreSQL.</summary>
internal sealed class DemoHosts : IAsyncDisposable
{
    private const int Silos = 3;
    private const int Killed = 1;
    private const string Folder = "access-log-demo-";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory(Folder);
    private readonly List<HostProcess> _hosts = [];
    private readonly IAnsiConsole _console;
    private PostgresServer? _postgres;

    private DemoHosts(IAnsiConsole console) => _console = console;

    /// <summary>The addresses of the hosts.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>The silo to kill in the middle of the run; null without a cluster.</summary>
    public KilledSilo? Victim { get; private set; }

    /// <summary>Starts the hosts and waits until they accept requests.</summary>
    /// <param name="engine">The engine that runs the pipeline.</param>
    /// <param name="console">Shows the addresses of the hosts.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">A host or the database cannot start. The message states the reason.</exception>
    public static async Task<DemoHosts> StartAsync(DemoEngine engine, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var hosts = new DemoHosts(console);
        try
        {
            await hosts.StartHostsAsync(engine, cancellationToken);
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    public IEnumerable<string> LastLines(int count) => _hosts.SelectMany(host => host.Errors.TrimEnd('\n').Split('\n').TakeLast(count));

    /// <summary>The running hosts.</summary>
    public IEnumerable<Uri> Living => Addresses.Where((_, index) => !_hosts[index].Ended.IsCompleted);

    /// <summary>The processor time of the running hosts so far.</summary>
    public TimeSpan ProcessorTime =>
        TimeSpan.FromTicks(_hosts.Where(host => !host.Ended.IsCompleted).Sum(host => host.ProcessorTime.Ticks));

    /// <summary>The largest peak memory of a running host, in bytes.</summary>
    public long PeakBytes => _hosts.Where(host => !host.Ended.IsCompleted).Max(host => host.PeakBytes);

    /// <summary>Completes when every host has ended.</summary>
    public Task Ended => Task.WhenAll(_hosts.Select(host => host.Ended));

    /// <summary>Stops the running processes, and removes every file.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(StopAsync));
        await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    private static async Task StopAsync(HostProcess host)
    {
        if (!host.Ended.IsCompleted)
        {
            await host.TerminateAsync();
        }

        await host.DisposeAsync();
    }

    private async Task StartHostsAsync(DemoEngine engine, CancellationToken cancellationToken)
    {
        var noDatabase = new Dictionary<string, string> { ["PIPELINE_POSTGRES"] = "" };
        switch (engine)
        {
            case DemoEngine.Silo:
                Start("SiloHost", noDatabase, [.. SiloOptions(), "--Silo:Database", Database]);
                break;
            case DemoEngine.Embedded:
                Start("EmbeddedHost", noDatabase, "--database", Database);
                break;
            default:
                var database = new Dictionary<string, string> { ["PIPELINE_POSTGRES"] = await PreparePostgresAsync() };
                for (var silo = 0; silo < Silos; silo++)
                {
                    Start("SiloHost", database, SiloOptions());
                }

                Victim = new KilledSilo(_hosts[Killed], _console);
                break;
        }

        Addresses = await Task.WhenAll(_hosts.Select(host => host.ReadyAsync())).WaitAsync(cancellationToken);
        for (var host = 0; host < _hosts.Count; host++)
        {
            var name = engine switch { DemoEngine.Silo => "Silo", DemoEngine.Embedded => "Host", _ => $"Silo {host + 1}" };
            _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {At(host)} (process {_hosts[host].Id})"));
        }

        _console.WriteLine($"Dashboard: {At(0)}");
        if (engine != DemoEngine.Embedded)
        {
            _console.WriteLine($"Orleans dashboard: {At(0)}/orleans");
        }
    }

    private string Database => Path.Combine(_folder.FullName, "access-log.db");

    private string At(int host) => Addresses[host].ToString().TrimEnd('/');

    private static string[] SiloOptions() =>
    [
        "--Silo:ClusterId", "access-log-demo",
        "--Silo:SiloPort", $"{FreePorts.Next(Random.Shared)}",
        "--Silo:GatewayPort", $"{FreePorts.Next(Random.Shared)}",
    ];

    /// <summary>Starts a host. Its temporary files are removed with the others, even after a kill.</summary>
    private void Start(string project, Dictionary<string, string> environment, params string[] options)
    {
        var assembly = Path.Combine(Sibling(project), $"AccessLog.{project}.dll");
        environment["TMPDIR"] = _folder.FullName;
        _hosts.Add(HostProcess.StartAsCaller(assembly, environment, ["--urls", "http://127.0.0.1:0", .. options]));
    }

    /// <summary>Finds the output of another project of the sample, in the same build configuration.</summary>
    private static string Sibling(string project) => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        "..",
        "..",
        "..",
        "..",
        project,
        Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."), AppContext.BaseDirectory)));

    private async Task<string> PreparePostgresAsync()
    {
        if (PostgresServer.Given is { } given)
        {
            return given;
        }

        if (PostgresInstallation.Find() is null)
        {
            throw new InvalidOperationException(
                "--cluster needs PostgreSQL, and there is none on the PATH or in /usr/lib/postgresql. Install it, or set PIPELINE_POSTGRES to a connection string.");
        }

        Console.Error.WriteLine("Starting PostgreSQL …");
        _postgres = await PostgresServer.StartAsync($"{Folder}postgres-");
        return _postgres.ConnectionString;
    }
}
